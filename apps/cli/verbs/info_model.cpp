#include <nlohmann/json.hpp>

#include "terminal/progress.h"
#include "unet/unet.h"
#include "verbs/info.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

std::int64_t parameters_of(const nn::Network& network, const nn::Layer& layer) {
    std::int64_t count = 0;
    for (const int index : layer.parameters)
        if (network.parameters[index].trained) count += network.parameters[index].elements();
    return count;
}

/// The layers as a table; shapes too if `size` is given.
std::string layer_table(const nn::Network& network, std::int64_t size) {
    std::vector<Size3> sizes;
    if (size > 0) sizes = nn::tensor_sizes(network, {1, size, size});
    const auto shape = [&](int tensor) {
        const auto index = static_cast<std::size_t>(tensor);
        const auto channels = network.tensors[index].channels;
        return sizes.empty() ? fmt::format("{}", channels)
                             : fmt::format("{} x {}", channels, to_string(sizes[index]));
    };
    std::string table = fmt::format("\n{:<22}{:<22}{:>18}{:>14}\n{:<22}{:<22}{:>18}\n", "layer",
                                    "kind", size > 0 ? "output" : "channels", "parameters", "input",
                                    "", shape(network.input()));
    for (const nn::Layer& layer : network.layers) {
        const std::string name =
            layer.name.empty() ? network.tensors[layer.output].name : layer.name;
        const auto parameters = parameters_of(network, layer);
        table +=
            fmt::format("{:<22}{:<22}{:>18}{:>14}{}\n", name, layer.type->text(layer),
                        shape(layer.output), parameters > 0 ? std::to_string(parameters) : "",
                        layer.inputs.size() > 1
                            ? fmt::format("   + skip {}", network.tensors[layer.inputs[1]].name)
                            : "");
    }
    return table;
}

Json layers_json(const nn::Network& network, std::int64_t size) {
    std::vector<Size3> sizes;
    if (size > 0) sizes = nn::tensor_sizes(network, {1, size, size});
    Json list = Json::array();
    for (const nn::Layer& layer : network.layers) {
        const auto output = static_cast<std::size_t>(layer.output);
        Json entry{{"name", layer.name},
                   {"kind", layer.type->text(layer)},
                   {"channels", network.tensors[output].channels},
                   {"parameters", parameters_of(network, layer)}};
        if (!sizes.empty())
            entry["shape"] = {network.tensors[output].channels, sizes[output].height,
                              sizes[output].width};
        list.push_back(std::move(entry));
    }
    return list;
}

/// Which inputs the bare network takes in one piece: the smallest edge, and every `step` after it.
std::string input_sizes_text(const nn::Network& network) {
    constexpr std::int64_t farthest = 1 << 14;
    const std::int64_t step = nn::downsampling_of(network.options).width;
    for (std::int64_t edge = 1; edge <= farthest; ++edge) {
        try {
            const Size3 output = nn::output_size(network, {1, edge, edge});
            return fmt::format("{} -> {}, {} -> {}, ... in steps of {} (predict takes any size)",
                               edge, output.width, edge + step, output.width + step, step);
        } catch (const Error&) {  // not this one
        }
    }
    return fmt::format("none up to {}", farthest);
}

std::string network_text(const UNetOptions& options) {
    return fmt::format(
        "{} levels, {} channels at full resolution, {} convolutions a level, {} "
        "padding, norm {}",
        options.levels, options.base_channels, options.convolutions,
        options.padding == Padding::valid ? "valid" : "same",
        options.norm == Norm::none ? "none" : "batch");
}

std::string scores_text(const Json& training) {
    std::string text;
    for (const auto& [key, value] : training.items()) {
        if (value.is_object() || value.is_array()) continue;
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", key,
                            value.is_string() ? value.get<std::string>() : value.dump());
    }
    return text;
}

}  // namespace

Facts describe_model(const std::filesystem::path& path, std::int64_t size) {
    const Model model = read_model(path);
    const nn::Network network = nn::build_network(model.network);
    const Json metadata = Json::parse(metadata_text(model));
    const std::int64_t parameters = network.parameter_count();

    Facts facts;
    facts.add("model", path.string(), path.string());
    facts.add("description", model.info.description, model.info.description);
    facts.add("network", metadata["network"], network_text(model.network));
    facts.add(
        "parameters", parameters,
        fmt::format("{} ({})", parameters, bytes_text(4.0 * static_cast<double>(parameters))));
    facts.add("bytes", std::filesystem::file_size(path));
    facts.add("input", nullptr,
              fmt::format("{} channel{}{}", model.network.in_channels,
                          model.network.in_channels == 1 ? "" : "s",
                          model.info.rgb ? " (red, green, blue)" : ""));
    facts.add("input_sizes", nullptr, input_sizes_text(network));
    facts.add("downsampling", nn::downsampling_of(model.network).width);
    facts.add("context", nn::context_of(model.network).width,
              fmt::format("{} pixels on each side of an output pixel",
                          nn::context_of(model.network).width));
    facts.add("classes", metadata["class_names"],
              model.info.class_names.empty()
                  ? fmt::format("{}", model.network.classes)
                  : fmt::format("{}", fmt::join(model.info.class_names, ", ")));
    facts.add("labels", to_string(model.info.labels),
              fmt::format("trained on {}", to_string(model.info.labels)));
    facts.add("normalisation", metadata["normalisation"],
              model.info.normalisation.clip > 0.0
                  ? fmt::format("{}, limited to {:g} .. {:g}", to_string(model.info.normalisation),
                                -model.info.normalisation.clip, 1.0 + model.info.normalisation.clip)
                  : to_string(model.info.normalisation));
    for (const char* key : {"label_evidence", "intensities", "threshold", "minimum_size",
                            "split_depth", "object_size", "provenance"})
        if (metadata.contains(key)) {
            const Json& value = metadata[key];
            const bool plain = !value.is_object();
            facts.add(key, value,
                      value.is_string() ? value.get<std::string>() : (plain ? value.dump() : ""));
        }
    if (metadata.contains("spacing"))
        facts.add("spacing", metadata["spacing"], spacing_text(model.info.spacing));
    const Json training = metadata.value("training", Json::object());
    facts.add("training", training, scores_text(training));
    facts.add("layers", layers_json(network, size));
    facts.add_lines(layer_table(network, size));
    return facts;
}

}  // namespace unet::cli
