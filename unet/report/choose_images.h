#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "unet/evaluate/evaluation.h"

namespace unet {

/// An image that a report shows, and why.
struct ChosenImage {
    std::size_t index = 0;
    std::string why;
    std::string figures;
};

/// How many images of each kind.
inline constexpr std::size_t shown_of_each = 3;

/// The images that scored worst (F1 at IoU 0.5 for objects, else IoU), the worst first, and those
/// in the middle of the order. Images in which there is nothing to score are passed over.
std::vector<ChosenImage> choose_images(const Evaluation& evaluation);

/// Of images without a truth, by their number of objects (or pixels found): the fewest, the most,
/// and some between.
std::vector<ChosenImage> choose_by_count(const std::vector<std::int64_t>& counts,
                                         const std::string& unit);

}  // namespace unet
