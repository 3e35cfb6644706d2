#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "unet/objects/distance.h"
#include "unet/objects/watershed/basins.h"

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
///
/// Flooding from the highest pixel down, equal heights in raster order, gives a pixel the basin of
/// its highest neighbour that is there before it. Which one that is, is seen from the neighbours
/// alone, so basins are found by following them up; only pixels where basins meet are put in order.
class Landscape {
public:
    /// What decides about components inside `box`, in slices of this size.
    static PixelBox window_about(const PixelBox& box, std::int64_t height, std::int64_t width);

    /// Allocates bytes(), so that flood() need not for components of so many pixels in this box.
    void reserve(const PixelBox& box, const PixelBox& window, std::int64_t pixels);
    static std::int64_t bytes(const PixelBox& box, const PixelBox& window, std::int64_t pixels);

    /// Where all pixels of `window` go before flood(), 0 for background. `box` is the smallest
    /// about some whole components, which have so many pixels.
    std::uint32_t* start(const PixelBox& box, const PixelBox& window, std::int64_t pixels);
    /// Floods the components, their runs in raster order. Throws Error(unsupported) as
    /// SliceDistances, for the window, and for more than most_ids basins.
    void flood(std::span<const LandscapeRun> runs, Basins& basins);
    /// Per pixel of a run that was just flooded its basin's index, less how many basins there were
    /// before.
    const std::int32_t* flooded(const LandscapeRun& run) const {
        return cells_.data() + place(run.y, run.begin);
    }

private:
    struct Recent {
        std::uint64_t pair = 0;  ///< two basins; 0 is none, since they differ
        std::size_t meeting = 0;
    };
    void smooth();
    void follow_steps(std::span<const LandscapeRun> runs, Basins& basins);
    void add_basin(std::size_t pixel, Basins& basins) const;
    void find_meetings();
    void add_meeting(std::size_t pixel);
    template <class Function>
    void for_earlier(std::size_t pixel, Function function) const;
    void join(std::size_t pixel, std::uint32_t first_basin, Basins& basins) const;

    /// Place of a pixel of the slice in the arrays of the box.
    std::size_t place(std::int64_t y, std::int64_t x) const {
        return static_cast<std::size_t>((y - box_.y + 1) * pitch_ + x - box_.x + 1);
    }

    PixelBox box_{}, window_{};  ///< in the slice
    std::int64_t pitch_ = 0;     ///< of the box with an edge all around
    SliceDistances distances_;
    std::vector<std::int32_t> squared_;    ///< of the window: foreground, distances, their roots
    std::vector<float> row_;               ///< smoothed along columns, mirrored beyond its ends
    std::vector<float> heights_;           ///< of the box
    std::vector<std::int32_t> cells_;      ///< of the box: steps, then basins
    std::vector<std::uint64_t> words_;     ///< of a row: where basins meet
    std::vector<std::uint64_t> meetings_;  ///< height, then place
    std::array<Recent, 61> recent_;        ///< by the remainder of their pair
};

}  // namespace unet
