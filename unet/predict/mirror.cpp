#include "unet/predict/mirror.h"

#include <algorithm>

namespace unet::predict {

std::int64_t mirrored(std::int64_t position, std::int64_t length) {
    if (length == 1) return 0;
    const std::int64_t period = 2 * (length - 1);
    const std::int64_t phase = (position % period + period) % period;
    return phase < length ? phase : period - phase;
}

bool MirroredRange::straight() const {
    return static_cast<std::int64_t>(index.size()) == length && index.front() == 0;
}

MirroredRange mirrored_range(std::int64_t start, std::int64_t positions, std::int64_t length) {
    MirroredRange range;
    for (std::int64_t k = 0; k < positions; ++k) range.index.push_back(mirrored(start + k, length));
    const auto [least, largest] = std::minmax_element(range.index.begin(), range.index.end());
    range.begin = *least;
    range.length = *largest - *least + 1;
    for (std::int64_t& index : range.index) index -= range.begin;
    return range;
}

}  // namespace unet::predict
