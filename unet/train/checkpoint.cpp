#include "unet/train/checkpoint.h"

#include <iterator>
#include <nlohmann/json.hpp>

#include "unet/core/error.h"
#include "unet/model/safetensors.h"

namespace unet {
namespace {

constexpr const char* metadata_key = "checkpoint";

nlohmann::ordered_json metadata_of(const Safetensors& file, const std::string& where) {
    const auto entry = file.metadata.find(metadata_key);
    if (entry == file.metadata.end())
        fail(
            ErrorCode::corrupt_file,
            "'{}' is not a checkpoint: found no metadata '{}', expected a last.safetensors written "
            "by training; a model alone starts a new run by `init`",
            where, metadata_key);
    auto json = nlohmann::ordered_json::parse(entry->second, nullptr, false);
    if (!json.is_object() || !json.contains("version") || !json["version"].is_number_integer() ||
        !json.contains("training") || !json["training"].is_object() || !json.contains("settings") ||
        !json["settings"].is_object())
        fail(
            ErrorCode::corrupt_file,
            "'{}': the metadata '{}' is damaged: expected a JSON object with version, training and "
            "settings",
            where, metadata_key);
    if (json["version"].get<std::int64_t>() > checkpoint_version)
        fail(ErrorCode::unsupported,
             "'{}' is a checkpoint of version {}, this program reads up to version {}; resume it "
             "with the program that wrote it, or a newer one",
             where, json["version"].dump(), checkpoint_version);
    return json;
}

}  // namespace

Fields fields_of(TrainingState& state) {
    return {
        {"step", "steps done", &state.step, 0.0, 4294967295.0},
        {"seconds", "wall time so far", &state.seconds, 0.0, 1e12},
        {"began", "time of the first step", &state.began, 0.0, 1e12},
        {"best_score", "of the best model", &state.best_score},
        {"best_step", "step of the best model", &state.best_step},
        {"validated_step", "last step validated", &state.validated_step},
        {"validation_images", "seen between steps", &state.validation_images, 0.0, 1e15},
        {"finished", "reached its end", &state.finished},
        {"kernels", "name of the kernel table", &state.kernels},
        {"version", "of the program", &state.version},
        {"processor", "that computed", &state.processor},
        {"threads", "that computed", &state.threads},
        {"init", "model that the run started from", &state.init},
        {"data", "fingerprint of what was trained and validated on", &state.data},
    };
}

void write_checkpoint(const std::filesystem::path& path, Checkpoint checkpoint) {
    Safetensors file = to_safetensors(std::move(checkpoint.model));
    for (NamedTensor& tensor : checkpoint.state) {
        tensor.name.insert(0, state_prefix);
        file.tensors.push_back(std::move(tensor));
    }
    nlohmann::ordered_json json;
    json["version"] = checkpoint_version;
    json["training"] = to_json(fields_of(checkpoint.training));
    json["settings"] = nlohmann::ordered_json::parse(checkpoint.settings);
    file.metadata[metadata_key] = json.dump();
    write_safetensors(path, file);
}

Checkpoint read_checkpoint(const std::filesystem::path& path) {
    const auto where = path.string();
    Safetensors file = read_safetensors(path);
    const auto json = metadata_of(file, where);
    Checkpoint checkpoint;
    from_json(fields_of(checkpoint.training), json["training"], where);
    checkpoint.settings = json["settings"].dump();
    Safetensors model;
    for (NamedTensor& tensor : file.tensors) {
        if (!tensor.name.starts_with(state_prefix)) {
            model.tensors.push_back(std::move(tensor));
            continue;
        }
        tensor.name.erase(0, state_prefix.size());
        checkpoint.state.push_back(std::move(tensor));
    }
    file.metadata.erase(metadata_key);
    model.metadata = std::move(file.metadata);
    checkpoint.model = model_from(std::move(model), where);
    return checkpoint;
}

}  // namespace unet
