#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "unet/core/shape.h"

namespace unet {

/// How surfaces are measured.
struct SurfaceOptions {
    std::array<double, 3> spacing{1.0, 1.0, 1.0};  ///< of a pixel along depth, height, width; > 0
    double tolerance = 1.0;       ///< of the surface Dice, in the unit of the spacing
    std::string unit = "pixels";  ///< of the spacing, for reports
};

/// How far the surfaces of a structure lie apart, summed over images. A surface is the pixels of
/// a structure that have an edge (in volumes a face) to another value or to the outside. Distances
/// run from each surface pixel's centre to the nearest one of the other side, in the unit of the
/// spacing. Definitions and values are those of MONAI (compute_hausdorff_distance with percentile
/// 95, compute_average_surface_distance and compute_surface_dice, symmetric), averaged over
/// images.
struct SurfaceSum {
    double hd95_sum = 0.0;
    double assd_sum = 0.0;
    double surface_dice_sum = 0.0;
    std::int64_t measured = 0;   ///< images in which both sides hold the structure
    std::int64_t one_sided = 0;  ///< in which one side does: no distance, surface Dice 0

    /// Hausdorff distance at 95 %: the larger of both sides' 95th percentiles, interpolated
    /// linearly. Nothing where nothing was measured.
    std::optional<double> hd95() const;
    /// Average symmetric surface distance: mean over the pixels of both surfaces.
    std::optional<double> assd() const;
    /// Share of the pixels of both surfaces whose distance is at most the tolerance (Nikolov et al.
    /// 2018, counted by pixels).
    std::optional<double> surface_dice() const;
    SurfaceSum& operator+=(const SurfaceSum& other);
};

/// Of the pixels whose value is `structure`, in one image.
/// Throws Error: shape_mismatch if a map does not have `size` pixels, invalid_argument for a
/// spacing that is not above 0.
SurfaceSum compare_surfaces(std::span<const std::uint32_t> predicted,
                            std::span<const std::uint32_t> truth, std::uint32_t structure,
                            const Size3& size, const SurfaceOptions& options);

}  // namespace unet
