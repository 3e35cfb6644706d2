#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "identity.h"
#include "inputs.h"
#include "terminal/notes.h"
#include "unet/unet.h"
#include "verbs/predict_flags.h"
#include "verbs/result_files.h"
#include "verbs/table.h"
#include "verbs/unfinished.h"

namespace unet::cli {

/// What predicting one image takes, beside what --table and --overlay write.
struct JobPlan {
    struct Kind {
        PredictionKind kind;
        PredictionPlan plan;
        FileShape shape;
    };
    std::vector<Kind> kinds;
    std::int64_t fixed_bytes = 0;  ///< whatever the tiles: the program, maps of the whole picture
    std::int64_t least_bytes = 0;  ///< the smallest --max-ram, which leaves some for surprises
    std::int64_t bytes = 0;        ///< that the process will hold, with the tiles of `kinds`
    bool held_whole = false;       ///< maps of the whole picture are in memory
};

/// Predicts images into the files that were asked for.
class PredictWork {
public:
    /// Throws UsageError for flags that contradict each other.
    PredictWork(const PredictSettings& settings, const Model& model, Notes& notes);

    /// Throws Error unless nothing that is read and nothing of somebody else's would be written
    /// over.
    void check(const std::vector<Input>& inputs) const;
    void create_folders() const;

    /// Sets the predictor's mask, and its limit so that the process stays below --max-ram.
    JobPlan plan(Predictor& predictor, const Input& input, const FileSource& source) const;
    /// Throws Error(memory) if not even the smallest tiles do.
    void check_memory(const JobPlan& job, const Input& input) const;
    /// What was written, as JSON: the input, a file for each kind, the number of objects.
    /// Where other shares of its tiles are missing, how many: "missing_tiles"; where another
    /// program writes it, who: "written_by". Throws Error(io), with nothing written, if a file that
    /// is read changed meanwhile.
    nlohmann::ordered_json predict(Predictor& predictor, const Input& input);
    /// None of them failed: nothing is kept any more of those that are finished.
    void forget(const std::vector<Input>& inputs) const;

    /// The table of what was predicted so far; none where nothing was. Returns its file.
    std::filesystem::path write_table() const;

private:
    std::filesystem::path folder_of(PredictionKind kind) const;
    std::filesystem::path file_of(PredictionKind kind, const Input& input) const;
    bool is_drawn(PredictionKind kind) const;
    std::int64_t compute_shares(Predictor& predictor, FileSource& source, const Input& input,
                                const JobPlan& job) const;
    nlohmann::ordered_json predict_watched(Predictor& predictor, const Input& input);
    void check_unchanged() const;
    PredictionKind drawn_kind() const;
    void write_kind(Predictor& predictor, FileSource& source, const Input& input,
                    const JobPlan::Kind& each, nlohmann::ordered_json& entry);
    void write_found(Predictor& predictor, FileSource& source, const Input& input,
                     const JobPlan::Kind& each, const std::filesystem::path& file,
                     nlohmann::ordered_json& entry);
    void draw(Predictor& predictor, FileSource& source, const Input& input,
              nlohmann::ordered_json& entry);
    void tell_count(std::int64_t count);
    void add_to_table(const std::string& image, const LabelMap& map, PredictionKind kind,
                      const std::vector<std::string>& class_names);
    nlohmann::ordered_json write_overlays(const Input& input, const LabelMap& map) const;

    Notes& notes_;
    std::filesystem::path out_, table_file_, where_file_;
    Table table_;
    bool overlay_;
    std::vector<PredictionKind> kinds_;
    PredictionKind usual_kind_;
    ResultFiles files_;
    ReadOptions reading_;
    int threads_;
    Share share_;                           ///< of the tiles of each image
    std::int64_t tile_;                     ///< as asked for; 0: any
    std::unique_ptr<FileSource> where_;     ///< mask of the pixels that are wanted; null: all
    std::optional<WatchedFile> mask_;       ///< the file of `where_`
    std::optional<Unfinished> unfinished_;  ///< with --resume and --part
    // Of the image at hand.
    std::optional<WatchedFile> image_;
    std::unique_ptr<UnfinishedImage> kept_;  ///< null without --resume and --part
    std::optional<LabelMap> drawn_;          ///< for overlay and table
    std::int64_t most_memory_ = 0;           ///< of the whole process; 0: no limit
    const std::int64_t memory_before_ =
        system::resident_memory();  ///< what it took before the first image
};

}  // namespace unet::cli
