#include "unet/train/run/training_run.h"

#include <cmath>
#include <memory>
#include <set>
#include <utility>

#include "unet/core/error.h"
#include "unet/core/machine.h"
#include "unet/core/system/processors.h"
#include "unet/model/model.h"
#include "unet/train/run/preview.h"
#include "unet/train/starting_weights.h"

namespace unet {
namespace {

constexpr std::int64_t steps_before_forecast = 10;
constexpr double seconds_between_checkpoints = 30.0;
/// A clock that counts the commands before this one, too.
TrainHooks with_earlier(TrainHooks hooks, double seconds) {
    hooks.clock = [seconds, clock = std::move(hooks.clock)] { return seconds + clock(); };
    return hooks;
}

}  // namespace

TrainingRun::TrainingRun(TrainOptions options, RunFolder folder, TrainHooks hooks,
                         std::optional<Checkpoint> start)
    : options_(std::move(options)),
      folder_(std::move(folder)),
      hooks_(with_earlier(std::move(hooks), start ? start->training.seconds : 0.0)),
      start_(std::move(start)),
      context_(hooks_.threads),
      backend_(options_.exact ? kernels::direct_backend(kernels::cpu_backend())
                              : kernels::cpu_backend()),
      log_(folder_, hooks_),
      report_(context_, options_, folder_, hooks_, log_),
      forecast_(options_.extent, context_.threads()) {}

TrainResult TrainingRun::go() {
    try {
        prepare();
        const TrainStatus status = take_steps();
        status == TrainStatus::finished ? finish() : stop();
        return result(status);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::cancelled) {
            // A run that never began leaves nothing; one that did says why it ended.
            std::filesystem::exists(folder_.last()) ? log_.note(error.what()) : folder_.discard();
            throw;
        }
    }
    stop();  // cancelled within a validation, which the resumed run makes good
    return result(TrainStatus::stopped);
}

void TrainingRun::read_data() {
    if (!start_) report_.look_for_faults(limits_.check);
    const double before = now();
    const auto tell = [this](const std::string& text) { log_.line(notices_.emplace_back(text)); };
    data_ = read_training_data(context_, options_, tell, limits_);
    forecast_.reading_took(now() - before);
    options_.recipe.network.in_channels = data_.set->channels();
    options_.recipe.network.classes = data_.set->classes();
    options_.recipe.sampling.foreground = data_.foreground;
}

void TrainingRun::prepare() {
    if (start_) state_ = start_->training;
    const TrainingMemory memory(hooks_.max_ram);
    limits_ = memory.limits(options_, backend_, folder_.path());
    read_data();
    learner_.emplace(options_.recipe, static_cast<std::uint64_t>(options_.seed), backend_);
    selection_.emplace(
        ModelSelection::Run{context_, options_, hooks_, data_, state_, forecast_, log_},
        validation_tile_bytes(learner_->plan().bytes()));
    settings_ = settings_of(options_);
    folder_.write_config(log_.worded(" To use it again in a new run, give `config` this file.\n"
                                     "# (`resume` reads the checkpoint, not this file.)"),
                         config_text(sections_of(options_)));
    load_weights();
    note_origin();
    selection_->choose_images([this] { return current_model(); });
    const MemoryPlan plan = plan_memory();
    for (const std::string& line :
         plan_lines(options_, *learner_, plan, context_.threads(), backend_.kernels->name))
        log_.line(line);
    memory.check(plan);
    planned_bytes_ = plan.total();
    if (state_.step == 0) {  // whatever happens from the first step on, the run can be resumed
        state_.began = now();
        save();
        writer_.finish();
    }
    pace_.emplace(options_.extent, state_.began, options_.recipe.validation.validation_interval,
                  options_.recipe.validation.validation_share);
    pace_->validation_took(0.0, now());
    pace_->reserve(selection_->end_seconds(report_.checked()));
    if (start_ && start_->training.finished) tell_schedule();
    start_.reset();
    last_save_ = now();
}

/// Notes in the state what computes from now on, and on what data.
void TrainingRun::note_origin() {
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
}

