#pragma once

#include <optional>
#include <vector>

namespace unet {

struct EvaluateOptions;
struct Scores;

/// A figure of Scores as reports name it.
struct Figure {
    const char* name;  ///< as the key of to_json
    std::optional<double> (Scores::*value)() const;
    bool more_is_better = true;
};

/// All that are computed with these options, in the order of reports.
std::vector<Figure> figures_of(const EvaluateOptions& options);

}  // namespace unet
