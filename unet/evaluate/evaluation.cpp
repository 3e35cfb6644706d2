#include "unet/evaluate/evaluation.h"

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

/// Both maps' foreground by pixels. Ignored pixels are told by the truth as it was.
void compare_foreground(std::span<const std::uint32_t> predicted,
                        std::span<const std::uint32_t> truth, std::optional<std::uint32_t> ignore,
                        Confusion& confusion) {
    constexpr std::uint32_t ignored = 2;
    std::vector<std::uint32_t> true_foreground = foreground(truth);
    for (std::size_t i = 0; i < truth.size(); ++i)
        if (truth[i] == ignore) true_foreground[i] = ignored;
    confusion.add(foreground(predicted), true_foreground, ignored);
}

Scores evaluate_picture(std::span<const std::uint32_t> predicted,
                        std::span<const std::uint32_t> truth, const EvaluateOptions& options) {
    Scores scores;
    if (options.kind == LabelKind::classes)
        scores.confusion.add(predicted, truth, options.ignore);
    else
        compare_foreground(predicted, truth, options.ignore, scores.confusion);
    if (options.kind != LabelKind::instances) return scores;

    const Overlaps overlaps = count_overlaps(predicted, truth, options.ignore);
    for (double threshold : options.thresholds)
        scores.matches.push_back(count_matches(overlaps, threshold));
    scores.seg_sum = sum_seg(overlaps);
    scores.detections = count_detections(overlaps);
    scores.aji_sum = sum_aji(overlaps);
    scores.aji_plus_sum = sum_aji_plus(overlaps);
    return scores;
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

Scores& Scores::operator+=(const Scores& other) {
    confusion += other.confusion;
    seg_sum += other.seg_sum;
    detections += other.detections;
    aji_sum += other.aji_sum;
    aji_plus_sum += other.aji_plus_sum;
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
        return evaluate_picture(predicted.values, truth.values, options);
    Scores scores;
    const auto area = static_cast<std::size_t>(truth.size.height * truth.size.width);
    for (std::int64_t z = 0; z < truth.size.depth; ++z)
        scores += evaluate_picture({predicted.plane(z), area}, {truth.plane(z), area}, options);
    return scores;
}

void accumulate(Evaluation& evaluation, const std::string& name, const LabelMap& predicted,
                const LabelMap& truth) {
    Scores scores = evaluate_pair(predicted, truth, evaluation.options, name);
    evaluation.totals += scores;
    evaluation.images.push_back({name, std::move(scores)});
}

}  // namespace unet
