#pragma once

#include <cstdint>

#include "unet/pixels/resample.h"

namespace unet {

/// One slice of a training image with its targets, or the part of it that is in memory.
struct SliceView {
    /// Normalised; channel c starts at image + c * channel_stride. Stride 0: all channels are
    /// equal.
    const float* image = nullptr;
    std::int64_t channels = 1, channel_stride = 0;
    const std::uint8_t* targets = nullptr;  ///< class index, or ignored_target
    const float* weights = nullptr;
    PlanePart planes;                ///< of all of them
    float background_weight = 1.0f;  ///< of a pixel of class 0, w_c
    bool rgb = false;                ///< three channels are red, green, blue

    std::int64_t distinct_channels() const { return channel_stride == 0 ? 1 : channels; }
};

}  // namespace unet
