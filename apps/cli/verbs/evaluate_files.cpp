#include "verbs/evaluate_files.h"
#include "verbs/evaluate_numbers.h"

#include <algorithm>
#include <limits>
#include <map>

namespace unet::cli {
namespace {

constexpr std::uint32_t left_out = std::numeric_limits<std::uint32_t>::max();

TruthMeaning meaning_of_truth(const std::vector<LabelMap>& truths, const EvaluateSettings& settings,
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
    TruthMeaning meaning;
    meaning.kind = settings.labels == LabelsChoice::binary ? LabelKind::binary : LabelKind::classes;
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

std::vector<Pairing> pair_up(const std::string& predicted, const std::string& truth) {
    const auto left = collect_inputs({predicted}, two_of_one_name),
               right = collect_inputs({truth}, two_of_one_name);
    const bool files =
        !std::filesystem::is_directory(predicted) && !std::filesystem::is_directory(truth);
    if (files) return {{left[0], right[0]}};
    std::map<std::string, Input> by_key;
    for (const Input& input : left) by_key.emplace(pairing_key(input.stem), input);
    std::vector<Pairing> pairs;
    std::string missing;
    std::size_t count = 0;
    for (const Input& input : right) {
        const auto found = by_key.find(pairing_key(input.stem));
        if (found != by_key.end()) {
            pairs.push_back({found->second, input});
            by_key.erase(found);
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
    if (!by_key.empty())
        fmt::print(stderr, "note: {} of {} predictions have no label map in {} and do not count\n",
                   by_key.size(), left.size(), truth);
    return pairs;
}

Evaluation evaluate_files(const std::vector<Pairing>& pairs, const EvaluateSettings& settings,
                          const std::string& where, const UseMaps& use) {
    const ReadOptions reading = read_options_of(settings.stacks);
    const std::optional<std::uint32_t> ignore = settings.ignored();
    std::vector<LabelMap> truths;
    for (const Pairing& pair : pairs) truths.push_back(read_labels(pair.truth.path, reading));
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

EvaluateOptions options_for(const TruthMeaning& meaning, const EvaluateSettings& settings) {
    EvaluateOptions options;
    options.kind = meaning.kind;
    options.ignore = settings.ignored();
    options.slicewise = !settings.volume;
    if (!settings.sizes.empty()) options.size_limits = parse_sizes(settings.sizes);
    if (meaning.kind == LabelKind::instances) return options;
    if (options.ignore) options.ignore = left_out;
    if (meaning.kind == LabelKind::classes)
        for (const std::uint32_t value : meaning.values)
            options.class_names.push_back(std::to_string(value));
    return options;
}

void to_classes(LabelMap& map, const TruthMeaning& meaning, std::optional<std::uint32_t> ignore) {
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

}  // namespace unet::cli
