#include "unet/jobs/report_files.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "unet/core/error.h"
#include "unet/core/text/shell.h"
#include "unet/core/text/unicode.h"
#include "unet/data/comparing/overlay.h"
#include "unet/evaluate/bootstrap.h"
#include "unet/image/contents/reading_notes.h"
#include "unet/image/image_path.h"
#include "unet/image/read.h"
#include "unet/image/read_series.h"
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
    if (is_image_folder(predicted)) return predicted;
    for (const char* kind : {"objects", "labels"})
        if (fs::is_directory(fs::path(predicted) / kind))
            return (fs::path(predicted) / kind).string();
    return predicted;
}

/// The images that were predicted, by the prediction's stem; two files belong together whatever
/// they are called.
class Images {
public:
    Images(const std::string& predicted, const FileReportSettings& settings, const Notice& notice)
        : overlay_(reading_of(settings)) {
        if (settings.image.empty()) return;
        const auto maps = collect_inputs({predicted}, {}, two_of_one_name),
                   images = collect_inputs({settings.image}, notice, two_of_one_name);
        if (!is_folder_of_images(predicted) && !is_folder_of_images(settings.image)) {
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

    /// On the pixels of what was predicted.
    std::optional<Image> of(const Input& predicted) {
        const auto place = files_.find(comparable_name(predicted.stem));
        if (place == files_.end()) return std::nullopt;
        Image image = read_image(place->second, overlay_.place(predicted.path, place->second));
        image.notes = told_of(place->second, image.notes);
        return image;
    }

    /// Why that may not fit what was predicted.
    std::string hint(const Input& predicted) const {
        const auto place = files_.find(comparable_name(predicted.stem));
        return place == files_.end() ? "" : orientation_hint(place->second);
    }

    std::vector<std::string> notes() const { return overlay_.notes(); }

private:
    static ReadOptions reading_of(const FileReportSettings& settings) {
        ReadOptions reading = read_series(settings.series);
        reading.by_pixels = settings.by_pixels;
        return reading;
    }

    std::map<std::string, fs::path> files_;
    Overlay overlay_;
};

void add_remarks(Report& report, const std::vector<std::string>& notes) {
    report.remarks.insert(report.remarks.end(), notes.begin(), notes.end());
}

/// Shows one of the images in the report.
void show(Report& report, Images& images, const Input& predicted, const ShownMaps& maps,
          const ChosenImage& chosen) {
    const std::optional<Image> image = images.of(predicted);
    if (image) add_remarks(report, image->notes);
    ShownImage result;
    try {
        result = show_image(predicted.stem, image ? &*image : nullptr, maps);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::shape_mismatch) throw;
        throw Error(error.code(), error.what() + images.hint(predicted), error.setting());
    }
    result.why = chosen.why;
    result.figures = chosen.figures;
    report.images.push_back(std::move(result));
}

/// evaluate_files, whose setting `labels` is `kind` here.
Evaluation compared(const std::vector<PredictedTruth>& pairs, const FileReportSettings& settings,
                    const UseMaps& use, const Notice& notice) {
    EvaluateSettings evaluating;
    evaluating.stacks.series = settings.series;
    evaluating.labels = settings.kind;
    evaluating.ignore = settings.ignore;
    evaluating.values = settings.values;
    evaluating.stacks.by_pixels = settings.by_pixels;
    const auto ours = [](std::string_view theirs) {
        return theirs == "labels" ? "kind" : std::string(theirs);
    };
    try {
        return evaluate_files(pairs, evaluating, settings.labels, use, notice);
    } catch (const Error& error) {
        throw Error(error.code(),
                    with_settings_shown(
                        error.what(),
                        [&](std::string_view name) { return fmt::format("`{}`", ours(name)); }),
                    ours(error.setting()));
    }
}

void add_comparison(Report& report, const std::string& predicted,
                    const FileReportSettings& settings) {
    const Notice notice = [&](const std::string& note) { report.remarks.push_back(note); };
    Images images(predicted, settings, notice);
    const auto pairs = predicted_truths(predicted, settings.labels, notice);
    std::vector<std::pair<LabelMap, LabelMap>> maps;
    Evaluation evaluation = compared(
        pairs, settings,
        [&](LabelMap found, LabelMap truth) {
            maps.emplace_back(std::move(found), std::move(truth));
        },
        notice);
    evaluation.intervals = bootstrap_intervals(evaluation);
    for (const ChosenImage& chosen : choose_images(evaluation)) {
        const auto& [found, truth] = maps[chosen.index];
        show(report, images, pairs[chosen.index].predicted,
             {found, &truth, evaluation.options.kind, evaluation.options.ignore}, chosen);
    }
    add_remarks(report, images.notes());
    report.subject = fmt::format("What was predicted, compared with the annotation of {} image{}.",
                                 pairs.size(), pairs.size() == 1 ? "" : "s");
    report.evaluated_on = fmt::format("{} image{}", pairs.size(), pairs.size() == 1 ? "" : "s");
    add_figures(report, evaluation);
    report.evaluation = std::move(evaluation);
}

/// Two values are a mask: its pixels belong to a class and are no object.
bool are_objects(const std::vector<Input>& inputs, LabelsChoice choice,
                 const ReadOptions& reading) {
    if (choice != LabelsChoice::detect) return choice == LabelsChoice::instances;
    std::set<std::uint32_t> values;
    for (const Input& input : inputs)
        for (const std::uint32_t value : read_labels(input.path, reading).values) {
            if (value != 0) values.insert(value);
            if (values.size() > 1) return true;
        }
    return false;
}

void add_counts(Report& report, const std::string& predicted, const FileReportSettings& settings,
                const Notice& notice) {
    Images images(predicted, settings, notice);
    const auto inputs = collect_inputs({predicted}, notice);
    Found found;
    const ReadOptions reading = read_series(settings.series);
    found.objects = are_objects(inputs, settings.kind, reading);
    std::vector<std::int64_t> counts;
    bool background = false;
    for (const Input& input : inputs) {
        const LabelMap map = read_labels(input.path, reading);
        add_remarks(report, told_of(input.path, map.notes));
        background =
            background || std::find(map.values.begin(), map.values.end(), 0u) != map.values.end();
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
        const LabelMap map = read_labels(inputs[chosen.index].path, reading);
        show(report, images, inputs[chosen.index], {map}, chosen);
    }
    add_remarks(report, images.notes());
    if (!background)
        report.remarks.push_back(
            "No pixel of the predictions is background (0): each value counts, also one that is "
            "the background of a mask.");
    report.subject = fmt::format("What was predicted on {} image{}.", inputs.size(),
                                 inputs.size() == 1 ? "" : "s");
    report.overview.push_back({"images", fmt::format("{}", inputs.size())});
    if (found.objects)
        report.overview.push_back({"objects", fmt::format("{}", found.sizes.size())});
    report.found = std::move(found);
}

}  // namespace

Report report_of_files(const FileReportSettings& settings) {
    const std::string predicted = labels_in(settings.predicted);
    Report report;
    report.title = short_name(settings.predicted);
    if (settings.image.empty())
        report.remarks.push_back(
            "Objects are shown on black: give the images that were predicted by `image`.");
    if (settings.labels.empty())
        add_counts(report, predicted, settings,
                   [&](const std::string& text) { report.remarks.push_back(text); });
    else
        add_comparison(report, predicted, settings);
    return report;
}

}  // namespace unet
