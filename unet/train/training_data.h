#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>

#include "unet/core/context.h"
#include "unet/data/dataset.h"
#include "unet/data/training_set.h"
#include "unet/model/model.h"
#include "unet/train/train_options.h"

namespace unet {

/// What a run trains and validates on.
struct TrainingData {
    std::unique_ptr<TrainingSet> set;
    Dataset validation;  ///< may be empty
    ModelInfo info;      ///< what a model trained on it has to know
    /// The same with another normalisation, if validation may choose it (the network learns under
    /// the one of `info`: drawing patches under both cost a tenth of the score).
    std::optional<ModelInfo> other;
    double foreground = 0.0;  ///< SamplingOptions::foreground, decided
    std::string name;         ///< of the data set
    std::string fingerprint;  ///< of all that trains and validates
    std::int64_t training_images = 0;
};

/// Memory that the data of a training may take.
struct DataLimits {
    bool on_files = false;  ///< pixels stay on their files; what is made of them lies in `folder`
    std::filesystem::path folder{};
    bool check = true;  ///< there is room for check_data
    std::int64_t reading_bytes = std::numeric_limits<std::int64_t>::max();  ///< while that is made
};

/// How the data of a training are read.
DatasetOptions reading_of(const TrainOptions& options);

/// The images that train and those that validate.
struct DividedData {
    Dataset training, validation;
};

/// Reads and divides. Throws and tells as read_training_data.
DividedData read_divided_data(Context& context, const TrainOptions& options, const Notice& notice,
                              bool on_files = false);

/// Bytes of memory that training takes for its pixels where they are held in memory, at most; 0
/// where files are not what is expected, which reading them tells.
std::int64_t training_bytes(const TrainOptions& options);
/// Whether that is more than half of what is free.
bool exceeds_memory(const TrainOptions& options);

/// Reads, divides, normalises. Tells `notice` what was found: images, labels with their evidence,
/// the split, normalisation. Throws as read_dataset, split and TrainingSet; Error(invalid_argument)
/// for validation data that do not go with the training data; Error(memory) for files whose
/// decoders take more than `limits` allow.
TrainingData read_training_data(Context& context, const TrainOptions& options, const Notice& notice,
                                const DataLimits& limits = {});

}  // namespace unet
