#include <algorithm>
#include <nlohmann/json.hpp>

#include "terminal/notes.h"
#include "terminal/streams.h"
#include "verbs/evaluate_report.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string figure(const std::optional<double>& value) {
    return value ? fmt::format("{:.4f}", *value) : "-";
}

std::string text_of(const Json& value) {
    return value.is_null() ? "-" : fmt::format("{:.4f}", value.get<double>());
}

/// The table of one evaluation.
class Report {
public:
    explicit Report(const Evaluation& evaluation)
        : evaluation_(evaluation), totals_(evaluation.totals) {}

    void print() const {
        const LabelKind kind = evaluation_.options.kind;
        put("{} images, labels are {}\n", evaluation_.images.size(), to_string(kind));
        if (kind == LabelKind::instances) print_instances();
        row("iou", "iou", totals_.iou(), "foreground pixels");
        row("dice", "dice", totals_.dice(), "foreground pixels");
        row("pixel error", "pixel_error", totals_.pixel_error());
        if (evaluation_.options.surface) print_surfaces(*evaluation_.options.surface);
        if (kind == LabelKind::classes) print_classes();
        if (kind == LabelKind::instances) {
            print_sizes();
            print_errors();
        }
        print_worst();
        if (!evaluation_.intervals.empty())
            put("in brackets: 95 % intervals, from drawing images anew\n");
    }

private:
    /// `key` finds the interval: that of to_json.
    void row(const char* name, const char* key, const std::optional<double>& value,
             const std::string& remark = {}) const {
        std::string line = fmt::format("{:<14}{:>8}{}", name, figure(value), interval_of(key));
        if (!remark.empty()) line += "   " + remark;
        line.erase(line.find_last_not_of(' ') + 1);
        put("{}\n", line);
    }

    std::string interval_of(const std::string& key) const {
        if (evaluation_.intervals.empty()) return {};
        for (const FigureInterval& interval : evaluation_.intervals)
            if (interval.figure == key)
                return fmt::format("  [{:.4f}, {:.4f}]", interval.low, interval.high);
        return std::string(18, ' ');
    }

    void print_instances() const {
        const MatchCounts* half = totals_.at_iou(0.5);
        if (half != nullptr)
            row("f1", "f1", half->f1(),
                fmt::format("at IoU 0.5: precision {:.4f}, recall {:.4f}; {} of {} objects found, "
                            "{} of {} predictions wrong",
                            half->precision(), half->recall(), half->true_positives,
                            half->true_objects(), half->false_positives,
                            half->predicted_objects()));
        if (const MatchCounts* strict = totals_.at_iou(0.7)) row("f1 at IoU 0.7", "", strict->f1());
        row("ap", "ap", totals_.ap(), "mean of TP / (TP + FP + FN) over IoU 0.5 .. 0.95");
        row("pq", "pq", totals_.pq(), "panoptic quality at IoU 0.5");
        row("seg", "seg", totals_.seg(), "Cell Tracking Challenge");
        row("det", "det", totals_.det(), "Cell Tracking Challenge");
        row("aji", "aji", totals_.aji(),
            fmt::format("aggregated Jaccard index; aji+ {}", figure(totals_.aji_plus())));
    }

    void print_errors() const {
        const ObjectErrors& errors = totals_.errors;
        put("confused: {} of {} objects merged, {} split, {} missed; {} predictions invented\n",
            errors.merged, errors.true_objects(), errors.split, errors.missed, errors.invented);
    }

    void print_surfaces(const SurfaceOptions& options) const {
        std::int64_t one_sided = 0;
        for (const SurfaceSum& surface : totals_.surfaces) one_sided += surface.one_sided;
        const std::string without =
            one_sided > 0 ? fmt::format("; {} structures on one side only do not count", one_sided)
                          : "";
        row("hd95", "hd95", totals_.hd95(), options.unit + without);
        row("assd", "assd", totals_.assd(), options.unit);
        row("surface dice", "surface_dice", totals_.surface_dice(),
            fmt::format("within {:.6g} {}", options.tolerance, options.unit));
    }

    void print_classes() const {
        const Json object = to_json(evaluation_);
        for (const Json& entry : object["classes"])
            put("  class {:<10} iou {}  dice {}\n", entry["name"].get<std::string>(),
                text_of(entry["iou"]), text_of(entry["dice"]));
    }

