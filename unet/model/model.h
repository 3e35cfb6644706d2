#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "unet/core/fields.h"
#include "unet/core/image.h"
#include "unet/nn/options.h"
#include "unet/nn/parameters.h"

namespace unet {

/// What the training labels held.
enum class LabelKind {
    instances,  ///< object ids; the network separates objects from background by two classes
    classes,    ///< class indices 0 .. K
    binary,     ///< two values, background and foreground
};

/// How stored pixel values become the network's input (docs/design.md, images to numbers).
enum class NormaliseRule {
    image,    ///< (v - p1) / (p99.8 - p1), percentiles of this image
    dataset,  ///< the same with percentiles of the training set
    range,    ///< v / largest value of the file's type
    fixed,    ///< (v - low) / (high - low), LOW:HIGH given by the user
};

struct Normalisation {
    NormaliseRule rule = NormaliseRule::image;
    /// dataset and fixed: low and high per channel (one entry serves all channels).
    std::vector<double> low, high;
    bool operator==(const Normalisation&) const = default;
};

/// "image", "dataset", "range" or "LOW:HIGH". Throws Error(invalid_argument).
Normalisation parse_normalisation(const std::string& text, const std::string& where);
std::string to_string(const Normalisation& normalisation);

/// Everything that prediction needs besides the weights, and where the model comes from.
struct ModelInfo {
    LabelKind labels = LabelKind::classes;
    std::vector<std::string> class_names;                   ///< per class, background first
    std::vector<std::array<std::uint8_t, 3>> class_colours; ///< RGB, per class
    std::vector<std::uint32_t> label_values;  ///< stored value of each class in the training labels
    Normalisation normalisation;
    bool rgb = false;                ///< trained on red, green, blue
    double threshold = 0.5;          ///< two classes: foreground above this probability
    std::int64_t minimum_size = 0;   ///< objects smaller than this many pixels are dropped
    Spacing spacing;                 ///< of the training images
    double object_size = 0.0;        ///< median diameter of training objects in pixels; 0 unknown
    std::string training;            ///< JSON object: data, steps, seconds, seed, scores, recipe
    std::string provenance;          ///< program and version that wrote the file
};

/// A trained network: options + weights + what prediction needs. One safetensors file.
struct Model {
    UNetOptions network;
    std::vector<NamedTensor> tensors;
    ModelInfo info;
    std::string unknown;  ///< JSON object of metadata keys this version does not know; kept on writing
};

inline constexpr int model_format_version = 1;

/// Reads a model file. Throws Error(io), or Error(corrupt_file) for a truncated, foreign or newer
/// file, saying what was expected.
Model read_model(const std::filesystem::path& path);

/// Writes atomically: never half a file under the name. No dates: equal models are equal bytes.
void write_model(const std::filesystem::path& path, const Model& model);

}  // namespace unet
