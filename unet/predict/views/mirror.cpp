#include "unet/predict/views/mirror.h"

#include <algorithm>

#include "unet/pixels/resample.h"

namespace unet::predict {

bool MirroredRange::straight() const {
    return static_cast<std::int64_t>(index.size()) == length && index.front() == 0;
}

void MirroredRange::set(std::int64_t start, std::int64_t positions, std::int64_t axis_length) {
    index.clear();
    for (std::int64_t k = 0; k < positions; ++k) index.push_back(mirrored(start + k, axis_length));
    const auto [least, largest] = std::minmax_element(index.begin(), index.end());
    begin = *least;
    length = *largest - *least + 1;
    for (std::int64_t& each : index) each -= begin;
}

}  // namespace unet::predict
