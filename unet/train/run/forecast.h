#pragma once

#include <algorithm>
#include <cstdint>

#include "unet/train/pace.h"
#include "unet/train/validation.h"

namespace unet {

/// How long what stands beside the steps of a training takes, measured as it goes on, and how many
/// validation images are affordable. By steps the number of images is a constant, so that a run can
/// be repeated; by time it follows from a part of the budget.
class Forecast {
public:
    /// `threads`: of what scores and decides.
    Forecast(const Extent& extent, int threads) : extent_(extent), threads_(threads) {}

    void reading_took(double seconds) { reading_seconds_ = seconds; }
    void saving_took(double seconds) { save_seconds_ = std::max(save_seconds_, seconds); }
    void validated(const Validation& seen);

    /// Whether a validation of so many seconds is more than one between steps may take.
    bool is_long(double seconds) const;
    /// Images of a validation between steps, and of the one at the end, which takes those at least.
    std::int64_t images_between_steps(const Validator& validator) const;
    std::int64_t images_at_the_end(const Validator& validator, std::int64_t between) const;

    /// What is done at the end.
    struct End {
        std::int64_t between = 0;     ///< images of a validation between steps
        bool normalisations = false;  ///< two of them are compared
        bool checked = false;         ///< the data are, already
    };
    /// Seconds from the last step to the end of the command, the report included.
    double end_seconds(const Validator& validator, const End& end) const;
    /// Seconds that intervals of the scores of so many images take, and the check of the data.
    static double intervals_seconds(std::int64_t images);
    double check_seconds() const;
    /// Whether the budget, if there is one, has so many seconds left.
    bool time_for(double seconds, double now) const {
        return !extent_.by_time() || now + seconds < extent_.seconds;
    }

private:
    double report_seconds(const Validator& validator, std::int64_t images, bool checked) const;

    Extent extent_;
    double threads_;
    double predict_rate_ = 0.0, score_rate_ = 0.0;  ///< seconds per validated pixel
    double reading_seconds_ = 0.0, save_seconds_ = 0.0;
};

}  // namespace unet
