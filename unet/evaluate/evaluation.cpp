#include "unet/evaluate/evaluation.h"

#include <algorithm>
#include <span>

#include "unet/core/error.h"

namespace unet {
namespace {

/// 1 where there is anything; the ignored value stays what it is.
std::vector<std::uint32_t> foreground(std::span<const std::uint32_t> values) {
    std::vector<std::uint32_t> result(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) result[i] = values[i] != 0;
    return result;
}

/// Two class maps of an image; pixels of true value `ignore` do not count.
struct ClassMaps {
    std::span<const std::uint32_t> predicted, truth;
    std::optional<std::uint32_t> ignore;
};

/// Surfaces of every class. Ignored pixels are outside on both sides.
std::vector<SurfaceSum> surfaces_of(const ClassMaps& maps, const Size3& size,
                                    const SurfaceOptions& options) {
    std::vector<std::uint32_t> predicted(maps.predicted.begin(), maps.predicted.end());
    std::vector<std::uint32_t> truth(maps.truth.begin(), maps.truth.end());
    std::uint32_t last = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        if (truth[i] == maps.ignore) predicted[i] = truth[i] = 0;
        last = std::max({last, truth[i], predicted[i]});
    }
    std::vector<SurfaceSum> sums(last + std::size_t{1});
    for (std::uint32_t index = 1; index <= last; ++index)
        sums[index] = compare_surfaces(predicted, truth, index, size, options);
    return sums;
}

void compare_classes(const ClassMaps& maps, const Size3& size, const EvaluateOptions& options,
                     Scores& scores) {
    scores.confusion.add(maps.predicted, maps.truth, maps.ignore);
    if (options.surface) scores.surfaces = surfaces_of(maps, size, *options.surface);
}

/// Both maps' foreground by pixels. Ignored pixels are told by the truth as it was.
void compare_foreground(std::span<const std::uint32_t> predicted,
                        std::span<const std::uint32_t> truth, const Size3& size,
                        const EvaluateOptions& options, Scores& scores) {
    constexpr std::uint32_t ignored = 2;
    std::vector<std::uint32_t> true_foreground = foreground(truth);
    for (std::size_t i = 0; i < truth.size(); ++i)
        if (truth[i] == options.ignore) true_foreground[i] = ignored;
    const std::vector<std::uint32_t> predicted_foreground = foreground(predicted);
    compare_classes({predicted_foreground, true_foreground, ignored}, size, options, scores);
}

Scores evaluate_image(std::span<const std::uint32_t> predicted,
                      std::span<const std::uint32_t> truth, const Size3& size,
                      const EvaluateOptions& options) {
    Scores scores;
    if (options.kind == LabelKind::classes)
        compare_classes({predicted, truth, options.ignore}, size, options, scores);
    else
        compare_foreground(predicted, truth, size, options, scores);
    if (options.kind != LabelKind::instances) return scores;

    const Overlaps overlaps = count_overlaps(predicted, truth, options.ignore);
    for (double threshold : options.thresholds)
        scores.matches.push_back(count_matches(overlaps, threshold));
    scores.seg_sum = sum_seg(overlaps);
    scores.detections = count_detections(overlaps);
    scores.aji_sum = sum_aji(overlaps);
    scores.aji_plus_sum = sum_aji_plus(overlaps);
    scores.objects = sized_objects(overlaps);
    scores.errors = count_errors(overlaps);
    return scores;
}

/// Mean over the classes that have the figure.
template <class Figure>
std::optional<double> mean_over_classes(const std::vector<SurfaceSum>& classes, Figure figure) {
    double sum = 0.0;
    std::int64_t count = 0;
    for (const SurfaceSum& surface : classes)
        if (const std::optional<double> value = (surface.*figure)()) {
            sum += *value;
            ++count;
        }
    if (count == 0) return std::nullopt;
    return sum / static_cast<double>(count);
}

}  // namespace

const MatchCounts* Scores::at_iou(double threshold) const {
    for (const MatchCounts& counts : matches)
        if (counts.threshold > threshold - 1e-9 && counts.threshold < threshold + 1e-9)
            return &counts;
    return nullptr;
}

std::optional<double> Scores::f1() const {
    const MatchCounts* counts = at_iou(0.5);
    return counts ? std::optional(counts->f1()) : std::nullopt;
}
std::optional<double> Scores::precision() const {
    const MatchCounts* counts = at_iou(0.5);
    return counts ? std::optional(counts->precision()) : std::nullopt;
}
std::optional<double> Scores::recall() const {
    const MatchCounts* counts = at_iou(0.5);
    return counts ? std::optional(counts->recall()) : std::nullopt;
}

std::optional<double> Scores::pq() const {
    const MatchCounts* counts = at_iou(0.5);
    return counts ? std::optional(counts->panoptic_quality()) : std::nullopt;
}

std::optional<double> Scores::ap() const {
    if (matches.empty()) return std::nullopt;
    double sum = 0.0;
    for (const MatchCounts& counts : matches) sum += counts.accuracy();
    return sum / static_cast<double>(matches.size());
}

std::optional<double> Scores::hd95() const {
    return mean_over_classes(surfaces, &SurfaceSum::hd95);
}
std::optional<double> Scores::assd() const {
    return mean_over_classes(surfaces, &SurfaceSum::assd);
}
std::optional<double> Scores::surface_dice() const {
    return mean_over_classes(surfaces, &SurfaceSum::surface_dice);
}

Scores& Scores::operator+=(const Scores& other) {
    confusion += other.confusion;
    seg_sum += other.seg_sum;
    detections += other.detections;
    aji_sum += other.aji_sum;
    aji_plus_sum += other.aji_plus_sum;
    objects += other.objects;
    errors += other.errors;
    surfaces.resize(std::max(surfaces.size(), other.surfaces.size()));
    for (std::size_t i = 0; i < other.surfaces.size(); ++i) surfaces[i] += other.surfaces[i];
    if (matches.empty()) {
        matches = other.matches;
        return *this;
    }
    if (matches.size() != other.matches.size())
        fail(ErrorCode::invalid_argument,
             "adding scores: {} IoU thresholds on one side, {} on the other; compare all images "
             "with the same options",
             matches.size(), other.matches.size());
    for (std::size_t i = 0; i < matches.size(); ++i) matches[i] += other.matches[i];
    return *this;
}

Scores evaluate_pair(const LabelMap& predicted, const LabelMap& truth,
                     const EvaluateOptions& options, const std::string& name) {
    if (predicted.size != truth.size)
        fail(ErrorCode::shape_mismatch,
             "{}: predicted {} pixels, the truth is {}; compare a prediction with the labels of "
             "the same image",
             name, to_string(predicted.size), to_string(truth.size));
    if (!options.slicewise || truth.size.depth == 1)
        return evaluate_image(predicted.values, truth.values, truth.size, options);
    Scores scores;
    const Size3 slice{1, truth.size.height, truth.size.width};
    const auto area = static_cast<std::size_t>(slice.elements());
    for (std::int64_t z = 0; z < truth.size.depth; ++z)
        scores +=
            evaluate_image({predicted.plane(z), area}, {truth.plane(z), area}, slice, options);
    return scores;
}

void accumulate(Evaluation& evaluation, const std::string& name, const LabelMap& predicted,
                const LabelMap& truth) {
    Scores scores = evaluate_pair(predicted, truth, evaluation.options, name);
    evaluation.totals += scores;
    evaluation.images.push_back({name, std::move(scores)});
}

}  // namespace unet
