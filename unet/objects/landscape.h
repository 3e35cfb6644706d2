#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/objects/basins.h"
#include "unet/objects/distance.h"

namespace unet {

/// Pixels begin .. end-1 of row y of a slice.
struct LandscapeRun {
    std::uint32_t y, begin, end;
};

/// A rectangle of a slice.
struct PixelBox {
    std::int64_t y = 0, x = 0, height = 0, width = 0;

    std::int64_t pixels() const { return height * width; }
};

/// The smoothed distance to the background around some components of a slice, and its basins. Works
/// in a window about them: no pixel farther off has a say. Memory is kept from one to the next.
class Landscape {
public:
    /// What decides about components inside `box`, in slices of this size.
    static PixelBox window_about(const PixelBox& box, std::int64_t height, std::int64_t width);

    /// Allocates bytes(), so that flood() need not for components of so many pixels in this box.
    void reserve(const PixelBox& box, const PixelBox& window, std::int64_t pixels);
    static std::int64_t bytes(const PixelBox& box, const PixelBox& window, std::int64_t pixels);

    /// Floods whole components, their runs in raster order, from the highest pixel down, equal
    /// heights in raster order. `box` is the smallest about them, `foreground` all pixels of their
    /// `window`, 0 for background. Throws Error(unsupported) as SliceDistances, for the window, and
    /// for more than most_ids basins.
    void flood(const PixelBox& box, const PixelBox& window, const std::uint32_t* foreground,
               std::span<const LandscapeRun> runs, Basins& basins);
    /// Per pixel of a run that was just flooded 1 + its basin's index.
    const std::uint32_t* flooded(const LandscapeRun& run) const {
        return flooded_.data() + place(run.y, run.begin);
    }

private:
    void measure(const std::uint32_t* foreground);
    void smooth();
    void smooth_row(std::int64_t y, float* out);
    void sort(std::span<const LandscapeRun> runs, std::size_t count);
    std::uint32_t basin_of(std::size_t pixel, Basins& basins);
    std::uint32_t join(std::size_t pixel, std::size_t highest, Basins& basins);

    /// Place of a pixel of the slice in the arrays of the box.
    std::size_t place(std::int64_t y, std::int64_t x) const {
        return static_cast<std::size_t>((y - box_.y + 1) * pitch_ + x - box_.x + 1);
    }

    PixelBox box_{}, window_{};  ///< in the slice
    std::int64_t pitch_ = 0;     ///< of the box with an edge of one pixel all around
    SliceDistances distances_;
    std::vector<std::int32_t> squared_;   ///< of the window; then the bits of the distance
    std::vector<float> row_;              ///< smoothed along columns
    std::vector<float> heights_;          ///< of the box
    std::vector<std::uint32_t> flooded_;  ///< of the box: 1 + basin, 0 before the flood
    std::vector<std::uint64_t> order_;    ///< per pixel of the components: height, then place
    std::vector<std::uint32_t> buckets_;
};

}  // namespace unet
