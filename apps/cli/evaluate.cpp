#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "flags.h"
#include "inputs.h"
#include "verbs.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Settings {
    LabelsChoice labels = LabelsChoice::detect;
    std::int64_t ignore = -1;
    std::string pages;
    bool json = false;
};

struct Pairing {
    Input predicted, truth;
};

/// Two files are a pair whatever they are called; folders pair up by name.
std::vector<Pairing> pair_up(const std::string& predicted, const std::string& truth) {
    const auto left = collect_inputs({predicted}), right = collect_inputs({truth});
    const bool files =
        !std::filesystem::is_directory(predicted) && !std::filesystem::is_directory(truth);
    if (files) return {{left[0], right[0]}};
    std::map<std::string, Input> by_stem;
    for (const Input& input : left) by_stem.emplace(input.stem, input);
    std::vector<Pairing> pairs;
    std::string missing;
    std::size_t count = 0;
    for (const Input& input : right) {
        const auto found = by_stem.find(input.stem);
        if (found != by_stem.end()) {
            pairs.push_back({found->second, input});
            by_stem.erase(found);
        } else if (++count <= 3) {
            missing += fmt::format("{}{}", missing.empty() ? "" : ", ", input.stem);
        }
    }
    if (count > 0)
        fail(
            ErrorCode::invalid_argument,
            "{}: found no prediction for {} of {} label maps in {} ({}{}), expected files of equal "
            "names",
            predicted, count, right.size(), truth, missing, count > 3 ? ", ..." : "");
    if (!by_stem.empty())
        fmt::print(stderr, "note: {} of {} predictions have no label map in {} and do not count\n",
                   by_stem.size(), left.size(), truth);
    return pairs;
}

/// What the truth holds, and its stored values by class index where these differ.
struct Meaning {
    LabelKind kind = LabelKind::instances;
    std::vector<std::uint32_t> values;
};

Meaning meaning_of_truth(const std::vector<LabelMap>& truths, const Settings& settings,
                         std::optional<std::uint32_t> ignore, const std::string& where) {
    if (settings.labels == LabelsChoice::instances) return {};
    Context context;
    std::vector<const LabelMap*> maps;
    for (const LabelMap& map : truths) maps.push_back(&map);
    const LabelSurvey survey = survey_labels(context, maps, ignore);
    if (settings.labels == LabelsChoice::detect) {
        const LabelMeaning meaning = unet::meaning_of(survey, settings.labels, ignore, where);
        return {meaning.kind, meaning.values};
    }
    Meaning meaning;
    meaning.kind = settings.labels == LabelsChoice::binary ? LabelKind::binary : LabelKind::classes;
    for (const auto& [value, count] : survey.values)
        if (value != ignore) meaning.values.push_back(value);
    return meaning;
}

constexpr std::uint32_t left_out = std::numeric_limits<std::uint32_t>::max();

/// Stored values to class indices; `binary`: everything but the smallest is 1.
void to_classes(LabelMap& map, const Meaning& meaning, std::optional<std::uint32_t> ignore) {
    const auto& values = meaning.values;
    for (std::uint32_t& value : map.values) {
        if (value == ignore) {
            value = left_out;
        } else if (meaning.kind == LabelKind::binary) {
            value = value != (values.size() == 2 ? values[0] : 0) ? 1 : 0;
        } else {
            const auto place = std::lower_bound(values.begin(), values.end(), value);
            value = static_cast<std::uint32_t>(place - values.begin());
        }
    }
}

/// Predictions are class indices as `predict` writes them, or the stored values of the truth.
bool holds_stored_values(const LabelMap& map, const std::vector<std::uint32_t>& values) {
    return std::all_of(map.values.begin(), map.values.end(), [&](std::uint32_t value) {
        return std::binary_search(values.begin(), values.end(), value);
    });
}

LabelMap read_prediction(const Input& input, const Size3& truth, const Settings& settings) {
    LabelMap map = read_labels(input.path);
    if (!settings.pages.empty() && map.size.depth != truth.depth)
        map = read_labels(input.path, parse_pages(settings.pages, "--pages"));
    return map;
}

