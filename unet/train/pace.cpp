#include "unet/train/pace.h"

#include <algorithm>

namespace unet {
namespace {

// Validations between steps: about this many, fewer where they are dear.
constexpr double validations_in_a_run = 8.0;
// With fewer steps between them, validations say little that is new.
constexpr std::int64_t least_interval = 25;

}  // namespace

Pace::Pace(const Extent& extent, double began, std::int64_t validation_interval,
           double validation_share)
    : extent_(extent),
      began_(began),
      validation_interval_(validation_interval),
      validation_share_(validation_share),
      last_validation_(began) {
    if (validation_interval_ == 0)
        validation_interval_ = std::max(
            least_interval,
            static_cast<std::int64_t>(static_cast<double>(extent.steps) / validations_in_a_run));
}

double Pace::progress(std::int64_t step, double now) const {
    if (!extent_.by_time())
        return extent_.steps > 0
                   ? std::min(1.0, static_cast<double>(step) / static_cast<double>(extent_.steps))
                   : 1.0;
    const double length = last_step_ends() - began_;
    return length > 0.0 ? std::clamp((now - began_) / length, 0.0, 1.0) : 1.0;
}

bool Pace::done(std::int64_t step, double now) const {
    if (!extent_.by_time()) return step >= extent_.steps;
    return now + 0.5 * step_seconds_ >= last_step_ends();
}

bool Pace::validation_due(std::int64_t step, double now) const {
    if (!extent_.by_time()) return step % validation_interval_ == 0 && !done(step, now);
    const double interval = std::max(extent_.seconds / validations_in_a_run,
                                     validation_seconds_ / std::max(validation_share_, 1e-6));
    // One just before the end would only repeat what the end does.
    return now - last_validation_ >= interval && last_step_ends() - now >= 0.5 * interval;
}

void Pace::step_took(double seconds) {
    // The first step is no measure of the next ones: it touches all memory for the first time.
    step_seconds_ = step_seconds_ == 0.0 ? seconds : 0.8 * step_seconds_ + 0.2 * seconds;
}

void Pace::validation_took(double seconds, double now) {
    validation_seconds_ = std::max(validation_seconds_, seconds);
    last_validation_ = now;
}

}  // namespace unet
