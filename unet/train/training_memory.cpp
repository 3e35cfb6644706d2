// What a training run takes of memory, and where its pixels are.
#include <algorithm>

#include "unet/core/error.h"
#include "unet/core/system/memory.h"
#include "unet/train/training_run.h"

namespace unet {
namespace {

/// What allocators, decoders and threads' stacks may take beside what is asked of them.
constexpr std::int64_t small_things = std::int64_t{24} << 20;

std::string mebibytes(std::int64_t bytes) {
    return fmt::format("{} MiB", (bytes + (1 << 20) - 1) >> 20);
}

std::string megabytes(std::int64_t bytes) {
    return fmt::format("{} MB", (bytes + 999'999) / 1'000'000);
}

// check_data holds images and labels, and masks and thumbnails of both: measured, 30 bytes a grey
// pixel where training_bytes says 13.
constexpr std::int64_t check_factor = 3;

/// A prediction of a validation image, and the label maps and overlaps that score it.
std::int64_t result_bytes(std::int64_t classes, std::int64_t pixels) {
    return (classes * 4 + 16) * pixels;
}

}  // namespace

DataLimits TrainingRun::limit_data() {
    memory_before_ = system::resident_memory();
    const std::int64_t data = training_bytes(options_);
    if (hooks_.max_ram == 0)
        return {.on_files = exceeds_memory(options_),
                .folder = folder_.path(),
                .check = check_factor * data < system::available_memory()};
    const Learner learner(options_.recipe, static_cast<std::uint64_t>(options_.seed), backend_);
    const PatchGeometry patch = patch_geometry(options_.recipe);
    const std::int64_t batches = options_.recipe.sampling.batch_size *
                                 static_cast<std::int64_t>(BatchQueue::default_depth) *
                                 (4 * patch.input.elements() + 5 * patch.output.elements());
    const std::int64_t network = learner.plan().bytes() + learner.bytes() +
                                 learner.checkpoint_bytes() + batches + small_things;
    const std::int64_t left = hooks_.max_ram - memory_before_;
    if (left < network)
        fail(ErrorCode::memory,
             "--max-ram: the network alone needs {}, found {}; a smaller --batch-size, --patch or "
             "--base-channels takes less",
             megabytes(memory_before_ + network), megabytes(hooks_.max_ram));
    const std::int64_t looking = predict_memory(learner.plan().bytes()) +
                                 result_bytes(options_.recipe.network.classes, largest_looked_at) +
                                 4 * pixels_at_the_end;
    return {.on_files = data > left - network - looking,
            .folder = folder_.path(),
            .check = check_factor * data < left - small_things,
            .reading_bytes = left - small_things};
}

std::int64_t TrainingRun::planned_for_looking() const {
    if (validator_->empty()) return 0;
    std::int64_t most = 0;
    const Predictor predictor(current_model(), predict_options());
    for (const Sample& sample : data_.validation.samples)
        most = std::max(most,
                        predictor.planned_bytes(sample.image.size, PredictionKind::probabilities) +
                            result_bytes(data_.set->classes(), sample.image.size.elements()));
    return most + 4 * most_kept_pixels();
}

void TrainingRun::plan_memory() {
    const std::int64_t network = learner_->plan().bytes() + learner_->bytes();
    const std::int64_t data = data_.set->bytes() + data_.validation.bytes();
    const BatchMaker maker(*data_.set, batch_options());
    const std::int64_t batches =
        maker.batch_bytes() * static_cast<std::int64_t>(BatchQueue::default_depth) +
        maker.window_bytes();
    const std::int64_t looking = planned_for_looking();
    const std::int64_t saving = learner_->checkpoint_bytes();
    planned_bytes_ = network + data + batches + looking + saving;
    const UNetOptions& net = options_.recipe.network;
    log_.line(fmt::format(
        "network: {} levels, {} base channels, {} in, {} classes out, {} parameters; an output "
        "pixel sees {} x {} pixels",
        net.levels, net.base_channels, net.in_channels, net.classes,
        learner_->network().parameter_count(), nn::receptive_field_of(net).height,
        nn::receptive_field_of(net).width));
    log_.line(fmt::format("steps: {} patches of {} x {} each; {}",
                          options_.recipe.sampling.batch_size, options_.recipe.sampling.patch,
                          options_.recipe.sampling.patch,
                          options_.extent.by_time()
                              ? fmt::format("as many as fit {:.0f} seconds, reading, validating "
                                            "and saving included",
                                            options_.extent.seconds)
                              : fmt::format("{} in all", options_.extent.steps)));
    log_.line(fmt::format(
        "memory: {} planned (network {}, data {}, batches {}, validation {}, "
        "saving {}); {} threads, kernels {}",
        mebibytes(planned_bytes_), mebibytes(network), mebibytes(data), mebibytes(batches),
        mebibytes(looking), mebibytes(saving), context_.threads(), backend_.kernels->name));
    const std::int64_t needed = memory_before_ + planned_bytes_ + small_things;
    if (hooks_.max_ram > 0 && needed > hooks_.max_ram)
        fail(ErrorCode::memory,
             "--max-ram: needs at least {}, found {}; a smaller --batch-size, --patch or "
             "--base-channels takes less",
             megabytes(needed), megabytes(hooks_.max_ram));
}

}  // namespace unet
