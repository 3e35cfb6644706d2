#include "unet/evaluate/seg.h"

namespace unet {

SegSum sum_seg(const Overlaps& overlaps) {
    SegSum sum{.references = static_cast<std::int64_t>(overlaps.truth.size())};
    for (const Overlap& pair : overlaps.pairs)
        if (2 * pair.pixels > overlaps.truth[pair.truth].pixels) sum.iou_sum += overlaps.iou(pair);
    return sum;
}

std::optional<double> SegSum::seg() const {
    if (references == 0) return std::nullopt;
    return iou_sum / static_cast<double>(references);
}

SegSum& SegSum::operator+=(const SegSum& other) {
    iou_sum += other.iou_sum;
    references += other.references;
    return *this;
}

}  // namespace unet
