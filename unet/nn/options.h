#pragma once

#include <cstdint>
#include <string_view>

#include "unet/core/fields.h"
#include "unet/core/shape.h"

namespace unet {

enum class Padding {
    valid,  ///< unpadded, as the paper: the output is smaller than the input
    same,   ///< zeros beyond the image, output as large as the input
};
enum class Norm { none, batch };

/// The network as data: everything that decides which layers there are and how large they are.
/// The default is the paper's network (Ronneberger et al. 2015, figure 1).
struct UNetOptions {
    std::int64_t dims = 2;            ///< 2: images (kernels of depth 1)
    std::int64_t in_channels = 1;     ///< 1 .. 1024
    std::int64_t classes = 2;         ///< 2 .. 255, background included
    std::int64_t levels = 5;          ///< resolutions, bottleneck included, 1 .. 8
    std::int64_t base_channels = 64;  ///< channels at full resolution, doubled at every level
    std::int64_t convolutions = 2;    ///< 3x3 convolutions per level and side, 1 .. 8
    Padding padding = Padding::valid;
    Norm norm = Norm::none;  ///< after every 3x3 convolution, before its ReLU
    double dropout = 0.0;    ///< at the end of the contracting path, 0 .. 0.95

    bool operator==(const UNetOptions&) const = default;
};

/// The table of UNetOptions for flags, TOML and JSON.
Fields fields_of(UNetOptions& options);

/// Throws Error(invalid_argument) naming the first option that is out of range.
void check(const UNetOptions& options);

}  // namespace unet
