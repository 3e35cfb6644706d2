#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "unet/core/fields.h"
#include "unet/model/model.h"

namespace unet {

/// Where a training stands: the numbers that a resumed run needs besides tensors.
struct TrainingState {
    std::int64_t step = 0;     ///< steps done
    double seconds = 0.0;      ///< wall time of all commands so far
    double began = 0.0;        ///< time of the first step, on the same clock
    double best_score = -1.0;  ///< of the model in model.safetensors; below 0: none yet
    std::int64_t best_step = -1;
    std::int64_t validated_step = -1;    ///< the last step that was validated
    std::int64_t validation_images = 0;  ///< that validations between steps see; 0: not chosen yet
    bool finished = false;               ///< reached its number of steps or its budget
    std::string kernels;                 ///< name of the kernel table that computed
    // Told by reports; nothing depends on them.
    std::string version = {},
                processor = {};  ///< of the program and the machine that computed last
    std::int64_t threads = 0;
    std::string init = {};  ///< model that the run started from; empty: drawn weights
    std::string data = {};  ///< fingerprint of what was trained and validated on last
};

Fields fields_of(TrainingState& state);

/// Everything a run needs to go on as if it had not been stopped.
struct Checkpoint {
    Model model;                     ///< what prediction would use at this step
    std::vector<NamedTensor> state;  ///< optimizer state, weights beneath an average
    TrainingState training;
    std::string settings;  ///< JSON object: the run's options and recipe
};

inline constexpr int checkpoint_version = 1;

/// Writes atomically: a model file (read_model takes it) with `state.` tensors and a metadata entry
/// "checkpoint". Throws as write_safetensors.
void write_checkpoint(const std::filesystem::path& path, Checkpoint checkpoint);

/// Throws Error(io), Error(corrupt_file) for a truncated file or one that is no checkpoint (a model
/// alone cannot be resumed), Error(unsupported) for a newer version.
Checkpoint read_checkpoint(const std::filesystem::path& path);

}  // namespace unet
