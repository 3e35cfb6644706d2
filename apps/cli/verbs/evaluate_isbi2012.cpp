#include "verbs/evaluate_isbi2012.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

/// More than two, which a mask does not have.
bool holds_many_values(const LabelMap& map) {
    if (map.values.empty()) return false;
    const auto [low, high] = std::minmax_element(map.values.begin(), map.values.end());
    return std::any_of(
        map.values.begin(), map.values.end(),
        [low = *low, high = *high](auto value) { return value != low && value != high; });
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
                       const ReadOptions& reading) {
    const std::string name = path.string();
    const ImageInfo info = read_image_info(path);
    // A prediction may hold all slices of the stack or just those that are compared.
    const auto range = info.size.depth != truth.size.depth ? reading : ReadOptions();
    if (info.type == SampleType::f32)
        return score_isbi2012(foreground_of(read_image(path, range), name), truth,
                              isbi2012_thresholds(), name);
    const LabelMap labels = read_labels(path, range);
    if (!holds_many_values(labels) || info.type != SampleType::u8)
        return score_isbi2012(labels, truth, name);
    Image probabilities = read_image(path, range);
    for (float& value : probabilities.values) value /= 255.0f;
    return score_isbi2012(probabilities, truth, isbi2012_thresholds(), name);
}

void print_row(const char* name, double value, const std::string& remark) {
    fmt::print("{:<14}{:>10.6f}   {}\n", name, value, remark);
}

std::string at(const Isbi2012Counts& counts) {
    return fmt::format("at threshold {:.1f}", counts.threshold);
}

}  // namespace

Isbi2012Evaluation evaluate_isbi2012(const std::vector<Pairing>& pairs,
                                     const EvaluateSettings& settings) {
    const ReadOptions reading = read_options_of(settings.stacks);
    Isbi2012Evaluation evaluation;
    for (const Pairing& pair : pairs) {
        const LabelMap truth = read_labels(pair.truth.path, reading);
        evaluation.add(pair.truth.stem, compare(pair.predicted.path, truth, reading));
    }
    return evaluation;
}

Isbi2012Evaluation evaluate_isbi2012(const Model& model, const std::string& images,
                                     const std::string& labels, const EvaluateSettings& settings) {
    Isbi2012Evaluation evaluation;
    predict_all(model, images, labels, settings,
                [&](Predictor& predictor, const Image& image, LabelMap& truth, const Pair& pair) {
                    const Image inside = foreground_of(predictor.probabilities(image), pair.name);
                    evaluation.add(pair.name, score_isbi2012(inside, truth, isbi2012_thresholds(),
                                                             pair.label.string()));
                });
    return evaluation;
}

void print(const Isbi2012Evaluation& evaluation, const std::string& model, bool json) {
    if (json) {
        Json object = Json::object();
        if (!model.empty()) object["model"] = model;
        object.update(to_json(evaluation));
        fmt::print("{}\n", object.dump(2));
        return;
    }
    if (!model.empty()) fmt::print("model {}\n", model);
    const Isbi2012Scores& totals = evaluation.totals;
    fmt::print("{} images, {} slices, as ISBI 2012\n", evaluation.images.size(),
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
