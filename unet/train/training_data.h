#pragma once

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

/// How the data of a training are read.
DatasetOptions reading_of(const TrainOptions& options);

/// The images that train and those that validate.
struct DividedData {
    Dataset training, validation;
};

/// Reads and divides. Throws and tells as read_training_data.
DividedData read_divided_data(Context& context, const TrainOptions& options, const Notice& notice);

/// Reads, divides, normalises. Tells `notice` what was found: images, labels with their evidence,
/// the split, normalisation. Throws as read_dataset, split and TrainingSet; Error(invalid_argument)
/// for validation data that do not go with the training data.
TrainingData read_training_data(Context& context, const TrainOptions& options,
                                const Notice& notice);

}  // namespace unet
