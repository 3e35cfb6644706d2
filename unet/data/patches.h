#pragma once

#include <cstdint>
#include <vector>

#include "unet/core/random.h"
#include "unet/core/shape.h"
#include "unet/data/augment.h"
#include "unet/data/targets.h"
#include "unet/image/resample.h"

namespace unet {

/// One slice of a training image with its targets; all planes have height x width pixels.
struct SliceView {
    /// Normalised; channel c starts at image + c * channel_stride. Stride 0: all channels are
    /// equal.
    const float* image = nullptr;
    std::int64_t channels = 1, channel_stride = 0;
    const std::uint8_t* targets = nullptr;  ///< class index, or ignored_target
    const float* weights = nullptr;
    std::int64_t height = 0, width = 0;
    float background_weight = 1.0f;  ///< of a pixel of class 0, w_c
};

/// What the network takes and gives: for an unpadded network the output is smaller and centred.
struct PatchGeometry {
    Size3 input{}, output{};
};

/// Cuts and varies patches: one resampling pass per patch (Ronneberger et al. 2015, section 3.1).
class PatchSampler {
public:
    /// Throws Error(invalid_argument) if an option is out of range, and Error(shape_mismatch)
    /// unless the output lies centred in the input (even margin) and both have depth 1.
    PatchSampler(const AugmentOptions& options, const PatchGeometry& geometry);

    /// The patch whose output's first pixel lies at (top, left) of the slice before it is varied;
    /// mirrored beyond the border. `image` takes channels x input, `targets` and `weights` one
    /// output. Ignored pixels become class 0 with weight 0, a surround is class 0. All chance comes
    /// from `random`.
    void sample(const SliceView& slice, std::int64_t top, std::int64_t left, Random& random,
                float* image, std::uint8_t* targets, float* weights);

private:
    AugmentOptions options_;
    PatchGeometry geometry_;
    std::vector<float> position_y_, position_x_;
    RowSource source_;
};

}  // namespace unet
