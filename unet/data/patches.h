#pragma once

#include <cstdint>
#include <vector>

#include "unet/core/image.h"
#include "unet/core/random.h"
#include "unet/core/shape.h"
#include "unet/data/augment/augment.h"
#include "unet/data/slice_view.h"
#include "unet/data/targets.h"
#include "unet/pixels/resample.h"

namespace unet {

class GreyChange;
class Surround;

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
    /// from `random`. Of a part of a slice, all that reads() says has to be there.
    void sample(const SliceView& slice, std::int64_t top, std::int64_t left, Random& random,
                float* image, std::uint8_t* targets, float* weights);

    /// The pixels of a slice of height x width that sample() reads at that place with that
    /// `random`.
    Region reads(std::int64_t height, std::int64_t width, std::int64_t top, std::int64_t left,
                 Random random);

private:
    void vary_values(const SliceView& slice, const GreyChange& grey, const Surround& surround,
                     Random& random, float* image) const;

    AugmentOptions options_;
    PatchGeometry geometry_;
    std::vector<float> position_y_, position_x_;
    RowSource source_;
};

}  // namespace unet
