#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/core/context.h"
#include "unet/data/dataset.h"
#include "unet/data/targets.h"
#include "unet/evaluate/evaluation.h"
#include "unet/predict/predictor.h"
#include "unet/train/validation_images.h"

namespace unet {

/// One look at a model.
struct Validation {
    double score = 0.0;  ///< 0 .. 1, what "best" means: instances: mean of F1 at IoU 0.5 and AP
                         ///< (mean precision over IoU 0.5 .. 0.95); else mean foreground IoU
    Scores scores;
    std::int64_t images = 0, pixels = 0;
    double predict_seconds = 0.0, score_seconds = 0.0;
};

/// How probabilities become a decision (two classes).
struct Decision {
    double threshold = 0.5;
    std::int64_t minimum_size = 0;  ///< pixels; instances
    double split_depth = 0.0;       ///< pixels, see ObjectRule; instances

    ObjectRule rule() const;
    void write_into(ModelInfo& info) const;
};

/// Applies models to annotated images by the Predictor that users run, and scores them.
class Validator {
public:
    /// Takes the images in validation_order. `set` must outlive it, and those that are validated
    /// must be in memory. Small objects (below a tenth of the median true one) do not count
    /// until decide() has chosen. `object_size`: median diameter of the objects trained on, in
    /// pixels, since a held-out strip may hold mere slivers; 0 takes that of `set`.
    Validator(const Dataset& set, std::uint64_t seed, double object_size = 0.0);

    bool empty() const { return order_.empty(); }
    /// Decision that scores are made with before one is fitted.
    const Decision& usual() const { return usual_; }
    /// How many images, in order, hold at most `pixels` pixels in all; at least one.
    std::int64_t images_within(std::int64_t pixels) const;
    std::int64_t images() const { return static_cast<std::int64_t>(order_.size()); }
    /// Pixels of the first `images` images.
    std::int64_t pixels(std::int64_t images) const;
    const Sample& sample(std::int64_t index) const { return set_.samples[order_[index]]; }

    /// Class index per pixel of an image's truth, ignored_target where nothing is known.
    LabelMap class_map(std::int64_t index) const;

    /// Predicts the first `images` images with `model` and scores them under `decision`. With
    /// `keep`, the foreground probabilities of two classes are kept for decide(), or the labels of
    /// several, kept_bytes() a pixel.
    /// Throws Error(cancelled) where options.cancelled says so.
    Validation validate(const Model& model, const PredictOptions& options, const Decision& decision,
                        std::int64_t images, bool keep = false);

    /// Images that validate() kept.
    std::int64_t kept() const { return static_cast<std::int64_t>(kept_.size()); }
    /// What was found on one of them: objects, or a class index per pixel.
    LabelMap found(std::int64_t index, const Decision& decision) const;
    /// What it is compared with.
    LabelMap truth(std::int64_t index) const;
    /// Scores of what validate() kept under another decision, image by image.
    Evaluation rescored(const Decision& decision) const;

    /// The threshold, depth of splitting and smallest object that score best on what validate()
    /// kept; `usual()` where there is nothing to decide (several classes, nothing kept, no object).
    Decision decide(Context& context) const;

private:
    /// What one image was predicted to be.
    struct Kept {
        Image foreground;  ///< probabilities, of two classes: see DecisionCase
        LabelMap labels;   ///< of several
    };
    Kept kept_of(Image probabilities) const;

    const Dataset& set_;
    std::vector<std::size_t> order_;
    std::int64_t median_size_ = 0;  ///< pixels of the median object; 0: not instances
    Decision usual_;
    std::vector<Kept> kept_;
};

/// What Validator::validate() keeps of a pixel.
std::int64_t kept_bytes(const TargetOptions& targets);

/// What scoring a model on this kind of labels means (see Validation::score).
double score_of(const Scores& scores, LabelKind kind);

}  // namespace unet
