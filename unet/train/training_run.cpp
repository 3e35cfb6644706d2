#include "unet/train/training_run.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <utility>

#include "unet/core/error.h"
#include "unet/core/file.h"
#include "unet/core/machine.h"
#include "unet/core/system/processors.h"
#include "unet/model/model.h"
#include "unet/train/initial.h"
#include "unet/train/preview.h"

namespace unet {
namespace {

constexpr std::int64_t steps_before_forecast = 10;
constexpr double seconds_between_checkpoints = 30.0;

// Looking for faults in the data before the first step takes at most this part of the budget.
constexpr double share_of_look = 0.05;

}  // namespace

TrainingRun::TrainingRun(TrainOptions options, RunFolder folder, TrainHooks hooks,
                         std::optional<Checkpoint> start)
    : options_(std::move(options)),
      folder_(std::move(folder)),
      hooks_(std::move(hooks)),
      start_(std::move(start)),
      earlier_seconds_(start_ ? start_->training.seconds : 0.0),
      context_(hooks_.threads),
      backend_(options_.exact ? kernels::direct_backend(kernels::cpu_backend())
                              : kernels::cpu_backend()),
      log_(folder_, hooks_) {}

double TrainingRun::now() const { return earlier_seconds_ + hooks_.clock(); }

TrainResult TrainingRun::go() {
    try {
        prepare();
        const TrainStatus status = take_steps();
        status == TrainStatus::finished ? finish() : stop();
        return result(status);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::cancelled) {
            // A run that never began leaves nothing; one that did says why it ended.
            std::filesystem::exists(folder_.last()) ? folder_.add_log(error.what())
                                                    : folder_.discard();
            throw;
        }
    }
    stop();  // cancelled within a validation, which the resumed run makes good
    return result(TrainStatus::stopped);
}

void TrainingRun::prepare() {
    if (start_) state_ = start_->training;
    limits_ = limit_data();
    if (!start_) look_for_faults();
    const double before_reading = now();
    data_ = read_training_data(
        context_, options_, [this](const std::string& text) { log_.line(text); }, limits_);
    reading_seconds_ = now() - before_reading;
    options_.recipe.network.in_channels = data_.set->channels();
    options_.recipe.network.classes = data_.set->classes();
    options_.recipe.sampling.foreground = data_.foreground;
    learner_.emplace(options_.recipe, static_cast<std::uint64_t>(options_.seed), backend_);
    validator_.emplace(data_.validation, static_cast<std::uint64_t>(options_.seed),
                       data_.info.object_size);
    decision_ = validator_->usual();
    settings_ = settings();
    write_file_atomically(
        folder_.config(),
        fmt::format("{} To use it again: unet train --config FILE --out RUN\n"
                    "# (--resume reads the checkpoint, not this file.)\n\n{}",
                    RunFolder::config_heading, config_text(sections_of(options_))));
    load_weights();
    state_.kernels = backend_.kernels->name;
    state_.version = version();
    state_.processor = system::processor_name();
    state_.threads = context_.threads();
    state_.finished = false;
    if (!state_.data.empty() && state_.data != data_.fingerprint)
        log_.line(fmt::format(
            "warning: '{}' does not hold what this run was trained on before (fingerprint {}, now "
            "{}): its images, its labels or their division into training and validation have "
            "changed",
            data_.name, state_.data, data_.fingerprint));
    state_.data = data_.fingerprint;
    choose_validation();
    plan_memory();
    if (state_.step == 0) {
        state_.began = now();
        save();
        writer_.finish();  // whatever happens from the first step on, the run can be resumed
    }
    pace_.emplace(options_.extent, state_.began, options_.recipe.validation.validation_interval,
                  options_.recipe.validation.validation_share);
    pace_->validation_took(0.0, now());
    pace_->reserve(end_seconds());
    if (start_ && start_->training.finished) tell_schedule();
    start_.reset();
    last_save_ = now();
}

void TrainingRun::look_for_faults() {
    if (!limits_.check) {
        log_.line("check: left off, it would take too much memory: `unet check` does it");
        return;
    }
    const auto enough = [this] {
        return cancelled() ||
               (options_.extent.by_time() && now() > share_of_look * options_.extent.seconds);
    };
    try {
        check_ = check_data(context_, {reading_of(options_), options_.val, enough});
    } catch (const Error& error) {
        if (error.code() == ErrorCode::cancelled)
            log_.line(
                "check: left off, it would take too much of the budget: `unet check` does it");
        return;  // where there is nothing to look at, reading tells why
    }
    const std::vector<std::string> lines = check_->summary();
    for (const std::string& line : lines) log_.line("check: " + line);
    if (!lines.empty())
        log_.line(
            "check: `unet check` on the same data tells where, how sure it is, and what to do");
}

double TrainingRun::learning_rate(double at) const {
    return options_.recipe.optimizer.learning_rate *
           rate_factor(options_.recipe.schedule, state_.step, pace_->progress(state_.step, at));
}

void TrainingRun::tell_schedule() {
    if (options_.recipe.schedule.schedule == ScheduleKind::constant) return;
    log_.line(fmt::format(
        "the run was finished and gets longer: the learning rate goes on at {:.3g}, as if this "
        "length had been chosen from the start, and falls until the new end",
        learning_rate(now())));
}

