#pragma once

#include <cstdint>
#include <vector>

#include "unet/core/image.h"
#include "unet/objects/components.h"

namespace unet {

/// Fills the holes of a slice that comes a row at a time: background that no path over edges of
/// pixels leads out of (SciPy's binary_fill_holes). Keeps runs of background. Memory is kept from
/// slice to slice.
class HoleFiller {
public:
    /// Allocates bytes(), so that nothing else does for slices of this size.
    void reserve(std::int64_t height, std::int64_t width);
    static std::int64_t bytes(std::int64_t height, std::int64_t width);

    void start(std::int64_t height, std::int64_t width);
    /// The next row of 0 and 1. Throws Error(unsupported) as ComponentFinder.
    void append(const std::uint32_t* row);
    std::int64_t rows() const { return std::ssize(background_.row_starts()) - 1; }
    bool complete() const { return rows() == height_; }
    /// After the last row: finds the holes.
    void close();
    /// A row with holes filled.
    void draw(std::int64_t row, std::uint32_t* out) const;

    std::int64_t held_bytes() const { return background_.held_bytes(); }

private:
    std::int64_t height_ = 0, width_ = 0;
    /// After close() the value of a component's first run is 1 where it is a hole, else 2.
    ComponentFinder background_;
    std::vector<std::uint32_t> inverse_;
};

}  // namespace unet
