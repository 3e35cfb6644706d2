#include "unet/predict/scaling.h"

#include <algorithm>
#include <span>

namespace unet::predict {
namespace {

// Values in memory at a time: 4 MB, large enough that a call costs nothing beside its pixels.
constexpr std::int64_t band_values = 1 << 20;

}  // namespace

const Scaling& SourceScaling::of(RegionSource& source) {
    if (rule_.rule == NormaliseRule::image) {
        measure(source);
    } else if (type_ != source.type() || channels_ != source.channels()) {
        Image head;  // the other rules look at type and channels only
        head.type = source.type();
        head.channels = source.channels();
        head.rgb = source.rgb();
        scaling_ = unet::scaling_of(head, rule_);
        type_ = head.type;
        channels_ = head.channels;
    }
    return scaling_;
}

void SourceScaling::measure(RegionSource& source) {
    const Size3 size = source.size();
    const std::size_t groups =
        source.rgb() ? 1 : static_cast<std::size_t>(source.channels());  // colours stay together
    counts_.resize(groups);
    for (ValueCounts& counts : counts_) counts.clear();
    const std::int64_t rows =
        std::clamp<std::int64_t>(band_values / (size.width * source.channels()), 1, size.height);
    band_.resize(static_cast<std::size_t>(source.channels() * rows * size.width));
    for (std::int64_t z = 0; z < size.depth; ++z)
        for (std::int64_t y = 0; y < size.height; y += rows) {
            const Region region{z, y, 0, {1, std::min(rows, size.height - y), size.width}};
            const auto used = static_cast<std::size_t>(source.channels() * region.size.elements());
            const std::span<float> values = std::span(band_).first(used);
            source.read(region, values);
            for (std::size_t group = 0; group < groups; ++group)
                counts_[group].add(values.subspan(group * used / groups, used / groups));
        }
    scaling_.low.resize(groups);
    scaling_.high.resize(groups);
    for (std::size_t group = 0; group < groups; ++group) {
        const ValueRange range = range_of(counts_[group]);
        scaling_.low[group] = range.low;
        scaling_.high[group] = range.high;
    }
}

}  // namespace unet::predict
