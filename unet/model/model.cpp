#include "unet/model/model.h"

#include <algorithm>
#include <map>
#include <set>

#include "unet/core/error.h"
#include "unet/model/metadata.h"
#include "unet/nn/network.h"

namespace unet {
namespace {

constexpr const char* metadata_key = "unet";

// PyTorch counts the batches of a batch norm in integers; nothing depends on them.
bool belongs_to_model(const std::string& name) {
    return !name.starts_with(state_prefix) && !name.ends_with(".num_batches_tracked");
}

/// The file must hold exactly the parameters of its own options: what is allocated from the options
/// later is then no larger than the file.
void check_tensors(const Model& model, const std::string& where, ErrorCode code) {
    std::map<std::string, std::vector<std::int64_t>> expected;
    for (const nn::ParameterInfo& info : nn::build_network(model.network).parameters)
        expected[info.name] = info.shape;
    for (const NamedTensor& tensor : model.tensors) {
        const auto found = expected.find(tensor.name);
        if (found == expected.end())
            fail(code, "'{}': tensor '{}' is not one of its network's", where, tensor.name);
        if (found->second != tensor.shape)
            fail(code, "'{}': tensor '{}' has shape [{}], its options say [{}]", where, tensor.name,
                 fmt::join(tensor.shape, ", "), fmt::join(found->second, ", "));
        expected.erase(found);
    }
    if (!expected.empty())
        fail(code, "'{}': tensor '{}' is missing{}", where, expected.begin()->first,
             expected.size() > 1 ? fmt::format(", and {} more", expected.size() - 1) : "");
}

}  // namespace

Safetensors to_safetensors(Model model) {
    Safetensors file;
    file.metadata[metadata_key] = metadata_text(model);
    file.tensors = std::move(model.tensors);
    return file;
}

Model model_from(Safetensors file, const std::string& where) {
    const auto text = file.metadata.find(metadata_key);
    if (text == file.metadata.end())
        fail(ErrorCode::corrupt_file,
             "'{}' holds tensors but does not say for which network, expected a model written by "
             "unet; a training of no step that starts from it (`init`, `preset`) makes it one",
             where);
    Model model;
    read_metadata(text->second, fmt::format("'{}'", where), model);
    std::erase_if(file.tensors, [](const NamedTensor& t) { return !belongs_to_model(t.name); });
    model.tensors = std::move(file.tensors);
    check_tensors(model, where, ErrorCode::corrupt_file);
    return model;
}

Model read_model(const std::filesystem::path& path) {
    return model_from(read_safetensors(path, belongs_to_model), path.string());
}

void write_model(const std::filesystem::path& path, const Model& model) {
    check_tensors(model, path.string(), ErrorCode::invalid_argument);
    write_safetensors(path, model.tensors, {{metadata_key, metadata_text(model)}});
}

std::optional<ModelInfo> read_model_info(const std::filesystem::path& path) {
    const auto no_tensor = [](const std::string&) { return false; };
    const Safetensors file = read_safetensors(path, no_tensor);
    const auto text = file.metadata.find(metadata_key);
    if (text == file.metadata.end()) return std::nullopt;
    Model model;
    read_metadata(text->second, path.string(), model);
    return std::move(model.info);
}

std::vector<NamedTensor> read_bare_tensors(const std::filesystem::path& path) {
    return read_safetensors(path, belongs_to_model).tensors;
}

}  // namespace unet
