#pragma once

#include <cstdint>
#include <span>

#include "unet/objects/components.h"
#include "unet/objects/watershed.h"

namespace unet {

/// What makes pixels of the foreground one object.
struct ObjectRule {
    double split_depth = 0.0;  ///< objects are parted at waists so many pixels deep; 0: nowhere
    std::int64_t minimum_pixels = 0;  ///< smaller objects are dropped
};

/// Foreground to objects: connected components, parted by the watershed where the rule says so.
/// Memory is kept from map to map.
class ObjectFinder {
public:
    /// Allocates bytes(), so that find() need not for any map of this size.
    void reserve(const Size3& size, const ObjectRule& rule);
    static std::int64_t bytes(const Size3& size, const ObjectRule& rule);

    /// Replaces a map (D, H, W) of 0 and 1 by ids 1 .. n in raster order, slice by slice; returns
    /// n. Throws Error(unsupported) as Watershed.
    std::int64_t find(std::span<std::uint32_t> map, const Size3& size, const ObjectRule& rule);

private:
    ComponentFinder components_;
    Watershed watershed_;
};

}  // namespace unet
