#pragma once

#include <cstdint>

namespace unet::predict {

/// A part of the tiles of an image (with averaging: of its slices), of equal parts the `number`-th,
/// counted from 1.
struct TilePart {
    std::int64_t number = 1, of = 1;
    bool whole() const { return of == 1; }
    std::int64_t begin(std::int64_t count) const { return (number - 1) * count / of; }
    std::int64_t end(std::int64_t count) const { return number * count / of; }
};

}  // namespace unet::predict
