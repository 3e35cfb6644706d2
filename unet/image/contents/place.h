#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>

#include "unet/core/image.h"

namespace unet {

/// Where the pixels of a file lie in space.
struct Place {
    Size3 size{};  ///< slices of one time, rows, columns
    /// From a pixel to the next slice, row and column: x, y, z in `unit`.
    std::array<std::array<double, 3>, 3> step{};
    std::array<double, 3> origin{};  ///< of the first pixel's middle
    std::string unit;                ///< as Spacing::unit; empty: not said

    /// A grid of 1 x 1 x 1 without a unit that begins at 0: what programs write without meaning it.
    bool by_default() const;
};

/// "20x64x64 pixels, columns (0.5, 0, 0), rows (0, 0.5, 0), slices (0, 0, 2) mm apart, the first at
/// (-16, -16, 0)".
std::string to_string(const Place& place);

/// What a file says of its place: NIfTI's sform, or else its qform. Nothing for other formats, for
/// files that do not say it, or not in a way that gives every pixel a place of its own, and for
/// what cannot be read.
std::optional<Place> place_of(const std::filesystem::path& path);

}  // namespace unet
