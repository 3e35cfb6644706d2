#include "unet/jobs/evaluating/evaluate_isbi2012.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/data/comparing/overlay.h"
#include "unet/data/pairs.h"
#include "unet/image/read.h"
#include "unet/image/read_series.h"

namespace unet {
namespace {

/// More than two, which a mask does not have.
bool holds_many_values(const LabelMap& map) {
    if (map.values.empty()) return false;
    const auto [low, high] = std::minmax_element(map.values.begin(), map.values.end());
    return std::any_of(
        map.values.begin(), map.values.end(),
        [low = *low, high = *high](auto value) { return value != low && value != high; });
}

/// A mask of two values without 0 has other values for membranes.
void check_membranes(const LabelMap& map, const std::string& name) {
    if (map.values.empty() || holds_many_values(map)) return;
    const auto [low, high] = std::minmax_element(map.values.begin(), map.values.end());
    if (*low != 0 && *low != *high)
        fail(ErrorCode::invalid_argument,
             "{}: found a mask of {} and {}, expected 0 on membranes and another value inside; "
             "save it so",
             name, *low, *high);
}

/// The probability of the foreground: the only channel, or the second of two classes.
Image foreground_of(Image probabilities, const std::string& name) {
    if (probabilities.channels == 1) return probabilities;
    if (probabilities.channels != 2)
        fail(ErrorCode::shape_mismatch,
             "{}: found probabilities of {} classes, expected one channel or two classes, "
             "background and foreground",
             name, probabilities.channels);
    const auto plane = static_cast<std::ptrdiff_t>(probabilities.size.elements());
    probabilities.values.erase(probabilities.values.begin(), probabilities.values.begin() + plane);
    probabilities.channels = 1;
    return probabilities;
}

Isbi2012Scores compare(const std::filesystem::path& path, const LabelMap& truth,
                       const ReadOptions& reading, const Notice& notice) {
    const std::string name = path.string();
    // A prediction may hold all slices of the stack or just those that are compared.
    ReadOptions range = read_series(reading.series);
    const ImageInfo info = read_label_info(path, reading.series);
    if (info.size.depth != truth.size.depth) range = reading;
    range.as_stored = true;
    if (info.series.empty()) range.series.clear();
    for (const std::string& note : told_of(path, info.notes))
        if (notice) notice(note);
    if (info.type == SampleType::f32)
        return score_isbi2012(foreground_of(read_image(path, range), name), truth,
                              isbi2012_thresholds(), name);
    const LabelMap labels = read_labels(path, range);
    check_membranes(labels, name);
    if (!holds_many_values(labels) || info.type != SampleType::u8)
        return score_isbi2012(labels, truth, name);
    Image probabilities = read_image(path, range);
    for (float& value : probabilities.values) value /= 255.0f;
    return score_isbi2012(probabilities, truth, isbi2012_thresholds(), name);
}

}  // namespace

Isbi2012Evaluation evaluate_isbi2012(const std::vector<PredictedTruth>& pairs,
                                     const EvaluateSettings& settings, const Notice& notice) {
    const ReadOptions reading = read_options_of(settings.stacks);
    Overlay overlay(reading);
    Isbi2012Evaluation evaluation;
    for (const PredictedTruth& pair : pairs) {
        const LabelMap truth =
            read_labels(pair.truth.path, overlay.place(pair.predicted.path, pair.truth.path));
        for (const std::string& note : told_of(pair.truth.path, truth.notes))
            if (notice) notice(note);
        check_membranes(truth, pair.truth.path.string());
        evaluation.add(pair.truth.stem, compare(pair.predicted.path, truth, reading, notice));
    }
    for (const std::string& note : overlay.notes())
        if (notice) notice(note);
    return evaluation;
}

Isbi2012Evaluation evaluate_isbi2012(const Model& model, const std::string& images,
                                     const std::string& labels, const EvaluateSettings& settings,
                                     const JobHooks& hooks) {
    Isbi2012Evaluation evaluation;
    predict_all(model, images, labels, settings, hooks,
                [&](Predictor& predictor, const Image& image, LabelMap& truth, const Pair& pair) {
                    check_membranes(truth, pair.label.string());
                    const Image inside = foreground_of(predictor.probabilities(image), pair.name);
                    evaluation.add(pair.name, score_isbi2012(inside, truth, isbi2012_thresholds(),
                                                             pair.label.string()));
                });
    return evaluation;
}

}  // namespace unet
