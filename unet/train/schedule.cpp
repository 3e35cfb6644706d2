#include "unet/train/schedule.h"

#include <algorithm>

#include "unet/core/math.h"

namespace unet {
namespace {

double decay(ScheduleKind kind, double progress) {
    switch (kind) {
        case ScheduleKind::constant:
            return 1.0;
        case ScheduleKind::cosine:
            return 0.5 * (1.0 + cos_of(pi * progress));
        case ScheduleKind::poly:
            return power_of(1.0 - progress, 0.9);
    }
    return 1.0;
}

}  // namespace

Fields fields_of(ScheduleOptions& options) {
    return {
        choice("schedule", "how the learning rate falls from first to last step", options.schedule,
               {{"constant", ScheduleKind::constant},
                {"cosine", ScheduleKind::cosine},
                {"poly", ScheduleKind::poly}}),
        {"warm_up_steps", "steps in which the learning rate climbs at the beginning",
         &options.warm_up_steps, 0.0, 1e9},
    };
}

double rate_factor(const ScheduleOptions& options, std::int64_t step, double progress) {
    const double factor = decay(options.schedule, std::clamp(progress, 0.0, 1.0));
    if (step >= options.warm_up_steps) return factor;
    return factor * static_cast<double>(step + 1) / static_cast<double>(options.warm_up_steps);
}

}  // namespace unet
