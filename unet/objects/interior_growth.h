#pragma once

#include <cstdint>
#include <vector>

#include "unet/objects/watershed/landscape.h"

namespace unet {

/// Divides a connected piece of foreground between the objects whose interiors lie in it: each
/// pixel goes to the one that is fewest steps away within the piece, where steps are along rows and
/// columns and, every other one, along diagonals too, so that so many
/// steps lead at most sqrt(5) / 2 times as far. Of equally near ones the one whose pixels come
/// first in raster order. Memory is kept from piece to piece.
class InteriorGrowth {
public:
    /// Allocates bytes(box), so that nothing else does for pieces in boxes of at most so many
    /// pixels with an edge all around.
    void reserve(const PixelBox& box);
    static std::int64_t bytes(const PixelBox& box);

    /// Begins a piece within `box`, no pixel of which belongs to it yet.
    void start(const PixelBox& box);
    /// Pixels begin .. end-1 of row y belong to the piece.
    void add(std::int64_t y, std::int64_t begin, std::int64_t end);
    /// Of those, pixels that are in the interior of an object, `id` from 1 on.
    void seed(std::int64_t y, std::int64_t begin, std::int64_t end, std::uint32_t id);
    /// Gives all other pixels that are connected to a seed its object.
    void grow();
    /// The object of a pixel of the piece.
    std::uint32_t id_at(std::int64_t y, std::int64_t x) const { return ids_[place(y, x)]; }

    /// What is allocated.
    std::int64_t held_bytes() const;

private:
    std::size_t place(std::int64_t y, std::int64_t x) const {
        return static_cast<std::size_t>((y - box_.y + 1) * pitch_ + x - box_.x + 1);
    }
    void step(bool diagonal);

    PixelBox box_{};
    std::int64_t pitch_ = 0;          ///< of the box with an edge all around
    std::vector<std::uint32_t> ids_;  ///< 0: not of the piece; `open`: not given yet
    std::vector<std::uint32_t> front_, next_;
};

}  // namespace unet
