#include "unet/core/shape.h"

#include <fmt/format.h>

namespace unet {

std::string to_string(const Size3& size) {
    if (size.depth == 1) return fmt::format("{}x{}", size.height, size.width);
    return fmt::format("{}x{}x{}", size.depth, size.height, size.width);
}

std::string to_string(const Shape& shape) {
    return fmt::format("{}x{}x{}", shape.batch, shape.channels, to_string(shape.size()));
}

}  // namespace unet