    void print_sizes() const {
        const auto limits = evaluation_.options.size_limits.value_or(tertiles(totals_.objects));
        const auto sizes = by_size(totals_.objects, limits);
        const std::array names{fmt::format("below {} pixels", limits[0]),
                               fmt::format("{} to {}", limits[0], limits[1] - 1),
                               fmt::format("from {} on", limits[1])};
        put("by size:\n");
        for (std::size_t i = 0; i < sizes.size(); ++i)
            put("  {:<24} {} of {} found, mean IoU {}; {} of {} predictions wrong\n", names[i],
                sizes[i].found, sizes[i].true_objects, figure(sizes[i].mean_iou()), sizes[i].wrong,
                sizes[i].predicted_objects);
    }

    /// The images with the lowest scores: where to look first.
    void print_worst() const {
        constexpr std::size_t most = 3;
        if (evaluation_.images.size() <= most) return;
        const bool instances = evaluation_.options.kind == LabelKind::instances;
        std::vector<std::pair<double, std::string>> sorted;
        for (const ImageScores& image : evaluation_.images) {
            const ObjectErrors& errors = image.scores.errors;
            // Nothing annotated and nothing found: there is nothing to look at.
            if (instances && errors.true_objects() + errors.predicted_objects() == 0) continue;
            const auto score = instances ? image.scores.f1() : image.scores.iou();
            if (score) sorted.emplace_back(*score, image.name);
        }
        std::sort(sorted.begin(), sorted.end());
        put("lowest {}:\n", instances ? "f1" : "iou");
        for (std::size_t i = 0; i < std::min(most, sorted.size()); ++i)
            put("  {:.4f}  {}\n", sorted[i].first, sorted[i].second);
    }

    const Evaluation& evaluation_;
    const Scores& totals_;
};

void print_json(const std::string& model, const std::vector<std::string>& notes,
                const Json& evaluation) {
    Json object = Json::object();
    if (!model.empty()) object["model"] = model;
    object.update(evaluation);
    object["notes"] = notes_json(notes);
    put("{}\n", json_text(object, 2));
}

void print_row(const char* name, double value, const std::string& remark) {
    put("{:<14}{:>10.6f}   {}\n", name, value, remark);
}

std::string at(const Isbi2012Counts& counts) {
    return fmt::format("at threshold {:.1f}", counts.threshold);
}

}  // namespace

void print(const Evaluation& evaluation, const std::string& model,
           const std::vector<std::string>& notes, bool json) {
    if (json) return print_json(model, notes, to_json(evaluation));
    if (!model.empty()) put("model {}\n", model);
    Report(evaluation).print();
}

void print(const Isbi2012Evaluation& evaluation, const std::string& model,
           const std::vector<std::string>& notes, bool json) {
    if (json) return print_json(model, notes, to_json(evaluation));
    if (!model.empty()) put("model {}\n", model);
    const Isbi2012Scores& totals = evaluation.totals;
    put("{} images, {} slices, as ISBI 2012\n", evaluation.images.size(),
        totals.thresholds.front().slices);
    const Isbi2012Counts &v_rand = totals.best_v_rand(), &v_info = totals.best_v_info(),
                         &pixels = totals.best_pixels(), &pairs = totals.best_pairs(),
                         &warping = totals.best_warping();
    print_row("v_rand", v_rand.v_rand(),
              fmt::format("after thinning, {}: split {:.4f}, merge {:.4f}", at(v_rand),
                          v_rand.thinned_pairs.recall(), v_rand.thinned_pairs.precision()));
    print_row("v_info", v_info.v_info(),
              fmt::format("after thinning, {}: split {:.4f}, merge {:.4f}", at(v_info),
                          v_info.per_slice(v_info.v_info_split_sum),
                          v_info.per_slice(v_info.v_info_merge_sum)));
    print_row("warping error", totals.warping_error(),
              fmt::format("{}: {} pixels split objects, {} merge them", at(warping),
                          warping.warping.splits, warping.warping.mergers));
    print_row("rand error", totals.rand_error(),
              fmt::format("1 - F1 of pairs, {}: precision {:.4f}, recall {:.4f}", at(pairs),
                          pairs.pairs.precision(), pairs.pairs.recall()));
    print_row("pixel error", totals.pixel_error(),
              fmt::format("1 - F1 of pixels, {}: {:.2f} % of the pixels are wrong", at(pixels),
                          100.0 * pixels.wrong_pixels()));
}

}  // namespace unet::cli
