#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace unet {

/// A model that came with this program: share/unet/models/NAME.safetensors, beside the folder that
/// holds the executable.
struct KnownModel {
    std::string name;
    std::filesystem::path file;
};

/// Sorted by name; empty where there are none. Nothing else is searched: no home folder, no
/// environment.
std::vector<KnownModel> known_models();

/// "nuclei, cells", or that there are none.
std::string known_models_text();

/// The file of the known model of this name; empty if there is none.
std::filesystem::path known_model(const std::string& name);

/// The model that the user names: a file as it is, of a run's folder the best model in it, or else
/// a known model. A file or a run in the way of a known name wins. Throws Error(io) saying which
/// models there are.
std::filesystem::path model_file(const std::string& word);

}  // namespace unet
