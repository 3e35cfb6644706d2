#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "unet/core/fields.h"
#include "unet/core/image.h"
#include "unet/core/intensities.h"
#include "unet/core/labels.h"
#include "unet/core/normalisation.h"
#include "unet/model/safetensors.h"
#include "unet/nn/options.h"
#include "unet/nn/parameters.h"

namespace unet {

/// Everything that prediction needs besides the weights, and where the model comes from.
struct ModelInfo {
    std::string description;  ///< what it is for, one line for people; may be empty
    LabelKind labels = LabelKind::classes;
    std::vector<std::string> class_names;                    ///< per class, background first
    std::vector<std::array<std::uint8_t, 3>> class_colours;  ///< RGB, per class
    std::vector<std::uint32_t> label_values;  ///< stored value of each class in the training labels
    Normalisation normalisation;
    bool rgb = false;  ///< trained on red, green, blue
    /// Foreground above this probability: of two classes, or with a boundary.
    double threshold = 0.5;
    std::int64_t minimum_size = 0;  ///< objects smaller than this many pixels are dropped
    /// Instances: the last class is the outer part of objects, so far inwards of the way from
    /// border to middle (TargetOptions::boundary); 0: there is no such class.
    double boundary = 0.0;
    double split_depth = 0.0;    ///< objects are parted at waists so deep in pixels; 0: nowhere
    std::string label_evidence;  ///< why the training labels were taken for what they are
    Intensities intensities;     ///< of the training images
    Spacing spacing;             ///< of the training images; unknown where they differ much
    double object_size = 0.0;    ///< median diameter of training objects in pixels; 0 unknown
    std::string training;        ///< JSON object: data, steps, seconds, seed, scores, recipe
    std::string provenance;      ///< program and version that wrote the file
};

/// A trained network: options + weights + what prediction needs. One safetensors file.
struct Model {
    UNetOptions network;
    std::vector<NamedTensor> tensors;  ///< the network's parameters, file layout
    ModelInfo info;
    std::string unknown;  ///< JSON object of metadata this version does not know; kept on writing
};

inline constexpr int model_format_version = 1;

/// Reads a model file, or the model in a checkpoint.
///
/// Throws Error(io); Error(corrupt_file) for a truncated or foreign file, or tensors that are not
/// those of its own options; Error(unsupported) for a newer version. Each says what was expected; a
/// safetensors file without a description says how its tensors come in.
Model read_model(const std::filesystem::path& path);

/// What a file says of its model, without the weights; nothing for a safetensors file that
/// describes none. Throws as read_model.
std::optional<ModelInfo> read_model_info(const std::filesystem::path& path);

/// Writes atomically: never half a file under the name. No dates: equal models are equal bytes.
/// Throws Error(invalid_argument) for an `info` that could not be read back, and Error(io).
void write_model(const std::filesystem::path& path, const Model& model);

/// The tensors of any safetensors file, whether or not it says which network they belong to: how
/// weights trained elsewhere come in. PyTorch's integer batch counters are left out.
std::vector<NamedTensor> read_bare_tensors(const std::filesystem::path& path);

/// Tensors whose names begin so belong to a checkpoint (optimizer state): models leave them out.
inline constexpr std::string_view state_prefix = "state.";

/// A model as file content, for a checkpoint that adds `state.` tensors and metadata of its own
/// (any key but "unet").
Safetensors to_safetensors(Model model);
/// Back again; `where` names the file in errors. Throws as read_model.
Model model_from(Safetensors file, const std::string& where);

}  // namespace unet
