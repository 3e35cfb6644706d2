#pragma once

#include <cstdint>
#include <filesystem>

#include "unet/kernels/backend.h"
#include "unet/train/train_options.h"
#include "unet/train/training_data.h"

namespace unet {

/// Bytes that a training takes, by what takes them.
struct MemoryPlan {
    std::int64_t network = 0;     ///< weights, gradients, optimizer, and what a step computes in
    std::int64_t data = 0;        ///< pixels that train and validate
    std::int64_t batches = 0;     ///< made ahead
    std::int64_t validation = 0;  ///< an image that is predicted and scored, and what is kept
    std::int64_t saving = 0;      ///< the copy that is written

    std::int64_t total() const { return network + data + batches + validation + saving; }
};

/// What a training may take, in a process that holds something already.
class TrainingMemory {
public:
    /// `max_ram`: see TrainHooks. What the process holds is measured now.
    explicit TrainingMemory(std::int64_t max_ram);

    /// Whether pixels are held in memory (else in `folder`), by what else is needed there. Throws
    /// Error(memory) where the network alone is too large.
    DataLimits limits(const TrainOptions& options, const kernels::Backend& backend,
                      const std::filesystem::path& folder) const;
    /// Throws Error(memory) where the plan does not fit.
    void check(const MemoryPlan& plan) const;

private:
    void check(std::int64_t bytes, const char* what) const;

    std::int64_t max_ram_, before_;
};

/// What predicting an image that validates may take where learning takes so much: no more, but for
/// small networks.
std::int64_t validation_tile_bytes(std::int64_t learning);
/// The prediction of such an image, and the label maps and overlaps that score it.
std::int64_t validation_result_bytes(std::int64_t classes, std::int64_t pixels);

}  // namespace unet
