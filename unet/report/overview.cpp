#include "unet/report/overview.h"

#include <fmt/format.h>

namespace unet {

std::string short_name(const std::filesystem::path& path) {
    std::filesystem::path clean = path.lexically_normal();
    if (!clean.has_filename()) clean = clean.parent_path();
    const auto folder = clean.parent_path().filename();
    return folder.empty() ? clean.string() : (folder / clean.filename()).string();
}

void add_figures(Report& report, const Evaluation& evaluation) {
    std::vector<ReportFact> facts;
    const auto add = [&](const char* name, const std::optional<double>& value) {
        if (value) facts.push_back({name, fmt::format("{:.3f}", *value)});
    };
    const Scores& scores = evaluation.totals;
    const bool instances = evaluation.options.kind == LabelKind::instances;
    if (instances) {
        add("F1 at IoU 0.5", scores.f1());
        const ObjectErrors& errors = scores.errors;
        facts.push_back(
            {"objects one to one", fmt::format("{} of {}", errors.matched, errors.true_objects())});
    }
    add("IoU of pixels", scores.iou());
    if (!instances) add("Dice of pixels", scores.dice());
    report.overview.insert(report.overview.begin(), facts.begin(), facts.end());
}

}  // namespace unet
