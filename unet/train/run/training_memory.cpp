#include "unet/train/run/training_memory.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/core/system/memory.h"
#include "unet/data/batches.h"
#include "unet/train/learner.h"
#include "unet/train/validation.h"
#include "unet/train/validation_images.h"

namespace unet {
namespace {

/// What allocators, decoders and threads' stacks may take beside what is asked of them.
constexpr std::int64_t small_things = std::int64_t{24} << 20;

std::string megabytes(std::int64_t bytes) {
    return fmt::format("{} MB", (bytes + 999'999) / 1'000'000);
}

// check_data holds images and labels, and masks and thumbnails of both: measured, 30 bytes a grey
// pixel where training_bytes says 13.
constexpr std::int64_t check_factor = 3;

}  // namespace

std::int64_t validation_tile_bytes(std::int64_t learning) {
    return std::max(learning, std::int64_t{64} << 20);
}

std::int64_t validation_result_bytes(std::int64_t classes, std::int64_t pixels) {
    return (classes * 4 + 16) * pixels;
}

TrainingMemory::TrainingMemory(std::int64_t max_ram)
    : max_ram_(max_ram), before_(system::resident_memory()) {}

DataLimits TrainingMemory::limits(const TrainOptions& options, const kernels::Backend& backend,
                                  const std::filesystem::path& folder) const {
    const std::int64_t data = training_bytes(options);
    if (max_ram_ == 0)
        return {.on_files = exceeds_memory(options),
                .folder = folder,
                .check = check_factor * data < system::available_memory()};
    const Learner learner(options.recipe, static_cast<std::uint64_t>(options.seed), backend);
    const UNetOptions& shape = options.recipe.network;
    const std::int64_t network =
        learner.plan().bytes() + learner.bytes() + learner.checkpoint_bytes() +
        BatchQueue::bytes(batch_options(options.recipe, options.seed), shape.in_channels);
    check(network, "the network alone needs");
    const std::int64_t left = max_ram_ - before_ - small_things;
    const std::int64_t validation = validation_tile_bytes(learner.plan().bytes()) +
                                    validation_result_bytes(shape.classes, largest_whole_image) +
                                    kept_bytes(options.recipe.loss.targets) * pixels_at_the_end;
    return {.on_files = data > left - network - validation,
            .folder = folder,
            .check = check_factor * data < left,
            .reading_bytes = left};
}

void TrainingMemory::check(const MemoryPlan& plan) const {
    if (max_ram_ > 0) check(plan.total(), "needs at least");
}

void TrainingMemory::check(std::int64_t bytes, const char* what) const {
    const std::int64_t needed = before_ + bytes + small_things;
    if (needed > max_ram_)
        fail_setting(
            "max_ram", ErrorCode::memory,
            "`max_ram`: {} {}, found {}; a smaller `batch_size`, `patch` or `base_channels` takes "
            "less",
            what, megabytes(needed), megabytes(max_ram_));
}

}  // namespace unet
