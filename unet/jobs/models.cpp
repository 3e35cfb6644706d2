#include "unet/jobs/models.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/core/fields.h"
#include "unet/core/system/process.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

constexpr const char* ending = ".safetensors";

/// Installed trees and the build tree look alike: PREFIX/bin/unet, PREFIX/share/unet/models.
fs::path models_folder() {
    return system::program_file().parent_path().parent_path() / "share" / "unet" / "models";
}

std::string hint_for(const std::string& word) {
    std::vector<std::string> names;
    for (const KnownModel& model : known_models()) names.push_back(model.name);
    const std::string nearest = nearest_word(word, names);
    return nearest.empty() ? "" : fmt::format(", did you mean {}?", nearest);
}

}  // namespace

std::vector<KnownModel> known_models() {
    std::vector<KnownModel> models;
    std::error_code error;
    for (fs::directory_iterator it(models_folder(), error), end; !error && it != end;
         it.increment(error))
        if (it->path().extension() == ending && it->is_regular_file())
            models.push_back({it->path().stem().string(), it->path()});
    std::sort(models.begin(), models.end(),
              [](const KnownModel& a, const KnownModel& b) { return a.name < b.name; });
    return models;
}

std::string known_models_text() {
    std::string names;
    for (const KnownModel& model : known_models())
        names += (names.empty() ? "" : ", ") + model.name;
    return names.empty() ? "none came with this program" : names;
}

fs::path known_model(const std::string& name) {
    for (const KnownModel& model : known_models())
        if (model.name == name) return model.file;
    return {};
}

fs::path model_file(const std::string& word) {
    fs::path path = word;
    const bool folder = fs::is_directory(path);
    if (folder && fs::exists(path / "model.safetensors")) return path / "model.safetensors";
    if (fs::exists(path) && !folder) return path;
    if (fs::path known = known_model(word); !known.empty()) return known;
    fail(
        ErrorCode::io,
        "{}: {}{}; expected a model file (.safetensors), the folder of a run, or a "
        "name: {}",
        word,
        folder ? "found a folder without model.safetensors" : "there is no such file, run or model",
        folder ? "" : hint_for(word), known_models_text());
}

}  // namespace unet
