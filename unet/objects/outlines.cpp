#include "unet/objects/outlines.h"

#include <cstdint>
#include <vector>

namespace unet {

LabelMap outlines(const LabelMap& map) {
    LabelMap out{map.size, std::vector<std::uint32_t>(map.values.size(), 0), map.spacing};
    const std::int64_t height = map.size.height, width = map.size.width;
    for (std::int64_t row = 0; row < map.size.depth * height; ++row) {
        const std::int64_t y = row % height;
        const std::uint32_t* in = map.values.data() + row * width;
        // Beyond the slice stands the row itself: the image's edge is no border.
        const std::uint32_t* up = y > 0 ? in - width : in;
        const std::uint32_t* down = y + 1 < height ? in + width : in;
        std::uint32_t* result = out.values.data() + row * width;
        for (std::int64_t x = 0; x < width; ++x) {
            const std::uint32_t left = x > 0 ? in[x - 1] : in[x];
            const std::uint32_t right = x + 1 < width ? in[x + 1] : in[x];
            const bool inside =
                up[x] == in[x] && down[x] == in[x] && left == in[x] && right == in[x];
            if (!inside) result[x] = in[x];
        }
    }
    return out;
}

}  // namespace unet
