#pragma once

#include <array>
#include <cstdint>

#include "unet/core/image.h"

namespace unet {

/// How one grid of pixels lies on another whose axes are the same in another order or direction:
/// depth, height and width of the turned grid are the axes `axis` of the stored one (0 depth, 1
/// height, 2 width), walked backwards where `flipped`.
struct Turn {
    std::array<std::size_t, 3> axis{0, 1, 2};
    std::array<bool, 3> flipped{};

    bool none() const noexcept { return *this == Turn{}; }
    bool operator==(const Turn&) const = default;

    Size3 size_of(const Size3& stored) const noexcept;
    Spacing spacing_of(const Spacing& stored) const;
    /// The part of the stored grid whose pixels make `region` of the turned one.
    Region stored_part(const Region& region, const Size3& stored) const noexcept;

    /// The values of a stored grid in the order of the turned one.
    template <class Value>
    void copy(const Value* stored, const Size3& size, Value* turned) const {
        const auto [first, step] = steps(size);
        const Size3 to = size_of(size);
        for (std::int64_t z = 0; z < to.depth; ++z)
            for (std::int64_t y = 0; y < to.height; ++y) {
                const Value* from = stored + first + z * step[0] + y * step[1];
                for (std::int64_t x = 0; x < to.width; ++x) *turned++ = from[x * step[2]];
            }
    }

private:
    struct Steps {
        std::int64_t first;  ///< index of the stored pixel that is the turned grid's first
        std::array<std::int64_t, 3> step;
    };
    Steps steps(const Size3& stored) const noexcept;
};

}  // namespace unet
