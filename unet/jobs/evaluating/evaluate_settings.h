#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "unet/data/label_meaning.h"
#include "unet/image/read_options.h"
#include "unet/kernels/element.h"

namespace unet {

/// Which figures are computed.
enum class Metrics { standard, surface, isbi2012 };

/// How predictions are compared with annotations: `unet evaluate`.
struct EvaluateSettings {
    Metrics metrics = Metrics::standard;
    /// What label values mean; `detect`: of files where it is clear, of a model as in its training.
    LabelsChoice labels = LabelsChoice::detect;
    std::int64_t ignore = -1;  ///< label value of pixels that do not count; -1: none
    std::string values;        ///< of files: "1=0,2=255", what predicted values are in the truth
    ReadSettings stacks;
    bool volume = false;     ///< a stack is one volume, else every slice is for itself
    std::string sizes;       ///< "100,500": EvaluateOptions::size_limits; empty: thirds
    double tolerance = 0.0;  ///< of surfaces; 0: the size of a pixel
    // Of a model on a data set only.
    std::string split;              ///< rows of list.csv with this word in their column split
    bool labelled_only = false;     ///< leave out images without a label
    std::string diameter = "auto";  ///< PredictSettings::diameter
    double scale = 0.0;             ///< PredictOptions::scale
    kernels::Element precision = kernels::Element::float32;  ///< PredictOptions::precision
    std::int64_t threads = 0;                                ///< 0: all

    /// Whether slices of stacks are picked, of which a prediction may hold all or just those.
    bool picks_slices() const {
        return !(stacks.pages.empty() && stacks.z.empty() && stacks.t.empty());
    }
    std::optional<std::uint32_t> ignored() const {
        if (ignore < 0) return std::nullopt;
        return static_cast<std::uint32_t>(ignore);
    }
};

/// EvaluateSettings::values as a setting.
inline Field values_field(std::string& values) {
    return text("values",
                "what values of PREDICTED are in TRUTH, where that is not clear: 1=0,2=255", values,
                "MAP");
}

}  // namespace unet
