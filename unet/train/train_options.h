#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "unet/data/dataset.h"
#include "unet/train/config.h"
#include "unet/train/pace.h"
#include "unet/train/recipe.h"

namespace unet {

/// Everything that decides what a training does and where it writes. Saved in the run, so that
/// resume() needs nothing else.
struct TrainOptions {
    std::string data;         ///< folder of a data set, or images (folder or stack); see find_pairs
    std::string label_files;  ///< labels (folder or stack) where `data` holds images only
    DatasetOptions reading;   ///< how they are read; its paths are not used
    std::string val;          ///< folder of a data set that validates; empty: part of `data`
    double val_fraction = 0.15;  ///< share of `data` that validates; 0: nothing validates
    std::string normalise;  ///< "image", "dataset", "range", "LOW:HIGH"; empty: as suits the images
    std::string clip;       ///< see parse_clip; empty: usual_clip, unless images reach beyond it
    Extent extent{0, 600.0};
    std::string description;  ///< what the model is for, one line; kept in it
    std::int64_t seed = 0;
    bool exact = false;  ///< direct convolution only
    Recipe recipe;

    std::filesystem::path out;   ///< folder of the run
    std::filesystem::path init;  ///< model, or any safetensors file, to start from; empty: drawn
};

/// Sections of config.toml: [run], then those of the recipe. Every key is unique and is a flag.
/// `out` and `init` are not part. Valid while `options` lives.
std::vector<Section> sections_of(TrainOptions& options);

/// JSON on one line, bytes that are not UTF-8 replaced: a path need not be, JSON must.
std::string text_of(const nlohmann::ordered_json& json);

/// The options as a checkpoint keeps them.
std::string settings_of(TrainOptions options);
/// The options that a checkpoint keeps (Checkpoint::settings); `where` names it in errors. Throws
/// Error(corrupt_file).
TrainOptions options_from_settings(const std::string& settings, const std::string& where);

/// Options before flags: the preset (empty: the one that the config file names, or "default"), then
/// the values of the config file (empty: none). Throws as preset() and read_config(), and
/// Error(invalid_argument) if the file names another preset.
TrainOptions starting_options(const std::string& preset_name, const std::filesystem::path& config);

/// Throws Error(invalid_argument) for options that are out of range or contradict each other.
void check(const TrainOptions& options);

}  // namespace unet
