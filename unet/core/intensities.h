#pragma once

#include <optional>
#include <vector>

#include "unet/core/image.h"

namespace unet {

struct Interval {
    double least = 0.0, most = 0.0;
    bool operator==(const Interval&) const = default;
};

/// How bright the training images of a model were: over all of them, the least and the most of
/// three numbers of each image. "Low" and "high" are the percentiles 1 and 99.8 of its values.
struct ChannelIntensities {
    Interval contrast;         ///< high - low after normalisation: near 1 where the network is used
    Interval median;           ///< after normalisation
    Interval stored_contrast;  ///< high - low of the stored values
    bool operator==(const ChannelIntensities&) const = default;
};

/// Empty `channels`: unknown. Three colours count as one channel.
struct Intensities {
    std::vector<ChannelIntensities> channels;
    std::optional<SampleType> type;  ///< where all images had the same
    bool operator==(const Intensities&) const = default;
};

}  // namespace unet
