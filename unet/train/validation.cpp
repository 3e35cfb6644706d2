#include "unet/train/validation.h"

#include <algorithm>
#include <chrono>

#include "unet/core/math.h"
#include "unet/data/common_size.h"
#include "unet/data/sample_reader.h"
#include "unet/data/targets.h"
#include "unet/objects/sizes.h"
#include "unet/train/decision.h"

namespace unet {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

LabelMap class_map_of(const Sample& sample, const LabelMeaning& meaning) {
    LabelMap labels = sample.labels;
    const auto targets = make_targets(labels, meaning, {}, sample.name);
    std::copy(targets.begin(), targets.end(), labels.values.begin());
    return labels;
}

LabelMap largest_class(const Image& probabilities) {
    LabelMap labels{probabilities.size, {}, probabilities.spacing};
    const auto pixels = static_cast<std::size_t>(probabilities.size.elements());
    labels.values.assign(pixels, 0);
    for (std::int64_t c = 1; c < probabilities.channels; ++c)
        for (std::size_t i = 0; i < pixels; ++i) {
            const float* values = probabilities.values.data() + i;
            const auto best = static_cast<std::size_t>(labels.values[i]);
            if (values[static_cast<std::size_t>(c) * pixels] > values[best * pixels])
                labels.values[i] = static_cast<std::uint32_t>(c);
        }
    return labels;
}

LabelMap above(const Image& probabilities, double threshold) {
    LabelMap labels{probabilities.size, {}, probabilities.spacing};
    const float* foreground = probabilities.plane(0);
    labels.values.resize(probabilities.size.elements());
    for (std::size_t i = 0; i < labels.values.size(); ++i)
        labels.values[i] = static_cast<double>(foreground[i]) > threshold ? 1 : 0;
    return labels;
}

/// `kept`: see DecisionCase.
LabelMap decided(Image kept, const LabelMeaning& meaning, const Decision& decision) {
    if (meaning.kind != LabelKind::instances) return above(kept, decision.threshold);
    ObjectRule rule = decision.rule();
    rule.boundary = kept.channels == 2;
    const auto pixels = static_cast<std::size_t>(kept.size.elements());
    if (rule.boundary)
        kept.values.resize(3 * pixels);  // objects_of does not look at the boundary itself
    else
        kept.values.insert(kept.values.begin(), pixels, 0.0f);  // nor at the background
    kept.channels = rule.boundary ? 3 : 2;
    return objects_of(kept, decision.threshold, rule);
}

/// The numbers of the image that a sample is a part of.
PredictOptions with_numbers(PredictOptions options, const Sample& sample,
                            const Normalisation& rule) {
    const Scaling numbers = scaling_of(sample, rule);
    options.override_normalisation = true;
    options.normalisation = {NormaliseRule::fixed, numbers.low, numbers.high, numbers.clip};
    return options;
}

/// Both maps hold class indices by then, unless they hold objects.
EvaluateOptions scoring_of(const LabelMeaning& meaning) {
    EvaluateOptions options;
    const bool instances = meaning.kind == LabelKind::instances;
    options.kind = instances ? LabelKind::instances : LabelKind::classes;
    options.ignore = instances ? meaning.ignore : std::optional<std::uint32_t>(ignored_target);
    return options;
}

}  // namespace

double score_of(const Scores& scores, LabelKind kind) {
    if (kind == LabelKind::instances)
        return 0.5 * (scores.f1().value_or(0.0) + scores.ap().value_or(0.0));
    return scores.iou().value_or(0.0);
}

std::int64_t kept_bytes(const TargetOptions& targets) { return targets.boundary > 0.0 ? 8 : 4; }

ObjectRule Decision::rule() const {
    ObjectRule rule;
    rule.split_depth = split_depth;
    rule.minimum_pixels = minimum_size;
    return rule;
}

void Decision::write_into(ModelInfo& info) const {
    info.threshold = threshold;
    info.minimum_size = minimum_size;
    info.split_depth = split_depth;
}

