#include <nlohmann/json.hpp>

#include "terminal/streams.h"
#include "unet/unet.h"
#include "verbs/info.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

/// "nuclei/train: 497 images, 3000 steps"
std::string trained_on_text(const Json& training) {
    std::string text = training.value("data", "");
    if (text.empty()) return "not known";
    for (const auto& [key, unit] : {std::pair{"training_images", "images"}, {"step", "steps"}})
        if (training.contains(key)) text += fmt::format(", {} {}", training[key].dump(), unit);
    if (training.contains("validation"))
        for (const auto& [key, name] : {std::pair{"f1", "F1"}, {"iou", "IoU"}})
            if (training["validation"].contains(key))
                text += fmt::format(", {} {:.3f} on validation images", name,
                                    training["validation"][key].get<double>());
    return text;
}

Json describe(const KnownModel& known, const Model& model) {
    const nn::Network network = nn::build_network(model.network);
    const Json metadata = Json::parse(metadata_text(model));
    Json entry{{"name", known.name}, {"file", known.file.string()}};
    entry["parameters"] = network.parameter_count();
    for (const char* key : {"description", "network", "labels", "class_names", "rgb",
                            "normalisation", "object_size", "training", "provenance"})
        entry[key] = metadata[key];
    return entry;
}

void print(const Json& entry, const UNetOptions& network) {
    const auto line = [](const char* key, const std::string& text) {
        if (!text.empty()) put("  {:<11}  {}\n", key, text);
    };
    put("{}\n", entry["name"].get<std::string>());
    line("for", entry["description"].get<std::string>());
    line("network", fmt::format("{} levels, {} base channels, {} parameters", network.levels,
                                network.base_channels, entry["parameters"].dump()));
    line("input", fmt::format("{}", entry["rgb"].get<bool>() ? "red, green, blue"
                                    : network.in_channels == 1
                                        ? "grey"
                                        : fmt::format("{} channels", network.in_channels)));
    line("trained on", trained_on_text(entry["training"]));
    if (const double size = entry["object_size"]; size > 0.0)
        line("objects", fmt::format("about {:.0f} pixels wide", size));
    line("made by", entry["provenance"].get<std::string>());
}

}  // namespace

void print_known_models(bool json) {
    const auto models = known_models();
    Json list = Json::array();
    for (const KnownModel& known : models) {
        const Model model = read_model(known.file);
        list.push_back(describe(known, model));
        if (!json) print(list.back(), model.network);
    }
    if (json)
        put("{}\n", json_text(Json{{"models", list}}, 2));
    else if (models.empty())
        put("no model came with this program\n");
    else
        put("\nuse one by its name: unet predict {} IMAGE... --out DIR\n", models.front().name);
}

}  // namespace unet::cli
