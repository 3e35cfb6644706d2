#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "unet/evaluate/overlaps.h"

namespace unet {

/// An object and its IoU with its partner of the matching at IoU 0.5; 0 without a partner.
struct SizedObject {
    std::int64_t pixels = 0;
    double iou = 0.0;
};

/// The objects of one image, or of many.
struct SizedObjects {
    std::vector<SizedObject> truth, predicted;

    SizedObjects& operator+=(const SizedObjects& other);
};

SizedObjects sized_objects(const Overlaps& overlaps);

/// Objects of low <= pixels < high.
struct SizeClass {
    std::int64_t low = 0, high = 0;
    std::int64_t true_objects = 0, found = 0;       ///< true ones by their own size
    std::int64_t predicted_objects = 0, wrong = 0;  ///< predicted ones by theirs
    double iou_sum = 0.0;                           ///< of the true objects with their partners

    /// Nothing where there is nothing to count.
    std::optional<double> recall() const;     ///< found / true
    std::optional<double> precision() const;  ///< 1 - wrong / predicted
    std::optional<double> mean_iou() const;   ///< over the true objects, 0 for those not found
};

/// Limits that divide the true objects into small, medium and large ones, equally many as far as
/// equal sizes allow: a third of them lies below the first, two thirds below the second.
std::array<std::int64_t, 2> tertiles(const SizedObjects& objects);

/// Small, medium and large: below limits[0], from there to below limits[1], and above.
std::array<SizeClass, 3> by_size(const SizedObjects& objects,
                                 const std::array<std::int64_t, 2>& limits);

}  // namespace unet