MemoryPlan TrainingRun::plan_memory() const {
    const BatchOptions batches = batch_options(options_.recipe, options_.seed);
    return {.network = learner_->plan().bytes() + learner_->bytes(),
            .data = data_.set->bytes() + data_.validation.bytes(),
            .batches = BatchQueue::bytes(batches, data_.set->channels()) +
                       BatchMaker(*data_.set, batches).window_bytes(),
            .validation = selection_->planned_bytes(current_model()),
            .saving = learner_->checkpoint_bytes()};
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
        const UNetOptions &found = options_.recipe.network, &before = start_->model.network;
        if (before != found)
            fail(ErrorCode::shape_mismatch,
                 "'{}' now has {} channels and {} classes, the run was trained with {} and {}; "
                 "give the data it was trained on",
                 data_.name, found.in_channels, found.classes, before.in_channels, before.classes);
        learner_->restore(start_->model.tensors, start_->state, start_->training.step);
        folder_.forget_after(state_.step);
        log_.line(fmt::format("going on after step {}", state_.step));
        return;
    }
    const StartingWeights starting = starting_weights(
        learner_->network(), static_cast<std::uint64_t>(options_.seed), options_.init);
    state_.init = options_.init.string();
    for (const std::string& notice : starting.notices) log_.line(notice);
    learner_->start(starting.tensors);
}

TrainStatus TrainingRun::take_steps() {
    if (pace_->done(state_.step, now())) return TrainStatus::finished;
    BatchQueue queue(*data_.set, batch_options(options_.recipe, options_.seed),
                     static_cast<std::uint32_t>(state_.step));
    while (true) {
        // Asked before the step, so that a run resumed here validates as the unbroken one did.
        if (!selection_->empty() && state_.step > 0 && state_.validated_step != state_.step &&
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

void TrainingRun::look() {
    const double start = now();
    const auto model = std::make_shared<Model>(current_model());
    const Validation seen = selection_->look(*model);
    const bool best = state_.best_step == state_.step;
    if (best) writer_.submit([model, path = folder_.model()] { write_model(path, *model); });
    log_.validation(state_.step, now(), seen, data_.info.labels, best);
    save();
    pace_->validation_took(now() - start, now());
    pace_->reserve(selection_->end_seconds(report_.checked()));
}

void TrainingRun::finish() {
    Model best = current_model();
    if (!selection_->empty()) {
        if (state_.validated_step != state_.step) look();
        writer_.finish();
        if (state_.best_step != state_.step) best = read_model(folder_.model());
        selection_->settle(best);
    }
    write_model(folder_.model(), best);
    // Previews are drawn while there is time: the budget is kept, whatever else the machine does.
    write_previews(folder_.previews(), selection_->validator(), best, selection_->predict_options(),
                   [this] { return forecast_.time_for(0.0, now()); });
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

void TrainingRun::write_report() {
    report_.write(state_, *selection_, forecast_, limits_.check, [this] {
        selection_->release();
        data_.validation = {};
        data_.set.reset();
    });
}

void TrainingRun::save() {
    if (!learner_->finite())
        fail_setting(
            "learning_rate", ErrorCode::diverged,
            "after step {} a weight is not a finite number; the last good checkpoint stays. Start "
            "anew with a smaller `learning_rate` than {}",
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
    forecast_.saving_took(last_save_ - start);
}

void TrainingRun::diverged(double loss, double rate, const Batch& batch) {
    std::set<std::string> names;
    for (const std::int64_t slice : batch.slices) names.insert(data_.set->name_of_slice(slice));
    writer_.finish();
    fail_setting(
        "learning_rate", ErrorCode::diverged,
        "step {}: the loss is {} at learning rate {} (batch: {}); the last good model stays in "
        "'{}'. Start anew with a smaller `learning_rate`{}",
        state_.step + 1, loss, rate, fmt::join(names, ", "), folder_.path().string(),
        options_.recipe.optimizer.optimizer == OptimizerKind::sgd ? " or `optimizer` adamw" : "");
}

TrainResult TrainingRun::result(TrainStatus status) const {
    TrainResult result = report_.result(status, state_, *selection_);
    result.notices = notices_;
    result.steps_per_second = log_.steps_per_second();
    result.waited_seconds = waited_seconds_;
    result.planned_bytes = planned_bytes_;
    return result;
}

}  // namespace unet
