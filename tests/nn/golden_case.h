#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/golden/hashed.h"
#include "unet/core/files/file.h"
#include "unet/nn/executor.h"

namespace unet::nn {

using Json = nlohmann::ordered_json;

/// One golden file, and the inputs that its network saw.
struct GoldenCase {
    explicit GoldenCase(const std::string& name)
        : json(Json::parse(read_text_file(UNET_SOURCE_DIR "/tests/golden/" + name + ".json"))) {
        from_json(fields_of(options), json.at("options"), name);
        network = build_network(options);
        input = {json.at("batch"), options.in_channels, 1, json.at("size")[0], json.at("size")[1]};
        images = golden::uniform("input", input.elements());
        for (const ParameterInfo& info : network.parameters)
            start.push_back(
                {info.name, info.shape,
                 golden::parameter(info.name, info.elements(), info.fan_in, json.at("calm"))});
        draw_targets();
    }

    void draw_targets() {
        const auto shape = json.at("logits_shape").get<std::vector<std::int64_t>>();
        const std::int64_t pixels = shape[0] * shape[2] * shape[3];
        const golden::Words classes("target"), ignored("ignored");
        weights = golden::uniform("weight", pixels);
        for (std::size_t k = 0; k < weights.size(); ++k) {
            targets.push_back(static_cast<std::uint8_t>(classes[k] % shape[1]));
            weights[k] = ignored[k] % 8 == 0 ? 0.0f : weights[k] + 1.5f;
        }
    }

    TrainingBatch batch() const {
        return {.images = images,
                .targets = targets,
                .weights = weights,
                .dice_weight = json.at("dice_weight")};
    }

    Json json;
    UNetOptions options{.dropout = 0.0};
    Network network;
    Shape input;
    std::vector<float> images, weights;
    std::vector<std::uint8_t> targets;
    std::vector<NamedTensor> start;
};

}  // namespace unet::nn
