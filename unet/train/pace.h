#pragma once

#include <cstdint>

namespace unet {

/// How long a training goes on: a number of steps, or a wall time. Exactly one is positive, or both
/// are 0 for a training of no step.
struct Extent {
    std::int64_t steps = 0;
    double seconds = 0.0;  ///< of the whole command, reading data and saving included

    bool by_time() const noexcept { return seconds > 0.0; }
};

/// Decides what a training does when. Times are seconds since the command began, the commands
/// before a resume included. By steps, every answer is a function of the step alone, so that a run
/// can be repeated; by time, the answers keep to the budget.
class Pace {
public:
    /// `began`: when the first step of the run was taken. `validation_interval`: steps between
    /// validations; 0 chooses. `validation_share`: part of the time that validations between steps
    /// may take, by time only.
    Pace(const Extent& extent, double began, std::int64_t validation_interval,
         double validation_share);

    /// Part of the training that is done, 0 .. 1.
    double progress(std::int64_t step, double now) const;
    /// True when no other step fits. `step`: steps done.
    bool done(std::int64_t step, double now) const;
    /// True when a validation should follow `step` steps done; the one at the end is not meant.
    bool validation_due(std::int64_t step, double now) const;

    void step_took(double seconds);
    /// A validation ended at `now` after `seconds`.
    void validation_took(double seconds, double now);
    /// Time that the end needs after the last step: last validation, fitting, saving.
    void reserve(double seconds) { reserve_ = seconds; }

    /// When the last step ends, by time.
    double last_step_ends() const { return extent_.seconds - reserve_; }

private:
    Extent extent_;
    double began_;
    std::int64_t validation_interval_;
    double validation_share_;
    double step_seconds_ = 0.0;
    double validation_seconds_ = 0.0;
    double last_validation_;
    double reserve_ = 0.0;
};

}  // namespace unet
