#include "unet/objects/distance.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/core/memory.h"
#include "unet/objects/distance_lines.h"

namespace unet {
namespace {

/// Of a line for near_distances().
constexpr std::size_t margins = 2 * near_reach + 64;

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
        : length_(length), parabolas_(memory.parabolas_) {
        parabolas_.resize(length);
    }

    /// Replaces values of out(x) below 0 by min over i of (x - i)^2 + f(i); `no_distance` stands
    /// for infinity.
    void complete(const std::int32_t* f, std::int32_t* out) {
        for (std::int64_t x = 0; x < length_; ++x) {
            if (out[x] >= 0) continue;
            // Beyond a target no parabola is lower than the target's own.
            std::int64_t first = x, end = x + 1;
            while (first > 0 && f[first] != 0) --first;
            while (end < length_ && f[end - 1] != 0) ++end;
            lowest(f, first, end, out);
            x = end - 1;
        }
    }

private:
    using Parabola = SliceDistances::Parabola;

    void lowest(const std::int32_t* f, std::int64_t first, std::int64_t end, std::int32_t* out) {
        const std::size_t count = build(f, first, end);
        if (count == 0) std::fill(out + first, out + end, no_distance);
        std::int64_t x = first;
        for (std::size_t p = 0; p < count; ++p) {
            const std::int64_t apex = parabolas_[p].apex;
            const std::int64_t next = p + 1 < count ? parabolas_[p + 1].start : end;
            for (; x < next; ++x)
                out[x] = static_cast<std::int32_t>((x - apex) * (x - apex)) + f[apex];
        }
    }

    /// Fills parabolas_ from left to right; returns how many make up the envelope.
    std::size_t build(const std::int32_t* f, std::int64_t first, std::int64_t end) {
        std::size_t count = 0;
        for (std::int64_t x = first; x < end; ++x) {
            if (f[x] == no_distance) continue;
            std::int64_t start = first;
            for (; count > 0; --count) {
                start = std::max(first, crossing(f, parabolas_[count - 1].apex, x));
                if (start > parabolas_[count - 1].start) break;
                start = first;  // the last one is nowhere the lowest
            }
            if (start < end) parabolas_[count++] = {x, start};
        }
        return count;
    }

    /// First x >= 0 where the parabola of `later` is below that of `earlier`.
    static std::int64_t crossing(const std::int32_t* f, std::int64_t earlier, std::int64_t later) {
        const std::int64_t difference = later * later - earlier * earlier + f[later] - f[earlier];
        if (difference < 0) return 0;
        // Below where 2 x (later - earlier) > difference. The quotient of such small integers is
        // rounded to an integer only if it is one; a division of doubles is several times faster.
        return static_cast<std::int64_t>(static_cast<double>(difference) /
                                         static_cast<double>(2 * (later - earlier))) +
               1;
    }

    std::int64_t length_;
    std::vector<Parabola>& parabolas_;
};

void SliceDistances::reserve(std::int64_t width) {
    const auto pixels = static_cast<std::size_t>(width);
    steps_.reserve(pixels);
    line_.reserve(pixels + margins);
    parabolas_.reserve(pixels);
}

std::int64_t SliceDistances::bytes(std::int64_t width) {
    const auto pixels = static_cast<std::size_t>(width);
    return static_cast<std::int64_t>((2 * pixels + margins) * sizeof(std::int32_t) +
                                     pixels * sizeof(Parabola));
}

void SliceDistances::measure(const std::uint32_t* values, std::int64_t stride, std::int64_t height,
                             std::int64_t width, DistanceTo target, std::int32_t* squared) {
    check_diagonal({1, height, width}, 1);
    const auto none = static_cast<std::int32_t>(height);  // more steps than a column has
    const auto restart = [&] { steps_.assign(width, none); };
    restart();
    for (std::int64_t y = 0; y < height; ++y)
        step_down(values + y * stride, width, target == DistanceTo::background, none, steps_.data(),
                  squared + y * width);
    restart();
    line_.assign(static_cast<std::size_t>(width) + margins, no_distance);
    Envelope along_row(width, *this);
    for (std::int64_t y = height - 1; y >= 0; --y) {
        std::int32_t* row = squared + y * width;
        step_up(row, width, none, steps_.data(), line_.data() + near_reach);
        if (near_distances(line_.data() + near_reach, 1, width, row))
            along_row.complete(line_.data() + near_reach, row);
    }
}

namespace {

/// Columns of voxels through the slices, some side by side.
class Columns {
public:
    Columns(std::int64_t depth, SliceDistances& memory)
        : depth_(depth),
          envelope_(depth, memory),
          values_(static_cast<std::size_t>((depth + 2 * near_reach + 1) * most), no_distance),
          line_(static_cast<std::size_t>(depth)),
          result_(line_.size()) {}

    static constexpr std::int64_t most = 64;

    /// `squared` is the first of `count` voxels of the first slice, `area` voxels a slice.
    void apply(std::int32_t* squared, std::int64_t count, std::int64_t area) {
        std::int32_t* values = values_.data() + near_reach * most;
        for (std::int64_t z = 0; z < depth_; ++z)
            std::copy_n(squared + z * area, count, values + z * most);
        bool incomplete = false;
        for (std::int64_t z = 0; z < depth_; ++z)
            incomplete |= near_distances(values + z * most, most, count, squared + z * area);
        for (std::int64_t i = 0; incomplete && i < count; ++i) {
            for (std::size_t z = 0; z < line_.size(); ++z) {
                const auto slice = static_cast<std::int64_t>(z);
                line_[z] = values[slice * most + i];
                result_[z] = squared[slice * area + i];
            }
            envelope_.complete(line_.data(), result_.data());
            for (std::size_t z = 0; z < line_.size(); ++z)
                squared[static_cast<std::int64_t>(z) * area + i] = result_[z];
        }
    }

private:
    std::int64_t depth_;
    Envelope envelope_;
    std::vector<std::int32_t> values_, line_, result_;
};

}  // namespace

std::vector<std::int32_t> squared_distances(const LabelMap& map, DistanceTo target,
                                            bool across_slices) {
    const Size3& size = map.size;
    const std::int64_t depth = across_slices ? size.depth : 1;
    check_diagonal(size, depth);
    const std::int64_t area = size.height * size.width;
    auto squared = made_array<std::int32_t>(map.values.size());
    SliceDistances slices;
    for (std::int64_t z = 0; z < size.depth; ++z)
        slices.measure(map.plane(z), size.width, size.height, size.width, target,
                       squared.data() + z * area);
    if (across_slices && size.depth > 1) {
        Columns columns(size.depth, slices);
        for (std::int64_t i = 0; i < area; i += Columns::most)
            columns.apply(squared.data() + i, std::min(Columns::most, area - i), area);
    }
    return squared;
}

}  // namespace unet
