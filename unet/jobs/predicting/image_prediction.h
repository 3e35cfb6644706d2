#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "unet/core/image.h"
#include "unet/image/file_source.h"
#include "unet/jobs/count_table.h"
#include "unet/jobs/predicting/predicted_image.h"
#include "unet/jobs/predicting/prediction_job.h"

namespace unet {

/// The prediction of one image into its files.
class ImagePrediction {
public:
    /// `table` gets its rows; all must outlive the prediction.
    ImagePrediction(const PredictionJob& job, Predictor& predictor, Table& table,
                    const JobHooks& hooks, const Input& input);

    /// Once. Throws Error(io), with nothing written, if a file that is read changed meanwhile.
    PredictedImage run();

private:
    void predict();
    std::int64_t compute_shares(const ImagePlan& plan);
    void write_kind(const ImagePlan::Kind& each);
    void write_objects(const ImagePlan::Kind& each, const std::filesystem::path& file);
    LabelMap labels_of(PredictionKind kind);
    void draw();
    void write_overlays();
    void check_unchanged() const;

    const PredictionJob& job_;
    Predictor& predictor_;
    Table& table_;
    const JobHooks& hooks_;
    const Input& input_;
    PredictedImage result_;
    WatchedFile image_;
    std::unique_ptr<UnfinishedImage> kept_;  ///< null where nothing is kept
    std::optional<FileSource> source_;
    std::optional<LabelMap> drawn_;  ///< for overlay and table
};

}  // namespace unet
