#include "unet/evaluate/isbi2012.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/evaluate/information.h"
#include "unet/evaluate/thinning.h"
#include "unet/objects/components.h"

namespace unet {
namespace {

/// One slice of both sides.
struct Slice {
    std::span<const std::uint32_t> truth;           ///< segments
    std::span<const float> probabilities;           ///< of lying inside
    std::span<const std::uint32_t> predicted = {};  ///< segments; empty: from the probabilities
    Size3 size;
};

std::vector<std::uint32_t> segments_above(const Slice& slice, double threshold) {
    if (!slice.predicted.empty()) return {slice.predicted.begin(), slice.predicted.end()};
    std::vector<std::uint32_t> segments(slice.probabilities.size());
    std::transform(slice.probabilities.begin(), slice.probabilities.end(), segments.begin(),
                   [&](float p) { return static_cast<double>(p) > threshold ? 1u : 0u; });
    ComponentFinder().find(segments, slice.size);
    return segments;
}

void count_inside(const Slice& slice, double threshold, ClassPixels& inside) {
    for (std::size_t i = 0; i < slice.truth.size(); ++i) {
        const bool predicted = static_cast<double>(slice.probabilities[i]) > threshold;
        inside.truth += slice.truth[i] != 0 ? 1 : 0;
        inside.predicted += predicted ? 1 : 0;
        inside.both += predicted && slice.truth[i] != 0 ? 1 : 0;
    }
}

Isbi2012Counts count_slice(const Slice& slice, double threshold) {
    Isbi2012Counts counts{.threshold = threshold, .slices = 1};
    counts.pixels = slice.size.elements();
    count_inside(slice, threshold, counts.inside);
    std::vector<std::uint32_t> segments = segments_above(slice, threshold);
    // The challenge's program holds the truth, 0 and 1, against the threshold too: at 1 it is
    // empty.
    const std::vector<std::uint32_t> nothing(threshold < 1.0 ? 0 : slice.truth.size(), 0);
    const std::span<const std::uint32_t> truth =
        nothing.empty() ? slice.truth : std::span<const std::uint32_t>(nothing);
    const Overlaps overlaps = count_overlaps(segments, truth);
    counts.pairs = count_pairs(overlaps);
    counts.rand_error_sum = counts.pairs.error();
    counts.variation_sum = shared_information(overlaps).variation();
    thin_borders(segments, slice.size.height, slice.size.width);
    const Overlaps thinned = count_overlaps(segments, truth);
    counts.thinned_pairs = count_pairs(thinned);
    counts.v_rand_sum = counts.thinned_pairs.f1();
    const Information information = shared_information(thinned);
    counts.v_info_sum = information.score();
    counts.v_info_split_sum = information.split();
    counts.v_info_merge_sum = information.merge();
    counts.warping =
        warp(slice.truth, slice.probabilities, threshold, slice.size.height, slice.size.width);
    return counts;
}

/// `segments` is empty where the probabilities alone say what is predicted.
Isbi2012Scores score_slices(const std::vector<float>& probabilities,
                            const std::vector<std::uint32_t>& segments, const LabelMap& truth,
                            const std::vector<double>& thresholds) {
    const LabelMap true_segments = connected_components(truth);
    const Size3 size{1, truth.size.height, truth.size.width};
    const auto area = static_cast<std::size_t>(size.elements());
    Isbi2012Scores scores;
    for (const double threshold : thresholds) scores.thresholds.push_back({.threshold = threshold});
    for (std::int64_t z = 0; z < truth.size.depth; ++z) {
        const std::size_t begin = static_cast<std::size_t>(z) * area;
        Slice slice{{true_segments.plane(z), area}, {probabilities.data() + begin, area}, {}, size};
        if (!segments.empty()) slice.predicted = {segments.data() + begin, area};
        for (Isbi2012Counts& counts : scores.thresholds)
            counts += count_slice(slice, counts.threshold);
    }
    return scores;
}

void check_sizes(const Size3& predicted, const Size3& truth, const std::string& name) {
    if (predicted != truth)
        fail(ErrorCode::shape_mismatch,
             "{}: predicted {} pixels, the truth is {}; compare a prediction with the labels of "
             "the same image",
             name, to_string(predicted), to_string(truth));
}

void check_probabilities(const Image& image, const std::string& name) {
    for (std::size_t i = 0; i < image.values.size(); ++i) {
        const float value = image.values[i];
        if (value >= 0.0f && value <= 1.0f) continue;
        const auto place = static_cast<std::int64_t>(i);
        const std::int64_t row = place / image.size.width;
        fail(ErrorCode::unsupported,
             "{}: found {} at slice {}, row {}, column {}, expected probabilities from 0 to 1; "
             "logits or a network that diverged?",
             name, value, row / image.size.height, row % image.size.height,
             place % image.size.width);
    }
}

double mean_over(double sum, std::int64_t count) {
    return count > 0 ? sum / static_cast<double>(count) : 0.0;
}

double share(std::int64_t part, std::int64_t whole) {
    return mean_over(static_cast<double>(part), whole);
}

/// The first threshold with the largest value.
template <class Figure>
const Isbi2012Counts& largest(const std::vector<Isbi2012Counts>& thresholds, Figure figure) {
    return *std::max_element(
        thresholds.begin(), thresholds.end(),
        [&](const Isbi2012Counts& a, const Isbi2012Counts& b) { return figure(a) < figure(b); });
}

}  // namespace

double Isbi2012Counts::wrong_pixels() const {
    return share(inside.truth + inside.predicted - 2 * inside.both, pixels);
}
double Isbi2012Counts::pixel_precision() const {
    return inside.both == inside.predicted ? 1.0 : share(inside.both, inside.predicted);
}
double Isbi2012Counts::pixel_recall() const {
    return inside.both == inside.truth ? 1.0 : share(inside.both, inside.truth);
}
double Isbi2012Counts::pixel_f1() const {
    return share(2 * inside.both, inside.truth + inside.predicted);
}

double Isbi2012Counts::per_slice(double sum) const { return mean_over(sum, slices); }

Isbi2012Counts& Isbi2012Counts::operator+=(const Isbi2012Counts& other) {
    inside.truth += other.inside.truth;
    inside.predicted += other.inside.predicted;
    inside.both += other.inside.both;
    pixels += other.pixels;
    slices += other.slices;
    pairs += other.pairs;
    thinned_pairs += other.thinned_pairs;
    rand_error_sum += other.rand_error_sum;
    variation_sum += other.variation_sum;
    v_rand_sum += other.v_rand_sum;
    v_info_sum += other.v_info_sum;
    v_info_split_sum += other.v_info_split_sum;
    v_info_merge_sum += other.v_info_merge_sum;
    warping += other.warping;
    return *this;
}

const Isbi2012Counts& Isbi2012Scores::best_pixels() const {
    return largest(thresholds, [](const Isbi2012Counts& counts) { return counts.pixel_f1(); });
}
const Isbi2012Counts& Isbi2012Scores::best_pairs() const {
    return largest(thresholds, [](const Isbi2012Counts& counts) { return counts.pairs.f1(); });
}
const Isbi2012Counts& Isbi2012Scores::best_warping() const {
    // Nothing predicted splits and merges nothing.
    return largest(thresholds, [](const Isbi2012Counts& counts) {
        return counts.inside.predicted > 0 ? -counts.warping.split_and_merge_error() : -1.0;
    });
}
const Isbi2012Counts& Isbi2012Scores::best_v_rand() const {
    return largest(thresholds, [](const Isbi2012Counts& counts) { return counts.v_rand(); });
}
const Isbi2012Counts& Isbi2012Scores::best_v_info() const {
    return largest(thresholds, [](const Isbi2012Counts& counts) { return counts.v_info(); });
}

Isbi2012Scores& Isbi2012Scores::operator+=(const Isbi2012Scores& other) {
    if (thresholds.empty()) return *this = other;
    const bool same = std::equal(
        thresholds.begin(), thresholds.end(), other.thresholds.begin(), other.thresholds.end(),
        [](const auto& a, const auto& b) { return a.threshold == b.threshold; });
    if (!same)
        fail(ErrorCode::invalid_argument,
             "adding ISBI 2012 scores: {} thresholds on one side, {} others on the other; compare "
             "either probabilities or labels, not both",
             thresholds.size(), other.thresholds.size());
    for (std::size_t i = 0; i < thresholds.size(); ++i) thresholds[i] += other.thresholds[i];
    return *this;
}

std::vector<double> isbi2012_thresholds() {
    std::vector<double> thresholds;
    for (int tenths = 0; tenths <= 10; ++tenths) thresholds.push_back(tenths / 10.0);
    return thresholds;
}

Isbi2012Scores score_isbi2012(const Image& probabilities, const LabelMap& truth,
                              const std::vector<double>& thresholds, const std::string& name) {
    if (probabilities.channels != 1)
        fail(ErrorCode::shape_mismatch,
             "{}: found {} channels, expected one: the probability of lying inside an object", name,
             probabilities.channels);
    check_sizes(probabilities.size, truth.size, name);
    check_probabilities(probabilities, name);
    return score_slices(probabilities.values, {}, truth, thresholds);
}

Isbi2012Scores score_isbi2012(const LabelMap& predicted, const LabelMap& truth,
                              const std::string& name) {
    check_sizes(predicted.size, truth.size, name);
    std::vector<float> inside(predicted.values.size());
    std::transform(predicted.values.begin(), predicted.values.end(), inside.begin(),
                   [](std::uint32_t value) { return value != 0 ? 1.0f : 0.0f; });
    return score_slices(inside, connected_components(predicted).values, truth, {0.5});
}

void Isbi2012Evaluation::add(const std::string& name, Isbi2012Scores scores) {
    totals += scores;
    images.push_back({name, std::move(scores)});
}

}  // namespace unet
