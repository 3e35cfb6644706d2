#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "unet/core/image.h"
#include "unet/objects/measuring/measurements.h"

namespace unet {

/// What has a length or a volume: in voxels or in the unit of a Spacing.
struct VolumeLengths {
    std::array<double, 3> centroid{};  ///< z, y, x; the centre of the first voxel is (0, 0, 0)
    double volume = 0.0;
    double equivalent_diameter = 0.0;  ///< of the ball of equal volume
    /// The longest and the shortest axis of the ellipsoid that has the same second moments.
    double axis_major = 0.0, axis_minor = 0.0;
};

/// One object of a stack as a whole. Names, definitions and values are those of scikit-image's
/// regionprops on a volume.
struct VolumeMeasurements {
    std::uint32_t label = 0;
    /// First slice, row and column, and one past the last ones.
    std::array<std::int64_t, 6> bbox{};
    VolumeLengths voxels;
    std::optional<VolumeLengths> physical;  ///< where spacing is known in all three directions
    bool touches_border = false;            ///< of the stack, its first and last slice included
    std::vector<Brightness> channels;       ///< none without an image
};

/// Every object (distinct non-zero value) of the whole map, labels ascending. The background of
/// brightness is that of all slices. Linear in pixels. Throws as measure_objects().
std::vector<VolumeMeasurements> measure_volumes(const LabelMap& labels,
                                                const Image* image = nullptr);

}  // namespace unet
