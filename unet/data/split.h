#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "unet/core/image.h"
#include "unet/data/dataset.h"

namespace unet {

/// How a data set is divided for validation.
struct SplitOptions {
    double fraction = 0.15;  ///< share of groups (files) that validate, above 0 and below 1
    std::int64_t gap = 0;    ///< pixels left out between the parts of one image
    std::uint64_t seed = 0;  ///< Purpose::split
};

/// A sample, or a part of it.
struct SplitPart {
    std::size_t sample = 0;
    Region region;
};

struct Split {
    std::vector<SplitPart> train, validation;  ///< by sample, in order
    std::string what;                          ///< one sentence for the log
};

/// Where list.csv names samples for validation, those. Otherwise, with two groups or more, whole
/// groups are drawn for validation: round(fraction x groups), at least one of each side. A single
/// stack gives the last fraction of its slices; one image, or several files of one group, see
/// split_images. Throws Error(invalid_argument) if the fraction is out of range or a table
/// leaves nothing to train.
Split split(const Dataset& set, const SplitOptions& options);

/// The last fifth of each image along its longer axis for validation, behind a gap of at most
/// another fifth; of a stack that of every slice, since neighbouring slices look alike. An image
/// too small for that trains and validates as a whole. For sets that are too small to give whole
/// files away.
Split split_images(const Dataset& set, std::int64_t gap);

/// Divides the set; whole samples are moved, parts copied.
std::pair<Dataset, Dataset> divide(Dataset set, const Split& split);

}  // namespace unet
