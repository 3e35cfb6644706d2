#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "unet/jobs/inputs.h"
#include "unet/predict/prediction_plan.h"
#include "unet/predict/predictor.h"

namespace unet {

/// "objects", "labels", "probabilities", "logits".
const char* name_of(PredictionKind kind);
std::optional<PredictionKind> kind_named(std::string_view name);

/// What became of one image.
struct PredictedImage {
    struct File {
        PredictionKind kind;
        std::filesystem::path path;
    };
    Input input;
    std::vector<File> files{};  ///< one for each kind; none after a share that wrote no result
    std::vector<std::filesystem::path> overlays{};  ///< one for each slice
    std::optional<std::int64_t> objects{};          ///< how many; only where they were asked for
    ShownSize shown{};                              ///< how the network was shown it
    std::int64_t missing_tiles = 0;    ///< of other shares, after which nobody writes a result yet
    std::string written_by{};          ///< who is writing the result, where another program is
    std::vector<std::string> notes{};  ///< worth telling, each once

    /// The file of a kind; null without one.
    const std::filesystem::path* file_of(PredictionKind kind) const;
    /// Whether the image and all that was written are there.
    bool is_there() const;
};

/// {"input", "diameter", "scale", "count", "objects", "probabilities", ..., "overlay", "notes"}:
/// what there is of it.
nlohmann::ordered_json to_json(const PredictedImage& image);
/// "diameter", where it is known, and "scale", [height, width] where they differ, into `entry`.
void add_json(const ShownSize& shown, nlohmann::ordered_json& entry);
/// The image that to_json() made `entry` of. Throws nlohmann::json::exception for another.
PredictedImage predicted_image(const nlohmann::ordered_json& entry);

}  // namespace unet