Validator::Validator(const Dataset& set, std::uint64_t seed, double object_size)
    : set_(set), order_(validation_order(set.samples.size(), seed)) {
    if (set.meaning.kind == LabelKind::instances) {
        Context context(1);
        const double diameter =
            object_size > 0.0 ? object_size : median_object_diameter(context, set);
        median_size_ = static_cast<std::int64_t>(pi / 4.0 * diameter * diameter);
    }
    usual_.minimum_size = median_size_ / 10;
    usual_.split_depth = usual_split_depth(median_size_);
}

std::int64_t Validator::pixels(std::int64_t images) const {
    std::int64_t sum = 0;
    for (std::int64_t i = 0; i < images; ++i) sum += sample(i).image.size.elements();
    return sum;
}

std::int64_t Validator::images_within(std::int64_t pixels) const {
    std::int64_t count = 0, sum = 0;
    while (count < images()) {
        sum += sample(count).image.size.elements();
        if (count > 0 && sum > pixels) break;
        ++count;
    }
    return count;
}

Validation Validator::validate(const Model& model, const PredictOptions& options,
                               const Decision& decision, std::int64_t images, bool keep) {
    Validation result;
    kept_.clear();
    Predictor predictor(model, options);
    const EvaluateOptions scoring = scoring_of(set_.meaning);
    for (std::int64_t i = 0; i < std::min(images, this->images()); ++i) {
        const Sample& item = sample(i);
        const auto start = std::chrono::steady_clock::now();
        Image probabilities =
            item.whole && model.info.normalisation.rule == NormaliseRule::image
                ? Predictor(model, with_numbers(options, item, model.info.normalisation))
                      .probabilities(item.image)
                : predictor.probabilities(item.image);
        result.predict_seconds += seconds_since(start);
        const auto predicted = std::chrono::steady_clock::now();
        kept_.push_back(kept_of(std::move(probabilities)));
        result.scores +=
            evaluate_pair(found(std::ssize(kept_) - 1, decision), truth(i), scoring, item.name);
        result.score_seconds += seconds_since(predicted);
        ++result.images;
        result.pixels += item.image.size.elements();
        if (!keep) kept_.clear();
    }
    result.score = score_of(result.scores, set_.meaning.kind);
    return result;
}

Validator::Kept Validator::kept_of(Image probabilities) const {
    if (set_.meaning.classes() != 2) return {{}, largest_class(probabilities)};
    const auto pixels = static_cast<std::ptrdiff_t>(probabilities.size.elements());
    if (probabilities.channels == 2)
        probabilities.values.erase(probabilities.values.begin(),
                                   probabilities.values.begin() + pixels);
    else
        probabilities.values.resize(2 * pixels);
    probabilities.values.shrink_to_fit();
    --probabilities.channels;
    return {std::move(probabilities), {}};
}

LabelMap Validator::found(std::int64_t index, const Decision& decision) const {
    const Kept& kept = kept_[index];
    if (set_.meaning.classes() != 2) return kept.labels;
    return decided(kept.foreground, set_.meaning, decision);
}

LabelMap Validator::truth(std::int64_t index) const {
    return set_.meaning.kind == LabelKind::instances ? sample(index).labels : class_map(index);
}

LabelMap Validator::class_map(std::int64_t index) const {
    return class_map_of(sample(index), set_.meaning);
}

Evaluation Validator::rescored(const Decision& decision) const {
    Evaluation evaluation;
    evaluation.options = scoring_of(set_.meaning);
    for (std::int64_t i = 0; i < kept(); ++i)
        accumulate(evaluation, sample(i).name, found(i, decision), truth(i));
    return evaluation;
}

Decision Validator::decide(Context& context) const {
    if (kept_.empty() || set_.meaning.classes() != 2) return usual_;
    std::vector<DecisionCase> cases;
    std::vector<LabelMap> truths;  // class maps; instances use the labels themselves
    const bool instances = set_.meaning.kind == LabelKind::instances;
    truths.reserve(kept_.size());
    for (std::size_t i = 0; i < kept_.size(); ++i) {
        const Sample& item = sample(static_cast<std::int64_t>(i));
        if (!instances) truths.push_back(class_map_of(item, set_.meaning));
        cases.push_back({&kept_[i].foreground, instances ? &item.labels : &truths.back()});
    }
    if (instances) return decide_objects(context, cases, set_.meaning.ignore, median_size_, usual_);
    return decide_foreground(context, cases, ignored_target, usual_);
}

}  // namespace unet
