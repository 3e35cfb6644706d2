#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/objects/distance.h"

namespace unet {

/// Where two basins first meet, by their indices.
struct Saddle {
    std::uint32_t a, b;
    float height;
};

/// What flooding finds, one landscape after another.
struct Basins {
    std::vector<float> summits;  ///< height of every basin, in pixels
    /// From the highest of a landscape down; enough of them to connect what is connected.
    std::vector<Saddle> saddles;
    std::vector<std::uint32_t> parents;  ///< per basin, one it is joined to

    void clear();
    /// The basin that stands for all that this one is joined to; halves the path to it.
    std::uint32_t root(std::uint32_t basin);
};

/// Pixels begin .. end-1 of row y of a slice.
struct LandscapeRun {
    std::uint32_t y, begin, end;
};

/// The smoothed distance to the background around some components of a slice, and its basins. Works
/// in a window about them: no pixel farther off has a say. Memory is kept from one to the next.
class Landscape {
public:
    /// Allocates bytes(), so that flood() need not for slices of this size.
    void reserve(std::int64_t height, std::int64_t width);
    static std::int64_t bytes(std::int64_t height, std::int64_t width);
    /// Pixels of the window about a box.
    static std::int64_t window_pixels(std::int64_t box_height, std::int64_t box_width);

    /// Floods whole components, their runs in raster order, from the highest pixel down, equal
    /// heights in raster order. `foreground` is the slice, height x width values.
    /// Throws Error(unsupported) as SliceDistances, for the window.
    void flood(const std::uint32_t* foreground, std::int64_t height, std::int64_t width,
               std::span<const LandscapeRun> runs, Basins& basins);
    /// Per pixel of a run that was just flooded 1 + its basin's index.
    const std::uint32_t* flooded(const LandscapeRun& run) const {
        return flooded_.data() + place(run.y, run.begin);
    }

private:
    struct Box {
        std::int64_t y, x, height, width;
    };

    void measure(const std::uint32_t* foreground, std::int64_t height, std::int64_t width);
    void smooth();
    void smooth_row(std::int64_t y, float* out);
    void sort(std::span<const LandscapeRun> runs);
    std::uint32_t basin_of(std::size_t pixel, Basins& basins);
    std::uint32_t join(std::size_t pixel, std::size_t highest, Basins& basins);

    /// Place of a pixel of the slice in the arrays of the box.
    std::size_t place(std::int64_t y, std::int64_t x) const {
        return static_cast<std::size_t>((y - box_.y + 1) * pitch_ + x - box_.x + 1);
    }

    Box box_{}, window_{};    ///< in the slice
    std::int64_t pitch_ = 0;  ///< of the box with an edge of one pixel all around
    SliceDistances distances_;
    std::vector<std::int32_t> squared_;   ///< of the window; then the bits of the distance
    std::vector<float> row_;              ///< smoothed along columns
    std::vector<float> heights_;          ///< of the box
    std::vector<std::uint32_t> flooded_;  ///< of the box: 1 + basin, 0 before the flood
    std::vector<std::uint64_t> order_;    ///< per pixel of the components: height, then place
    std::vector<std::uint32_t> buckets_;
};

}  // namespace unet
