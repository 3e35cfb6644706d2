#pragma once

#include <cstdint>

#include "unet/core/fields.h"

namespace unet {

enum class ScheduleKind {
    constant,
    cosine,  ///< (1 + cos(pi x)) / 2
    poly,    ///< (1 - x)^0.9, as DeepLab and nnU-Net
};

/// How the learning rate changes while a training goes on.
struct ScheduleOptions {
    ScheduleKind schedule = ScheduleKind::cosine;
    std::int64_t warm_up_steps = 20;  ///< steps in which the rate climbs to its schedule

    bool operator==(const ScheduleOptions&) const = default;
};

Fields fields_of(ScheduleOptions& options);

/// Factor of the learning rate, 0 .. 1. `step` counts from 0; `progress` is the part of the
/// training that is done, 0 .. 1: by steps where their number is given, by time where a budget is.
/// Warm-up multiplies by (step + 1) / warm_up_steps while that is below 1.
double rate_factor(const ScheduleOptions& options, std::int64_t step, double progress);

}  // namespace unet
