#include "unet/jobs/evaluating/evaluate_files.h"

#include <utility>

#include "unet/core/context.h"
#include "unet/core/error.h"
#include "unet/data/comparing/compared_values.h"
#include "unet/data/comparing/grey_labels.h"
#include "unet/data/comparing/mask_coding.h"
#include "unet/data/comparing/object_values.h"
#include "unet/data/comparing/overlay.h"
#include "unet/data/label_survey.h"
#include "unet/data/pairs.h"
#include "unet/image/image_path.h"
#include "unet/image/read.h"
#include "unet/image/read_series.h"
#include "unet/jobs/evaluating/evaluate_options.h"
#include "unet/jobs/partners.h"

namespace unet {
namespace {

LabelSurvey survey_of(const std::vector<LabelMap>& maps, std::optional<std::uint32_t> ignore) {
    Context context;
    std::vector<const LabelMap*> pointers;
    for (const LabelMap& map : maps) pointers.push_back(&map);
    return survey_labels(context, pointers, ignore);
}

TruthMeaning meaning_of_truth(const std::vector<LabelMap>& truths, const EvaluateSettings& settings,
                              std::optional<std::uint32_t> ignore, const std::string& where) {
    if (settings.labels == LabelsChoice::instances) return {};
    const LabelSurvey survey = survey_of(truths, ignore);
    const std::size_t values = survey.values.size() - (ignore ? survey.values.count(*ignore) : 0);
    if (settings.labels == LabelsChoice::detect && values < 2)
        fail_setting("labels", ErrorCode::invalid_argument,
                     "{}: every pixel has the value {}, so that nothing says what the values mean: "
                     "give `labels` instances, `labels` classes or `labels` binary",
                     where, survey.values.empty() ? 0 : survey.values.begin()->first);
    if (settings.labels == LabelsChoice::detect) {
        const LabelMeaning meaning = meaning_of(survey, settings.labels, ignore, where);
        return {meaning.kind, meaning.values};
    }
    TruthMeaning meaning{kind_of(settings.labels), {}};
    for (const auto& [value, count] : survey.values)
        if (value != ignore) meaning.values.push_back(value);
    return meaning;
}

/// Only which values there are.
LabelSurvey values_of_all(const std::vector<FileValues>& files) {
    LabelSurvey survey;
    for (const FileValues& file : files)
        for (const std::uint32_t value : file.values) survey.values.try_emplace(value);
    return survey;
}

LabelMap read_prediction(const Input& input, const Size3& truth, const EvaluateSettings& settings) {
    LabelMap map = read_labels(input.path, read_series(settings.stacks.series));
    if (settings.picks_slices() && map.size.depth != truth.depth)
        map = read_labels(input.path, read_options_of(settings.stacks));
    return map;
}

/// What must be equal for two files of folders to be a pair: the name, or what follows the word of
/// the Cell Tracking Challenge in mask007.tif, man_seg007.tif and man_track007.tif.
std::string pairing_key(const std::string& stem) {
    for (const std::string_view word : {"man_seg", "man_track", "mask"}) {
        if (!stem.starts_with(word) || stem.size() == word.size()) continue;
        std::string rest = stem.substr(word.size());
        if (rest.find_first_not_of("0123456789") == std::string::npos) return rest;
    }
    return stem;
}

}  // namespace

std::vector<PredictedTruth> predicted_truths(const std::string& predicted, const std::string& truth,
                                             const Notice& notice) {
    const auto left = collect_inputs({predicted}, notice, two_of_one_name),
               right = collect_inputs({truth}, notice, two_of_one_name);
    if (!is_folder_of_images(predicted) && !is_folder_of_images(truth))
        return {{left[0], right[0]}};
    const Partners partners =
        partners_of(right, left, pairing_key, predicted + ": found no prediction", truth);
    if (partners.left_over > 0 && notice)
        notice(fmt::format("{} of {} predictions have no label map in {} and do not count",
                           partners.left_over, left.size(), truth));
    std::vector<PredictedTruth> pairs;
    for (std::size_t i = 0; i < right.size(); ++i) pairs.push_back({partners.of_each[i], right[i]});
    return pairs;
}

Evaluation evaluate_files(const std::vector<PredictedTruth>& pairs,
                          const EvaluateSettings& settings, const std::string& where,
                          const UseMaps& use, const Notice& notice) {
    const ValueMap said = parse_values(settings.values);
    const std::optional<std::uint32_t> ignore = settings.ignored();
    Overlay overlay(read_options_of(settings.stacks));
    const auto tell = [&](const std::vector<std::string>& notes) {
        for (const std::string& note : notes)
            if (notice) notice(note);
    };
    std::vector<LabelMap> truths;
    std::vector<FileValues> true_values, predicted_values;
    for (const PredictedTruth& pair : pairs) {
        truths.push_back(
            read_labels(pair.truth.path, overlay.place(pair.predicted.path, pair.truth.path)));
        tell(told_of(pair.truth.path, truths.back().notes));
        if (said.empty()) check_not_grey(truths.back(), pair.truth.path.string(), false);
        true_values.push_back(values_in(pair.truth.path.string(), truths.back(), ignore));
    }
    TruthMeaning meaning = meaning_of_truth(truths, settings, ignore, where);
    const bool instances = meaning.kind == LabelKind::instances;
    const auto check_coding = [&](const std::vector<FileValues>& files) {
        if (std::string note = check_mask_coding(files, meaning.kind, where); !note.empty())
            tell({std::move(note)});
    };
    for (std::size_t i = 0; instances && said.empty() && i < pairs.size(); ++i)
        check_not_grey(truths[i], pairs[i].truth.path.string(), true);
    check_coding(true_values);
    const auto prediction = [&](std::size_t i) {
        LabelMap map = read_prediction(pairs[i].predicted, truths[i].size, settings);
        tell(told_of(pairs[i].predicted.path, map.notes));
        if (said.empty()) check_not_grey(map, pairs[i].predicted.path.string(), instances);
        predicted_values.push_back(values_in(pairs[i].predicted.path.string(), map, ignore));
        return map;
    };

    tell(overlay.notes());
    Evaluation evaluation;
    std::vector<LabelMap> predictions;
    ValueMap classes = said;  // of objects, what was said
    if (!instances) {
        for (std::size_t i = 0; i < pairs.size(); ++i) predictions.push_back(prediction(i));
        if (said.empty()) check_coding(predicted_values);
        ComparedValues values =
            match_values({meaning.kind, meaning.values, settings.labels == LabelsChoice::detect},
                         survey_of(predictions, ignore), said, where);
        if (meaning.kind == LabelKind::classes) meaning.values = values.classes;
        classes = std::move(values.predicted);
        tell(values.notes);
    }
    evaluation.options = options_for(meaning, settings);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        LabelMap predicted = instances ? prediction(i) : std::move(predictions[i]);
        replace_values(predicted.values, classes);
        if (!instances) to_classes(truths[i], meaning, ignore);
        measure_in_unit_of(truths[i], pairs[i].truth.path.string(), settings, evaluation.options);
        accumulate(evaluation, pairs[i].truth.stem, predicted, truths[i]);
        if (use) use(std::move(predicted), std::move(truths[i]));
        truths[i] = {};
    }
    if (instances && said.empty()) {
        check_coding(predicted_values);
        tell(notes_on_objects(values_of_all(true_values), values_of_all(predicted_values), where));
    }
    return evaluation;
}

}  // namespace unet
