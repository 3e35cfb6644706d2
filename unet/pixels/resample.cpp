#include "unet/pixels/resample.h"

#include <algorithm>
#include <cstddef>

namespace unet {

std::int64_t mirrored(std::int64_t index, std::int64_t size) {
    if (index >= 0 && index < size) return index;
    if (size == 1) return 0;
    const std::int64_t period = 2 * (size - 1);
    index %= period;
    if (index < 0) index += period;
    return index < size ? index : period - index;
}

std::pair<std::int64_t, std::int64_t> mirrored_range(std::int64_t first, std::int64_t last,
                                                     std::int64_t size) {
    std::int64_t low = first, high = last;
    if (first < 0) {  // -1 .. first become 1 .. -first
        low = 0;
        high = std::max(high, -first);
    }
    if (last >= size) {  // size .. last become size - 2 .. 2 (size - 1) - last
        low = std::min(low, 2 * (size - 1) - last);
        high = size - 1;
    }
    return {std::max<std::int64_t>(low, 0), std::min(high, size - 1)};
}

RowSource::RowSource(std::int64_t width) {
    const auto n = static_cast<std::size_t>(width);
    constexpr std::size_t readable_beyond = 16;  // resample::Row
    y_.resize(n);
    x_.resize(n);
    fraction_y_.resize(n + readable_beyond);
    fraction_x_.resize(n + readable_beyond);
}

void RowSource::Axis::cover(std::int64_t from, std::int64_t to, std::int64_t axis_start,
                            std::int64_t axis_size, std::int64_t axis_origin,
                            std::int64_t axis_step) {
    const bool same =
        axis_start == start && axis_size == size && axis_origin == origin && axis_step == step;
    if (same && from >= low && to <= high) return;
    constexpr std::int64_t slack = 64;  // the next rows reach only little further
    low = same && high >= low ? std::min(low, from - slack) : from - slack;
    high = same && high >= low ? std::max(high, to + slack) : to + slack;
    start = axis_start;
    size = axis_size;
    origin = axis_origin;
    step = axis_step;
    place.clear();
    for (std::int64_t i = low; i <= high; ++i)
        place.push_back((mirrored(start + i, size) - origin) * step);
}

void RowSource::set(std::span<const float> y, std::span<const float> x, std::int64_t top,
                    std::int64_t left, const PlanePart& planes) {
    const auto count = static_cast<std::int64_t>(y_.size());
    std::int32_t least = 0, most = 0;
    // A cubic reads from one pixel before to two after.
    resample::split(y.data(), count, y_.data(), fraction_y_.data(), least, most);
    rows_.cover(least - 1, most + 2, top, planes.height, planes.top, planes.stride);
    resample::split(x.data(), count, x_.data(), fraction_x_.data(), least, most);
    columns_.cover(least - 1, most + 2, left, planes.width, planes.left, 1);
    const auto low_y = static_cast<std::int32_t>(rows_.low);
    const auto low_x = static_cast<std::int32_t>(columns_.low);
    for (std::int32_t& each : y_) each -= low_y;
    for (std::int32_t& each : x_) each -= low_x;
}

resample::Row RowSource::pixels(std::int64_t first, std::int64_t count) const {
    const std::int64_t first_y = -rows_.start - rows_.low, first_x = -columns_.start - columns_.low;
    return {y_.data() + first,
            x_.data() + first,
            fraction_y_.data() + first,
            fraction_x_.data() + first,
            count,
            rows_.place.data(),
            columns_.place.data(),
            first_y,
            first_y + rows_.size - 1,
            first_x,
            first_x + columns_.size - 1,
            rows_.step};
}

void RowSource::cubic(const float* plane, float* out) const {
    resample::cubic(pixels(0, static_cast<std::int64_t>(y_.size())), plane, out);
}

void RowSource::linear(const float* plane, std::int64_t first, std::int64_t count,
                       float* out) const {
    resample::linear(pixels(first, count), plane, out);
}

void RowSource::nearest(const std::uint8_t* plane, std::int64_t first, std::int64_t count,
                        std::uint8_t* out) const {
    resample::nearest(pixels(first, count), plane, out);
}

}  // namespace unet
