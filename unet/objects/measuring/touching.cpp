#include "unet/objects/measuring/touching.h"

#include <cstdint>

namespace unet {
namespace {

/// Whether the neighbour belongs to another object; `|` instead of `||` keeps loops free of
/// branches.
bool other_object(std::uint32_t value, std::uint32_t neighbour) {
    return (neighbour != value) & (neighbour != 0);
}

}  // namespace

LabelMap separate_touching(const LabelMap& map) {
    LabelMap out = map;
    const std::int64_t height = map.size.height, width = map.size.width;
    for (std::int64_t row = 0; row < map.size.depth * height; ++row) {
        const std::int64_t y = row % height;
        const std::uint32_t* in = map.values.data() + row * width;
        // Beyond the slice stands the row itself, which never is another object.
        const std::uint32_t* up = y > 0 ? in - width : in;
        const std::uint32_t* down = y + 1 < height ? in + width : in;
        std::uint32_t* result = out.values.data() + row * width;
        for (std::int64_t x = 0; x < width; ++x)
            result[x] = other_object(in[x], up[x]) | other_object(in[x], down[x]) ? 0 : in[x];
        for (std::int64_t x = 1; x < width; ++x)
            result[x] = other_object(in[x], in[x - 1]) ? 0 : result[x];
        for (std::int64_t x = 0; x + 1 < width; ++x)
            result[x] = other_object(in[x], in[x + 1]) ? 0 : result[x];
    }
    return out;
}

}  // namespace unet
