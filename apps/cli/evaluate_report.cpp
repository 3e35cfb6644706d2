#include <algorithm>
#include <nlohmann/json.hpp>

#include "evaluate.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string figure(const std::optional<double>& value) {
    return value ? fmt::format("{:.4f}", *value) : "-";
}

void print_row(const char* name, const std::string& value, const std::string& remark = {}) {
    fmt::print("{:<14}{:>8}{}{}\n", name, value, remark.empty() ? "" : "   ", remark);
}

void print_instances(const Scores& totals) {
    const MatchCounts* half = totals.at_iou(0.5);
    if (half != nullptr)
        print_row(
            "f1", figure(half->f1()),
            fmt::format("at IoU 0.5: precision {:.4f}, recall {:.4f}; {} of {} objects found, "
                        "{} of {} predictions wrong",
                        half->precision(), half->recall(), half->true_positives,
                        half->true_objects(), half->false_positives, half->predicted_objects()));
    if (const MatchCounts* strict = totals.at_iou(0.7))
        print_row("f1 at IoU 0.7", figure(strict->f1()));
    print_row("ap", figure(totals.ap()), "mean of TP / (TP + FP + FN) over IoU 0.5 .. 0.95");
    print_row("pq", figure(totals.pq()), "panoptic quality at IoU 0.5");
    print_row("seg", figure(totals.seg()), "Cell Tracking Challenge");
    print_row("det", figure(totals.det()), "Cell Tracking Challenge");
    print_row("aji", figure(totals.aji()),
              fmt::format("aggregated Jaccard index; aji+ {}", figure(totals.aji_plus())));
}

/// The images with the lowest scores: where to look first.
void print_worst(const Evaluation& evaluation) {
    constexpr std::size_t most = 3;
    if (evaluation.images.size() <= most) return;
    const bool instances = evaluation.options.kind == LabelKind::instances;
    std::vector<std::pair<double, std::string>> sorted;
    for (const ImageScores& image : evaluation.images) {
        const auto score = instances ? image.scores.f1() : image.scores.iou();
        if (score) sorted.emplace_back(*score, image.name);
    }
    std::sort(sorted.begin(), sorted.end());
    fmt::print("lowest {}:\n", instances ? "f1" : "iou");
    for (std::size_t i = 0; i < std::min(most, sorted.size()); ++i)
        fmt::print("  {:.4f}  {}\n", sorted[i].first, sorted[i].second);
}

}  // namespace

void print(const Evaluation& evaluation, const std::string& model, bool json) {
    if (json) {
        Json object = Json::object();
        if (!model.empty()) object["model"] = model;
        object.update(to_json(evaluation));
        fmt::print("{}\n", object.dump(2));
        return;
    }
    if (!model.empty()) fmt::print("model {}\n", model);
    const Scores& totals = evaluation.totals;
    fmt::print("{} images, labels are {}\n", evaluation.images.size(),
               to_string(evaluation.options.kind));
    if (evaluation.options.kind == LabelKind::instances) print_instances(totals);
    print_row("iou", figure(totals.iou()), "foreground pixels");
    print_row("dice", figure(totals.dice()), "foreground pixels");
    print_row("pixel error", figure(totals.pixel_error()));
    if (evaluation.options.kind == LabelKind::classes) {
        const Json object = to_json(evaluation);
        for (const Json& entry : object["classes"])
            fmt::print(
                "  class {:<10} iou {}  dice {}\n", entry["name"].get<std::string>(),
                entry["iou"].is_null() ? "-" : fmt::format("{:.4f}", entry["iou"].get<double>()),
                entry["dice"].is_null() ? "-" : fmt::format("{:.4f}", entry["dice"].get<double>()));
    }
    print_worst(evaluation);
}

}  // namespace unet::cli
