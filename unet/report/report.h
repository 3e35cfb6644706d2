#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "unet/check/check.h"
#include "unet/evaluate/evaluation.h"
#include "unet/report/shown_image.h"
#include "unet/report/training_log.h"

namespace unet {

/// A line of a table: what, and its value.
struct ReportFact {
    std::string name, value;
};

/// A predicted image without a truth, in numbers.
struct FoundImage {
    std::string name;
    std::int64_t objects = 0;
    std::int64_t pixels = 0;  ///< that belong to objects
    std::int64_t image_pixels = 0;
};

/// Predictions without a truth.
struct Found {
    bool objects = true;  ///< otherwise pixels of classes: nothing to count
    std::vector<FoundImage> images;
    std::vector<std::int64_t> sizes;  ///< pixels of every object
};

/// What is needed to do it again.
struct Repeat {
    std::vector<std::string> commands;
    std::vector<ReportFact> facts;  ///< seed, versions, processor, data
    std::string config;             ///< text of config.toml; may be empty
};

/// All that a report says, before anybody decides how it looks. Parts that are empty are left out.
struct Report {
    std::string title;                 ///< "nuclei"
    std::string subject;               ///< what it is about, one sentence
    std::vector<ReportFact> overview;  ///< a few numbers to begin with
    std::vector<std::string> remarks;  ///< what is missing here, and why
    std::optional<TrainingLog> log;
    std::optional<Evaluation> evaluation;  ///< with its intervals
    std::string evaluated_on;              ///< "36 validation images of nuclei/val"
    std::vector<ShownImage> images;
    std::optional<Found> found;
    std::optional<CheckResult> check;  ///< of the data
    Repeat repeat;
};

/// Puts `worded` in place of messages that may name settings (core/error.h): remarks and findings.
void show_settings(Report& report, const std::function<std::string(std::string_view)>& worded);

}  // namespace unet
