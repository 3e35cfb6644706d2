#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "unet/core/context.h"
#include "unet/core/image.h"
#include "unet/train/validation.h"

namespace unet {

/// An image to decide on: foreground probability (one channel), or with a boundary those of
/// background and interior (two), and truth.
struct DecisionCase {
    const Image* foreground;
    const LabelMap* truth;
};

/// Depth of splitting (see ObjectRule) that suits most objects of this many pixels: a twentieth of
/// their diameter.
double usual_split_depth(std::int64_t median_size);

/// The threshold in 0.3, 0.35, .. 0.8, the depth of splitting (0, or 1/80 to 1/5 of the diameter of
/// an object of `median_size` pixels) and the smallest object in pixels (0 and powers of sqrt 2 up
/// to half of `median_size`) for which the mean of F1 at IoU 0.5 and AP over all cases is largest;
/// of equal ones the one nearest to threshold 0.5, then without splitting, then the smaller size.
/// `usual` where no truth holds an object. Independent of the number of threads.
Decision decide_objects(Context& context, std::span<const DecisionCase> cases,
                        std::optional<std::uint32_t> ignore, std::int64_t median_size,
                        const Decision& usual);

/// The threshold of the same list for which the foreground's IoU over all cases is largest; truth
/// holds 0, 1 and `ignore`.
Decision decide_foreground(Context& context, std::span<const DecisionCase> cases,
                           std::uint32_t ignore, const Decision& usual);

}  // namespace unet
