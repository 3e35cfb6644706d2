#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "unet/core/system/memory.h"
#include "unet/image/file_source.h"
#include "unet/jobs/predicting/plan_files.h"
#include "unet/jobs/predicting/predict_settings.h"
#include "unet/jobs/predicting/result_files.h"
#include "unet/jobs/predicting/unfinished.h"
#include "unet/predict/predictor.h"

namespace unet {

/// What the images of a prediction have in common: what is written of each, where, and in which
/// memory.
struct PredictionJob {
    /// `inputs` are what is predicted, `shares` of the tiles of each. Throws
    /// Error(invalid_argument) for settings that contradict each other.
    PredictionJob(const PredictSettings& settings, const std::vector<Input>& inputs,
                  const Share& shares, const Model& model);

    /// Throws Error unless nothing that is read and nothing of somebody else's would be written
    /// over.
    void check(const std::vector<Input>& inputs) const;
    void create_folders() const;
    /// Of the mask `where`, as Image::notes.
    std::vector<std::string> mask_notes() const;

    /// Sets the predictor's mask, lets it look at the image, and sets its limit so that the process
    /// stays below the memory that was asked for.
    ImagePlan plan(Predictor& predictor, const Input& input, FileSource& source) const;
    /// Throws Error(memory) if not even the smallest tiles do.
    void check_memory(const ImagePlan& plan) const;

    std::filesystem::path file_of(PredictionKind kind, const Input& input) const;
    /// Whether a result is also needed as a whole, not only in its file.
    bool is_drawn(PredictionKind kind) const;
    /// What overlay and table show.
    PredictionKind drawn_kind() const;
    /// What writing a result of one shape keeps: its file, and its tiles.
    class ResultFootprint final : public Footprint {
    public:
        /// `files`: null where the result is held whole. Both must outlive this.
        ResultFootprint(const ResultFiles* files, const FileShape& shape, bool keeps_tiles)
            : files_(files), shape_(shape), keeps_tiles_(keeps_tiles) {}
        std::int64_t window_bytes(const Size3& core) const override;

    private:
        const ResultFiles* files_;
        const FileShape& shape_;
        bool keeps_tiles_;
    };
    ResultFootprint footprint(PredictionKind kind, const FileShape& shape) const;

    const std::filesystem::path out, table;  ///< empty: no table
    const bool overlay;
    const std::vector<PredictionKind> kinds;
    const ResultFiles files;
    const ReadOptions reading;
    const int threads;
    const Share share;
    const std::int64_t tile;               ///< as asked for; 0: any
    std::unique_ptr<FileSource> where;     ///< mask of the pixels that are wanted; null: all
    std::optional<WatchedFile> mask;       ///< the file of `where`
    std::vector<std::string> notes;        ///< on the mask
    std::optional<Unfinished> unfinished;  ///< where the prediction can go on, or is one of shares

private:
    bool has(PredictionKind kind) const;
    std::filesystem::path folder_of(PredictionKind kind) const;

    PredictionKind usual_kind_;
    std::filesystem::path where_file_;
    const Format& format_;
    std::int64_t most_memory_ = 0;  ///< of the whole process; 0: no limit
    const std::int64_t memory_before_ =
        system::resident_memory();  ///< what it took before the first image
};

}  // namespace unet
