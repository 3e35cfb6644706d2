#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "unet/core/context.h"
#include "unet/core/image.h"
#include "unet/train/validation.h"

namespace unet {

/// A picture to decide on: foreground probability (one channel) and truth.
struct DecisionCase {
    const Image* foreground;
    const LabelMap* truth;
};

/// The threshold in 0.3, 0.35, .. 0.8 and the smallest object in pixels (0 and powers of sqrt 2 up
/// to half of `median_size`) for which the mean of F1 at IoU 0.5 and AP over all cases is largest;
/// of equal ones the one nearest to threshold 0.5, then the smaller size. `usual` where no truth
/// holds an object. Independent of the number of threads.
Decision decide_objects(Context& context, std::span<const DecisionCase> cases,
                        std::optional<std::uint32_t> ignore, std::int64_t median_size,
                        const Decision& usual);

/// The threshold of the same list for which the foreground's IoU over all cases is largest; truth
/// holds 0, 1 and `ignore`.
Decision decide_foreground(Context& context, std::span<const DecisionCase> cases,
                           std::uint32_t ignore, const Decision& usual);

}  // namespace unet
