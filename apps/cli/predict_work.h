#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "inputs.h"
#include "memory.h"
#include "notes.h"
#include "table.h"
#include "unet/unet.h"

namespace unet::cli {

enum class ResultFormat { tif, nifti };

/// Flags of `unet predict`.
struct PredictSettings {
    std::string out, what, tile = "auto", normalise, table, max_ram;
    ReadSettings stacks;
    std::int64_t threads = 0;
    ResultFormat format = ResultFormat::tif;
    Averaging average = Averaging::none;
    bool overlay = false, exact = false, json = false;
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

    /// What was written, as JSON: the input, a file for each kind, the number of objects.
    nlohmann::ordered_json predict(Predictor& predictor, const Input& input);

    /// The table of what was predicted so far; none where nothing was. Returns its file.
    std::filesystem::path write_table() const;

private:
    std::filesystem::path folder_of(PredictionKind kind) const;
    std::filesystem::path file_of(PredictionKind kind, const Input& input) const;
    bool is_streamed(PredictionKind kind) const;
    void limit_memory(Predictor& predictor, const Input& input, const FileSource& source) const;
    void stream(Predictor& predictor, FileSource& source, PredictionKind kind,
                const std::filesystem::path& file) const;
    void write_map(const std::filesystem::path& file, const LabelMap& map, PredictionKind kind,
                   const Input& input) const;
    void tell_count(std::int64_t count);
    void add_to_table(const std::string& image, const LabelMap& map, PredictionKind kind,
                      const std::vector<std::string>& class_names);
    nlohmann::ordered_json write_overlays(const Input& input, const LabelMap& map) const;

    Notes& notes_;
    std::filesystem::path out_, table_file_;
    Table table_;
    ResultFormat format_;
    bool overlay_;
    std::vector<PredictionKind> kinds_;
    PredictionKind usual_kind_;
    ReadOptions reading_;
    std::vector<Colour> colours_;   ///< of classes; empty where labels are objects
    std::int64_t most_memory_ = 0;  ///< of the whole process; 0: no limit
    const std::int64_t memory_before_ = resident_bytes();  ///< what it took before the first image
};

}  // namespace unet::cli
