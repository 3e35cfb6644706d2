#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "unet/image/file_sink.h"
#include "unet/image/file_source.h"
#include "unet/image/format.h"
#include "unet/jobs/inputs.h"
#include "unet/model/model.h"
#include "unet/objects/object_finder.h"
#include "unet/predict/predictor.h"

namespace unet {

/// "objects" or "objects,probabilities"; empty: what the model was trained for. Throws
/// Error(invalid_argument).
std::vector<PredictionKind> parse_kinds(const std::string& text, const Model& model);
/// Objects and labels, not numbers for each class.
bool is_labels(PredictionKind kind);

/// Called when all that is read was read, before a file appears under its name; throws where it
/// must not.
using BeforeCommit = std::function<void()>;

/// The files that results go into: container, depth, names.
class ResultFiles {
public:
    /// `bits` 0: 16 for labels (32 where ids need it), 32 for probabilities and logits, 8 for
    /// probabilities in PNG. Throws Error(invalid_argument) for what a format or a kind does not go
    /// with.
    ResultFiles(const Format& format, std::int64_t bits, const std::vector<PredictionKind>& kinds,
                const Model& model, int threads);

    /// The ending of the result for an input.
    std::string ending_for(const Input& input) const;
    /// `largest`: the largest label, where it is known. Throws Error(invalid_argument) if
    /// `bits` are too few for it.
    FileShape shape_of(PredictionKind kind, const FileSource& source, const Input& input,
                       std::int64_t largest = 0) const;
    /// Throws as Format::check.
    void check(const FileShape& shape, const std::filesystem::path& file) const {
        format_.check(file, shape);
    }
    std::int64_t sink_bytes(const FileShape& shape, const Size3& core) const {
        return format_.footprint(shape, threads_, core);
    }

    /// Predicts a piece at a time into a file.
    void stream(Predictor& predictor, FileSource& source, PredictionKind kind,
                const FileShape& shape, const std::filesystem::path& file,
                const BeforeCommit& before_commit) const;
    void write(const LabelMap& map, const FileShape& shape, const std::filesystem::path& file,
               const BeforeCommit& before_commit) const;
    void write(const ObjectFinder& objects, const FileShape& shape,
               const std::filesystem::path& file, const BeforeCommit& before_commit) const;

private:
    bool foreground_only(PredictionKind kind) const;

    const Format& format_;
    std::int64_t bits_;
    std::int64_t classes_;
    int threads_;  ///< that pack; 0: all
    std::vector<std::string> class_names_;
    std::vector<Colour> colours_;  ///< of classes; empty where labels are objects
};

}  // namespace unet