void TrainingRun::load_weights() {
    if (start_) {
        if (start_->training.kernels != backend_.kernels->name)
            log_.line(fmt::format(
                "the run was computed by the kernel table '{}', this machine uses '{}': results "
                "may differ in the last digits (UNET_KERNELS={} forces it)",
                start_->training.kernels, backend_.kernels->name, start_->training.kernels));
        if (start_->model.network != options_.recipe.network)
            fail(
                ErrorCode::shape_mismatch,
                "'{}' now has {} channels and {} classes, the run was trained with {} and {}; give "
                "the data it was trained on",
                data_.name, options_.recipe.network.in_channels, options_.recipe.network.classes,
                start_->model.network.in_channels, start_->model.network.classes);
        learner_->restore(start_->model.tensors, start_->state, start_->training.step);
        folder_.forget_after(state_.step);
        log_.line(fmt::format("going on after step {}", state_.step));
        return;
    }
    const auto seed = static_cast<std::uint64_t>(options_.seed);
    if (options_.init.empty()) {
        learner_->start(nn::initial_weights(learner_->network(), seed));
        return;
    }
    const auto initial = initial_weights_from(
        learner_->network(), seed, read_bare_tensors(options_.init), options_.init.string());
    state_.init = options_.init.string();
    for (const std::string& notice : initial.notices) log_.line(notice);
    learner_->start(initial.tensors);
}

TrainStatus TrainingRun::take_steps() {
    if (pace_->done(state_.step, now())) return TrainStatus::finished;
    BatchQueue queue(*data_.set, batch_options(), static_cast<std::uint32_t>(state_.step));
    while (true) {
        // Asked before the step, so that a run resumed here validates as the unbroken one did.
        if (!validator_->empty() && state_.step > 0 && state_.validated_step != state_.step &&
            pace_->validation_due(state_.step, now()))
            look();
        else if (now() - last_save_ >= seconds_between_checkpoints && !writer_.busy())
            save();
        if (pace_->done(state_.step, now())) return TrainStatus::finished;
        if (cancelled()) return TrainStatus::stopped;
        one_step(queue);
        waited_seconds_ = queue.waited_seconds();
    }
}

void TrainingRun::one_step(BatchQueue& queue) {
    const double start = now(), waited = queue.waited_seconds();
    const double rate = learning_rate(start);
    const Batch& batch = queue.next();
    const nn::StepLoss loss = learner_->step(context_, batch, rate);
    if (!std::isfinite(loss.total)) diverged(loss.total, rate, batch);
    ++state_.step;
    const double end = now();
    pace_->step_took(end - start);
    log_.step({.step = state_.step,
               .now = end,
               .took = end - start,
               .waited = queue.waited_seconds() - waited,
               .loss = loss,
               .learning_rate = rate},
              options_.extent, state_.best_score);
    if (options_.extent.by_time() && log_.steps() == steps_before_forecast)
        log_.line(fmt::format("about {:.0f} steps fit the budget ({:.1f} a second)",
                              static_cast<double>(state_.step) +
                                  (pace_->last_step_ends() - end) * log_.steps_per_second(),
                              log_.steps_per_second()));
}

void TrainingRun::finish() {
    Model best = current_model();
    if (!validator_->empty()) {
        if (state_.validated_step != state_.step) look();
        writer_.finish();
        if (state_.best_step != state_.step) best = read_model(folder_.model());
        choose_normalisation(best);
        Validation seen = validator_->validate(best, predict_options(), validator_->usual(),
                                               images_at_the_end(), true);
        decision_ = validator_->decide(context_);
        scores_ = validator_->rescored(decision_);
        seen.scores = scores_->totals;
        seen.score = score_of(seen.scores, data_.info.labels);
        best.info.threshold = decision_.threshold;
        best.info.minimum_size = decision_.minimum_size;
        best.info.split_depth = decision_.split_depth;
        best.info.training = training_summary(&seen);
        log_.line(fmt::format("best: step {}, score {:.4f} on {} validation images{}",
                              state_.best_step, seen.score, seen.images,
                              data_.set->classes() > 2 ? "" : " (" + decision_text() + ")"));
    }
    write_model(folder_.model(), best);
    // Pictures are drawn while there is time: the budget is kept, whatever else the machine does.
    write_previews(folder_.previews(), *validator_, best, predict_options(),
                   [this] { return time_for(0.0); });
    state_.finished = true;
    save();
    writer_.finish();
    write_report();
}

void TrainingRun::stop() {
    if (state_.best_step < 0) {
        writer_.finish();
        write_model(folder_.model(), current_model());
    }
    save();
    writer_.finish();
    write_report();
}

void TrainingRun::save() {
    if (!learner_->finite())
        fail(ErrorCode::diverged,
             "after step {} a weight is not a finite number; the last good checkpoint stays. Start "
             "anew with a smaller --learning-rate than {}",
             state_.step, options_.recipe.optimizer.learning_rate);
    writer_.finish();
    const double start = now();
    state_.seconds = start;
    auto checkpoint = std::make_shared<Checkpoint>();
    checkpoint->model = current_model();
    checkpoint->state = learner_->state();
    checkpoint->training = state_;
    checkpoint->settings = settings_;
    writer_.submit(
        [checkpoint, path = folder_.last()] { write_checkpoint(path, std::move(*checkpoint)); });
    last_save_ = now();
    save_seconds_ = std::max(save_seconds_, last_save_ - start);
}

void TrainingRun::diverged(double loss, double rate, const Batch& batch) {
    std::set<std::string> names;
    for (const std::int64_t slice : batch.slices) names.insert(data_.set->name_of_slice(slice));
    writer_.finish();
    fail(ErrorCode::diverged,
         "step {}: the loss is {} at learning rate {} (batch: {}); the last good model stays in "
         "'{}'. Start anew with a smaller --learning-rate{}",
         state_.step + 1, loss, rate, fmt::join(names, ", "), folder_.path().string(),
         options_.recipe.optimizer.optimizer == OptimizerKind::sgd ? " or --optimizer adamw" : "");
}

}  // namespace unet
