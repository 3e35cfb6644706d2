#include "unet/objects/distance.h"

#include <algorithm>

#include "unet/core/error.h"

namespace unet {
namespace {

/// Squared distance along the column to the nearest target; `no_distance` where there is none.
/// `steps` is room for a row.
void measure_columns(const std::uint32_t* values, std::int64_t height, std::int64_t width,
                     bool to_background, std::vector<std::int32_t>& steps, std::int32_t* squared) {
    const auto none = static_cast<std::int32_t>(height);  // more steps than a column has
    steps.assign(static_cast<std::size_t>(width), none);
    std::int32_t* step = steps.data();
    for (std::int64_t y = 0; y < height; ++y) {
        const std::uint32_t* row = values + y * width;
        std::int32_t* out = squared + y * width;
        for (std::int64_t x = 0; x < width; ++x) {
            const std::int32_t next = step[x] < none ? step[x] + 1 : none;
            step[x] = (row[x] == 0) == to_background ? 0 : next;
            out[x] = step[x];
        }
    }
    std::fill(steps.begin(), steps.end(), none);
    for (std::int64_t y = height - 1; y >= 0; --y) {
        std::int32_t* out = squared + y * width;
        for (std::int64_t x = 0; x < width; ++x) {
            const std::int32_t next = step[x] < none ? step[x] + 1 : none;
            step[x] = out[x] < next ? out[x] : next;
            out[x] = step[x] < none ? step[x] * step[x] : no_distance;
        }
    }
}

void check_diagonal(const Size3& size, std::int64_t depth) {
    constexpr std::int64_t longest = 46340;  // its square just fits 31 bits
    if (size.height > longest || size.width > longest || depth > longest ||
        size.height * size.height + size.width * size.width + depth * depth > no_distance)
        fail(ErrorCode::unsupported,
             "distances in a map of {}: its squared diagonal exceeds {}; measure it in parts",
             to_string(size), no_distance);
}

}  // namespace

/// Lower envelope of the parabolas (x - i)^2 + f(i), one line at a time, in a caller's memory.
class Envelope {
public:
    Envelope(std::int64_t length, SliceDistances& memory)
        : value_(memory.line_), parabolas_(memory.parabolas_) {
        value_.resize(static_cast<std::size_t>(length));
        parabolas_.resize(value_.size());
    }

    /// Replaces f(x) by min over i of (x - i)^2 + f(i); f(x) is line[x * stride], `no_distance`
    /// stands for infinity.
    void apply(std::int32_t* line, std::int64_t stride) {
        const auto length = static_cast<std::int64_t>(value_.size());
        for (std::int64_t x = 0; x < length; ++x)
            value_[static_cast<std::size_t>(x)] = line[x * stride];
        const std::size_t count = build();
        std::int64_t x = 0;
        for (std::size_t p = 0; p < count; ++p) {
            const std::int64_t apex = parabolas_[p].apex;
            const std::int32_t lowest = value_[static_cast<std::size_t>(apex)];
            const std::int64_t end = p + 1 < count ? parabolas_[p + 1].start : length;
            for (; x < end; ++x)
                line[x * stride] = static_cast<std::int32_t>((x - apex) * (x - apex)) + lowest;
        }
    }

private:
    using Parabola = SliceDistances::Parabola;

    /// Fills parabolas_ from left to right; returns how many make up the envelope.
    std::size_t build() {
        const auto length = static_cast<std::int64_t>(value_.size());
        std::size_t count = 0;
        for (std::int64_t x = 0; x < length; ++x) {
            if (value_[static_cast<std::size_t>(x)] == no_distance) continue;
            std::int64_t start = 0;
            for (; count > 0; --count) {
                start = crossing(parabolas_[count - 1].apex, x);
                if (start > parabolas_[count - 1].start) break;
                start = 0;  // the last one is nowhere the lowest
            }
            if (start < length) parabolas_[count++] = {x, start};
        }
        return count;
    }

    /// First x >= 0 where the parabola of `later` is below that of `earlier`.
    std::int64_t crossing(std::int64_t earlier, std::int64_t later) const {
        const std::int64_t difference = later * later - earlier * earlier +
                                        value_[static_cast<std::size_t>(later)] -
                                        value_[static_cast<std::size_t>(earlier)];
        if (difference < 0) return 0;
        // Below where 2 x (later - earlier) > difference. The quotient of such small integers is
        // rounded to an integer only if it is one; a division of doubles is several times faster.
        return static_cast<std::int64_t>(static_cast<double>(difference) /
                                         static_cast<double>(2 * (later - earlier))) +
               1;
    }

    std::vector<std::int32_t>& value_;
    std::vector<Parabola>& parabolas_;
};

void SliceDistances::measure(const std::uint32_t* values, std::int64_t height, std::int64_t width,
                             DistanceTo target, std::int32_t* squared) {
    check_diagonal({1, height, width}, 1);
    measure_columns(values, height, width, target == DistanceTo::background, line_, squared);
    Envelope along_row(width, *this);
    for (std::int64_t y = 0; y < height; ++y) along_row.apply(squared + y * width, 1);
}

std::vector<std::int32_t> squared_distances(const LabelMap& map, DistanceTo target,
                                            bool across_slices) {
    const Size3& size = map.size;
    const std::int64_t depth = across_slices ? size.depth : 1;
    check_diagonal(size, depth);
    const std::int64_t area = size.height * size.width;
    std::vector<std::int32_t> squared(map.values.size());
    SliceDistances slices;
    for (std::int64_t z = 0; z < size.depth; ++z)
        slices.measure(map.plane(z), size.height, size.width, target, squared.data() + z * area);
    if (across_slices && size.depth > 1) {
        Envelope through_slices(size.depth, slices);
        for (std::int64_t i = 0; i < area; ++i) through_slices.apply(squared.data() + i, area);
    }
    return squared;
}

}  // namespace unet
