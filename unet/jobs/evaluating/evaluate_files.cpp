#include "unet/jobs/evaluating/evaluate_files.h"

#include <algorithm>

#include "unet/core/context.h"
#include "unet/core/error.h"
#include "unet/data/label_survey.h"
#include "unet/data/pairs.h"
#include "unet/image/read.h"
#include "unet/jobs/evaluating/evaluate_options.h"
#include "unet/jobs/partners.h"

namespace unet {
namespace {

TruthMeaning meaning_of_truth(const std::vector<LabelMap>& truths, const EvaluateSettings& settings,
                              std::optional<std::uint32_t> ignore, const std::string& where) {
    if (settings.labels == LabelsChoice::instances) return {};
    Context context;
    std::vector<const LabelMap*> maps;
    for (const LabelMap& map : truths) maps.push_back(&map);
    const LabelSurvey survey = survey_labels(context, maps, ignore);
    if (settings.labels == LabelsChoice::detect) {
        const LabelMeaning meaning = meaning_of(survey, settings.labels, ignore, where);
        return {meaning.kind, meaning.values};
    }
    TruthMeaning meaning{kind_of(settings.labels), {}};
    for (const auto& [value, count] : survey.values)
        if (value != ignore) meaning.values.push_back(value);
    return meaning;
}

/// Predictions are class indices as `predict` writes them, or the stored values of the truth.
bool holds_stored_values(const LabelMap& map, const std::vector<std::uint32_t>& values) {
    return std::all_of(map.values.begin(), map.values.end(), [&](std::uint32_t value) {
        return std::binary_search(values.begin(), values.end(), value);
    });
}

LabelMap read_prediction(const Input& input, const Size3& truth, const EvaluateSettings& settings) {
    LabelMap map = read_labels(input.path);
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
    if (!std::filesystem::is_directory(predicted) && !std::filesystem::is_directory(truth))
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
                          const UseMaps& use) {
    const ReadOptions reading = read_options_of(settings.stacks);
    const std::optional<std::uint32_t> ignore = settings.ignored();
    std::vector<LabelMap> truths;
    for (const PredictedTruth& pair : pairs)
        truths.push_back(read_labels(pair.truth.path, reading));
    const TruthMeaning meaning = meaning_of_truth(truths, settings, ignore, where);

    Evaluation evaluation;
    evaluation.options = options_for(meaning, settings);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        LabelMap predicted = read_prediction(pairs[i].predicted, truths[i].size, settings);
        if (meaning.kind != LabelKind::instances) {
            to_classes(truths[i], meaning, ignore);
            if (holds_stored_values(predicted, meaning.values))
                to_classes(predicted, meaning, std::nullopt);
        }
        measure_in_unit_of(truths[i], pairs[i].truth.path.string(), settings, evaluation.options);
        accumulate(evaluation, pairs[i].truth.stem, predicted, truths[i]);
        if (use) use(std::move(predicted), std::move(truths[i]));
        truths[i] = {};
    }
    return evaluation;
}

}  // namespace unet
