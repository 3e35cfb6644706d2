#include "unet/jobs/report_files.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "unet/core/error.h"
#include "unet/core/text/shell.h"
#include "unet/core/text/unicode.h"
#include "unet/evaluate/bootstrap.h"
#include "unet/image/read.h"
#include "unet/jobs/evaluating/evaluate_files.h"
#include "unet/objects/sizes.h"
#include "unet/report/choose_images.h"
#include "unet/report/overview.h"
#include "unet/report/shown_image.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

/// A prediction of several kinds writes into folders of these names.
std::string labels_in(const std::string& predicted) {
    for (const char* kind : {"objects", "labels"})
        if (fs::is_directory(fs::path(predicted) / kind))
            return (fs::path(predicted) / kind).string();
    return predicted;
}

/// The images that were predicted, by the prediction's stem; two files belong together whatever
/// they are called.
class Images {
public:
    Images(const std::string& predicted, const FileReportSettings& settings, const Notice& notice) {
        if (settings.image.empty()) return;
        const auto maps = collect_inputs({predicted}, {}, two_of_one_name),
                   images = collect_inputs({settings.image}, notice, two_of_one_name);
        if (!fs::is_directory(predicted) && !fs::is_directory(settings.image)) {
            files_.emplace(comparable_name(maps[0].stem), images[0].path);
            return;
        }
        for (const Input& image : images) files_.emplace(comparable_name(image.stem), image.path);
        if (std::none_of(maps.begin(), maps.end(), [&](const Input& map) {
                return files_.contains(comparable_name(map.stem));
            }))
            fail_setting(
                "image", ErrorCode::invalid_argument,
                "`image` {}: found no image for any of {} predictions in {} ({}{}), expected files "
                "of equal names",
                settings.image, maps.size(), predicted, maps[0].stem,
                maps.size() > 1 ? ", ..." : "");
    }

    std::optional<Image> of(const std::string& stem) const {
        const auto place = files_.find(comparable_name(stem));
        if (place == files_.end()) return std::nullopt;
        return read_image(place->second);
    }

private:
    std::map<std::string, fs::path> files_;
};

ShownImage shown(const Images& images, const std::string& stem, const ShownMaps& maps,
                 const ChosenImage& chosen) {
    const std::optional<Image> image = images.of(stem);
    ShownImage result = show_image(stem, image ? &*image : nullptr, maps);
    result.why = chosen.why;
    result.figures = chosen.figures;
    return result;
}

/// evaluate_files, whose setting `labels` is `kind` here.
Evaluation compared(const std::vector<PredictedTruth>& pairs, const FileReportSettings& settings,
                    const UseMaps& use) {
    EvaluateSettings evaluating;
    evaluating.labels = settings.kind;
    evaluating.ignore = settings.ignore;
    const auto ours = [](std::string_view theirs) {
        return theirs == "labels" ? "kind" : std::string(theirs);
    };
    try {
        return evaluate_files(pairs, evaluating, settings.labels, use);
    } catch (const Error& error) {
        throw Error(error.code(),
                    with_settings_shown(
                        error.what(),
                        [&](std::string_view name) { return fmt::format("`{}`", ours(name)); }),
                    ours(error.setting()));
    }
}

void add_comparison(Report& report, const std::string& predicted,
                    const FileReportSettings& settings, const Notice& notice) {
    const Images images(predicted, settings, notice);
    const auto pairs = predicted_truths(predicted, settings.labels, notice);
    std::vector<std::pair<LabelMap, LabelMap>> maps;
    Evaluation evaluation = compared(pairs, settings, [&](LabelMap found, LabelMap truth) {
        maps.emplace_back(std::move(found), std::move(truth));
    });
    evaluation.intervals = bootstrap_intervals(evaluation);
    for (const ChosenImage& chosen : choose_images(evaluation)) {
        const auto& [found, truth] = maps[chosen.index];
        report.images.push_back(
            shown(images, pairs[chosen.index].predicted.stem,
                  {found, &truth, evaluation.options.kind, evaluation.options.ignore}, chosen));
    }
    report.subject = fmt::format("What was predicted, compared with the annotation of {} image{}.",
                                 pairs.size(), pairs.size() == 1 ? "" : "s");
    report.evaluated_on = fmt::format("{} image{}", pairs.size(), pairs.size() == 1 ? "" : "s");
    add_figures(report, evaluation);
    report.evaluation = std::move(evaluation);
}

/// Two values are a mask: its pixels belong to a class and are no object.
bool are_objects(const std::vector<Input>& inputs, LabelsChoice choice) {
    if (choice != LabelsChoice::detect) return choice == LabelsChoice::instances;
    std::set<std::uint32_t> values;
    for (const Input& input : inputs)
        for (const std::uint32_t value : read_labels(input.path).values) {
            if (value != 0) values.insert(value);
            if (values.size() > 1) return true;
        }
    return false;
}

void add_counts(Report& report, const std::string& predicted, const FileReportSettings& settings,
                const Notice& notice) {
    const Images images(predicted, settings, notice);
    const auto inputs = collect_inputs({predicted}, notice);
    Found found;
    found.objects = are_objects(inputs, settings.kind);
    std::vector<std::int64_t> counts;
    for (const Input& input : inputs) {
        const LabelMap map = read_labels(input.path);
        const auto sizes = object_sizes(map);
        FoundImage image{input.stem, std::ssize(sizes), 0, map.size.elements()};
        for (const ObjectSize& size : sizes) {
            image.pixels += size.pixels;
            if (found.objects) found.sizes.push_back(size.pixels);
        }
        counts.push_back(found.objects ? image.objects : image.pixels);
        found.images.push_back(std::move(image));
    }
    for (const ChosenImage& chosen :
         choose_by_count(counts, found.objects ? "objects" : "pixels")) {
        const LabelMap map = read_labels(inputs[chosen.index].path);
        report.images.push_back(shown(images, inputs[chosen.index].stem, {map}, chosen));
    }
    report.subject = fmt::format("What was predicted on {} image{}.", inputs.size(),
                                 inputs.size() == 1 ? "" : "s");
    report.overview.push_back({"images", fmt::format("{}", inputs.size())});
    if (found.objects)
        report.overview.push_back({"objects", fmt::format("{}", found.sizes.size())});
    report.found = std::move(found);
}

}  // namespace

Report report_of_files(const FileReportSettings& settings, const Notice& notice) {
    const std::string predicted = labels_in(settings.predicted);
    Report report;
    report.title = short_name(settings.predicted);
    if (settings.image.empty())
        report.remarks.push_back(
            "The pictures are black: give the images that were predicted by `image`.");
    if (settings.labels.empty())
        add_counts(report, predicted, settings,
                   [&](const std::string& text) { report.remarks.push_back(text); });
    else
        add_comparison(report, predicted, settings, notice);
    return report;
}

}  // namespace unet
