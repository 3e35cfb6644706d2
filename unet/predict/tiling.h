#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "unet/core/image.h"
#include "unet/core/shape.h"
#include "unet/nn/network.h"

namespace unet::predict {

/// What a network asks of tiles along one axis so that seams cannot be seen.
struct TileRule {
    std::int64_t grid = 1;    ///< cores start at its multiples: pooling equals itself only there
    std::int64_t step = 1;    ///< inputs that fit the network lie so far apart
    std::int64_t margin = 0;  ///< valid: context that the network consumes on each side
    std::int64_t slack = 0;   ///< valid: outputs are a multiple of `step` plus this
    /// Pixels of a window inside the image that stand before and after its core: with fewer,
    /// false zeros or a cut square would show.
    std::int64_t before = 0, after = 0;
};

/// The rule for depth, height and width. `footprint` is that of the kernel table.
///
/// Cores start at multiples of footprint x nn::downsampling_of; what stands before and after them
/// comes from nn::input_needed. For padding `same` and direct convolution that is a little more
/// than nn::context_of (94 pixels instead of 92 for five levels), since a core starts where the
/// first pixel of a pooling window lies.
std::array<TileRule, 3> tile_rules(const nn::Network& network, std::int64_t footprint);

/// A tile along one axis, in pixels of the image.
struct AxisTile {
    std::int64_t core = 0;    ///< first pixel that is kept
    std::int64_t length = 0;  ///< pixels that are kept
    std::int64_t window = 0;  ///< first pixel that the network is given; may lie before the image
};

/// All tiles along one axis. Their windows are equally long, so one plan serves all.
struct AxisCut {
    std::int64_t window = 0;  ///< pixels that the network is given
    std::vector<AxisTile> tiles;
};

/// Cuts an axis of `length` pixels into tiles whose cores have at most `core` pixels, rounded up to
/// the grid. Cores cover the axis without overlap, in order, and are as equal as the grid lets
/// them be; the first and the last also take what they need no context for.
///
/// The first window begins and the last one ends where the network's input would for the image in
/// one piece, so that zeros, mirrored pixels and cut blocks there are the same. In one piece: for
/// padding `valid` the smallest input that fits with a margin before the first pixel, for `same`
/// the image extended at its end to the next size that fits.
/// Throws Error(invalid_argument) unless length and core are at least 1.
AxisCut cut_axis(std::int64_t length, std::int64_t core, const TileRule& rule);

/// One tile in all axes.
struct Tile {
    Region core;              ///< pixels of the image that are kept
    std::int64_t z, y, x;     ///< first pixel of the window; may lie before the image
    std::int64_t dz, dy, dx;  ///< place of the core inside the network's output
};

/// The tiles of an image, in raster order.
class Tiling {
public:
    /// `core`: largest extent of a core, rounded up to the grid. Throws Error(invalid_argument).
    Tiling(const Size3& image, const Size3& core, const std::array<TileRule, 3>& rules);

    const Size3& image() const { return image_; }
    /// What was asked for.
    const Size3& asked_core() const { return asked_core_; }
    /// Size of every input of the network.
    Size3 window() const;
    /// Largest core.
    Size3 core() const;
    std::int64_t count() const;
    Tile tile(std::int64_t index) const;

private:
    Size3 image_, asked_core_;
    std::array<TileRule, 3> rules_;
    std::array<AxisCut, 3> axes_;
};

}  // namespace unet::predict