Evaluation evaluate_all(const std::vector<Pairing>& pairs, const Settings& settings,
                        const std::string& where) {
    std::optional<PageRange> pages;
    if (!settings.pages.empty()) pages = parse_pages(settings.pages, "--pages");
    std::optional<std::uint32_t> ignore;
    if (settings.ignore >= 0) ignore = static_cast<std::uint32_t>(settings.ignore);
    std::vector<LabelMap> truths;
    for (const Pairing& pair : pairs) truths.push_back(read_labels(pair.truth.path, pages));
    const Meaning meaning = meaning_of_truth(truths, settings, ignore, where);

    Evaluation evaluation;
    evaluation.options.kind = meaning.kind;
    evaluation.options.ignore = ignore;
    if (meaning.kind != LabelKind::instances) {
        if (ignore) evaluation.options.ignore = left_out;
        if (meaning.kind == LabelKind::classes)
            for (const std::uint32_t value : meaning.values)
                evaluation.options.class_names.push_back(std::to_string(value));
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        LabelMap predicted = read_prediction(pairs[i].predicted, truths[i].size, settings);
        if (meaning.kind != LabelKind::instances) {
            to_classes(truths[i], meaning, ignore);
            if (holds_stored_values(predicted, meaning.values))
                to_classes(predicted, meaning, std::nullopt);
        }
        accumulate(evaluation, pairs[i].truth.stem, predicted, truths[i]);
        truths[i] = {};
    }
    return evaluation;
}

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
    print_row("seg", figure(totals.seg()), "Cell Tracking Challenge");
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

void print(const Evaluation& evaluation) {
    const Scores& totals = evaluation.totals;
    fmt::print("{} images, labels are {}\n", evaluation.images.size(),
               to_string(evaluation.options.kind));
    if (evaluation.options.kind == LabelKind::instances) print_instances(totals);
    print_row("iou", figure(totals.iou()), "foreground pixels");
    print_row("dice", figure(totals.dice()), "foreground pixels");
    print_row("pixel error", figure(totals.pixel_error()));
    if (evaluation.options.kind == LabelKind::classes) {
        const Json json = to_json(evaluation);
        for (const Json& entry : json["classes"])
            fmt::print(
                "  class {:<10} iou {}  dice {}\n", entry["name"].get<std::string>(),
                entry["iou"].is_null() ? "-" : fmt::format("{:.4f}", entry["iou"].get<double>()),
                entry["dice"].is_null() ? "-" : fmt::format("{:.4f}", entry["dice"].get<double>()));
    }
    print_worst(evaluation);
}

}  // namespace

int evaluate(const Arguments& arguments) {
    Settings settings;
    Flags flags(
        "evaluate", "PREDICTED TRUTH [options]",
        "Compares predicted label maps with annotated ones: files, stacks, or folders whose\n"
        "files have equal names.",
        {"unet evaluate results examples/nuclei/val/labels",
         "unet evaluate results/a.tif a_truth.png --labels instances --json",
         "unet evaluate results/stack.tif truth.tif --pages 18-23 --labels binary"});
    flags.operand("PREDICTED", "what `unet predict` wrote: objects or labels");
    flags.operand("TRUTH", "annotations: object ids, classes, or 0 and 255");
    flags.add(choice("labels", "what the values of TRUTH mean; detected where it is clear",
                     settings.labels,
                     {{"detect", LabelsChoice::detect},
                      {"instances", LabelsChoice::instances},
                      {"classes", LabelsChoice::classes},
                      {"binary", LabelsChoice::binary}}));
    flags.add({"ignore", "value of TRUTH whose pixels do not count; -1: none", &settings.ignore, -1,
               4294967295.0});
    flags.add({"pages",
               "slices of the stack TRUTH, counted from 0: 0-17 or 0-2,5; PREDICTED may hold all "
               "slices or just these",
               &settings.pages},
              "RANGE");
    flags.add({"json", "print one JSON object, every image in it", &settings.json});
    if (!flags.parse(arguments, 2, 2)) return 0;
    const std::string &predicted = flags.operands()[0], &truth = flags.operands()[1];
    const Evaluation evaluation = evaluate_all(pair_up(predicted, truth), settings, truth);
    if (settings.json)
        fmt::print("{}\n", to_json(evaluation).dump(2));
    else
        print(evaluation);
    return 0;
}

}  // namespace unet::cli
