#include "unet/pixels/turn.h"

namespace unet {
namespace {

std::array<std::int64_t, 3> lengths_of(const Size3& size) {
    return {size.depth, size.height, size.width};
}

}  // namespace

Size3 Turn::size_of(const Size3& stored) const noexcept {
    const auto lengths = lengths_of(stored);
    return {lengths[axis[0]], lengths[axis[1]], lengths[axis[2]]};
}

Spacing Turn::spacing_of(const Spacing& stored) const {
    Spacing turned = stored;
    for (std::size_t i = 0; i < 3; ++i) turned.size[i] = stored.size[axis[i]];
    return turned;
}

Region Turn::stored_part(const Region& region, const Size3& stored) const noexcept {
    const std::array<std::int64_t, 3> begin{region.z, region.y, region.x};
    const auto length = lengths_of(region.size), all = lengths_of(stored);
    std::array<std::int64_t, 3> from{}, count{};
    for (std::size_t i = 0; i < 3; ++i) {
        count[axis[i]] = length[i];
        from[axis[i]] = flipped[i] ? all[axis[i]] - begin[i] - length[i] : begin[i];
    }
    return {from[0], from[1], from[2], {count[0], count[1], count[2]}};
}

Turn::Steps Turn::steps(const Size3& stored) const noexcept {
    const std::array<std::int64_t, 3> strides{stored.height * stored.width, stored.width, 1};
    const auto lengths = lengths_of(stored);
    Steps steps{0, {}};
    for (std::size_t i = 0; i < 3; ++i) {
        steps.step[i] = flipped[i] ? -strides[axis[i]] : strides[axis[i]];
        if (flipped[i]) steps.first += (lengths[axis[i]] - 1) * strides[axis[i]];
    }
    return steps;
}

}  // namespace unet
