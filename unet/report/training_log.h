#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace unet {

/// A value at a step of a training.
struct CurvePoint {
    std::int64_t step = 0;
    double value = 0.0;
};

using LearningCurve = std::vector<CurvePoint>;

/// One validation between steps, or the last one.
struct ValidationPoint {
    std::int64_t step = 0;
    double score = 0.0;  ///< what "best" means: see Validation::score
    double f1 = -1.0;    ///< below 0: not known
    double ap = -1.0;
    std::int64_t images = 0;
    bool best = false;  ///< the best so far
};

/// What metrics.jsonl of a run tells.
struct TrainingLog {
    LearningCurve loss, learning_rate;
    std::vector<ValidationPoint> validations;
    std::int64_t last_step = 0;
    double seconds = 0.0;         ///< of the training until the last line
    std::int64_t unreadable = 0;  ///< lines that are not whole, as a crash leaves them
};

/// Reads the lines of metrics.jsonl; those that are no JSON objects are only counted, and so are
/// numbers that are not finite.
TrainingLog parse_training_log(std::string_view text);

}  // namespace unet
