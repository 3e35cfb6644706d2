#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "unet/core/context.h"
#include "unet/model/model.h"
#include "unet/train/checkpoint.h"
#include "unet/train/run/forecast.h"
#include "unet/train/run/run_log.h"
#include "unet/train/run/trainer.h"
#include "unet/train/train_options.h"
#include "unet/train/training_data.h"
#include "unet/train/validation.h"

namespace unet {

/// Validates the models of a run and finds the best: of which step, with which normalisation, and
/// how its probabilities become a decision.
class ModelSelection {
public:
    /// What it works with; all must outlive it.
    struct Run {
        Context& context;
        const TrainOptions& options;
        const TrainHooks& hooks;
        const TrainingData& data;
        TrainingState& state;
        Forecast& forecast;
        const RunLog& log;
    };
    /// `tile_bytes`: that predicting may take.
    ModelSelection(const Run& run, std::int64_t tile_bytes);

    /// True if nothing validates.
    bool empty() const { return validator_->empty(); }
    const Validator& validator() const { return *validator_; }
    const PredictOptions& predict_options() const { return predict_options_; }
    /// What models know about the data.
    const ModelInfo& info() const { return run_.data.info; }
    const Decision& decision() const { return decision_; }
    /// Of the best model, once settle() was called.
    const std::optional<Evaluation>& scores() const { return scores_; }

    /// Decides how many images validate between steps, unless the run did before; by time after
    /// models that `current` makes have been predicted with.
    void choose_images(const std::function<Model()>& current);
    /// Bytes that validating takes with such a model.
    std::int64_t planned_bytes(const Model& model) const;

    /// The model of these weights, with all that it has to know about data and training.
    Model model(std::vector<NamedTensor> weights) const;
    /// Validates the model of the step at hand. If it is the best so far, the state names it and it
    /// knows its scores.
    Validation look(Model& model);
    /// At the end: chooses normalisation and decision of the best model, writes them into it, and
    /// tells its score.
    void settle(Model& best);

    /// See Forecast. `checked`: the data are, already.
    double end_seconds(bool checked) const;
    /// Forgets the images; only scores() and decision() are left.
    void release() { validator_.reset(); }

private:
    std::int64_t images_at_the_end() const;
    std::string summary(const Validation* validation) const;
    Validation validate(const Model& model, std::int64_t images, bool keep = false);
    void choose_normalisation(Model& best);

    Run run_;
    PredictOptions predict_options_;
    std::optional<Validator> validator_;
    Decision decision_;
    std::optional<Evaluation> scores_;
};

}  // namespace unet
