#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "unet/core/image.h"

namespace unet {

struct ObjectSize {
    std::uint32_t id = 0;
    std::int64_t pixels = 0;
    bool operator==(const ObjectSize&) const = default;
};

/// Every object (distinct non-zero value of the whole map) and its number of pixels, in raster
/// order of the first pixels.
std::vector<ObjectSize> object_sizes(const LabelMap& map);

/// Number of distinct non-zero values.
std::int64_t count_objects(const LabelMap& map);

/// Sets objects of fewer than `minimum_pixels` pixels to 0 and renumbers the others to 1 .. n in
/// raster order; returns n.
std::int64_t remove_small(LabelMap& map, std::int64_t minimum_pixels);

/// Pixels of every object (value other than 0) of a map that comes a piece at a time.
class ObjectAreas {
public:
    void add(std::span<const std::uint32_t> labels);
    /// Counts from nothing again.
    void clear();
    /// In the order of the objects' first pixels.
    const std::vector<std::int64_t>& pixels() const noexcept { return pixels_; }

private:
    std::unordered_map<std::uint32_t, std::size_t> places_;  ///< in pixels_
    std::vector<std::int64_t> pixels_;
};

/// Diameter in pixels of the disc that has so many.
double equivalent_diameter(std::int64_t pixels);

/// Diameter in pixels of the disc that has the area of the object, 2 sqrt(area / pi), for every
/// object of every slice (an object that runs through five slices counts five times).
std::vector<double> equivalent_diameters(const LabelMap& map);

}  // namespace unet
