// Files that PyTorch wrote run unchanged: tests/golden/make_golden.py saved two small networks with
// safetensors.torch.save_file(model.state_dict()) and the logits that PyTorch gives in float64.

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/golden/hashed.h"
#include "unet/core/files/file.h"
#include "unet/model/model.h"
#include "unet/nn/executor.h"

namespace unet {
namespace {

struct PytorchFile {
    explicit PytorchFile(const std::string& name)
        : json(nlohmann::ordered_json::parse(read_text_file(path(name, ".json")))),
          tensors(read_bare_tensors(path(name, ".safetensors"))) {
        from_json(fields_of(options), json.at("options"), name);
        input = {1, options.in_channels, 1, json.at("size")[0], json.at("size")[1]};
    }

    static std::string path(const std::string& name, const char* ending) {
        return UNET_SOURCE_DIR "/tests/golden/" + name + ending;
    }

    nlohmann::ordered_json json;
    std::vector<NamedTensor> tensors;
    UNetOptions options;
    Shape input;
};

/// Relative L2 error of the logits that `network` with `tensors` gives for the file's input.
double error_of(const PytorchFile& file, const nn::Network& network,
                std::span<const NamedTensor> tensors) {
    const kernels::Backend& backend = kernels::cpu_backend();
    nn::Parameters parameters(network, backend);
    parameters.load(tensors);
    Context context;
    nn::Executor executor(network, nn::make_plan(network, file.input, nn::Mode::inference, backend),
                          backend);
    const auto expected = file.json.at("logits").get<std::vector<double>>();
    std::vector<float> logits(expected.size());
    executor.forward(context, parameters, golden::uniform("input", file.input.elements()), logits);
    double error = 0.0, norm = 0.0;
    for (std::size_t k = 0; k < expected.size(); ++k) {
        error += (logits[k] - expected[k]) * (logits[k] - expected[k]);
        norm += expected[k] * expected[k];
    }
    return std::sqrt(error / norm);
}

// What float32 may differ from float64 by (tests/nn/golden_test.cpp).
constexpr double forward_tolerance = 1e-5;

TEST(PytorchWeightsTest, PlainNetworkRunsUnchanged) {
    const PytorchFile file("pytorch_plain");
    EXPECT_LE(error_of(file, nn::build_network(file.options), file.tensors), forward_tolerance);
}

// Batch norm brings an integer counter per norm along, which is no part of the network.
TEST(PytorchWeightsTest, BatchNormRunsUnchanged) {
    const PytorchFile file("pytorch_norm");
    EXPECT_LE(error_of(file, nn::build_network(file.options), file.tensors), forward_tolerance);
}

// Folding divides by a standard deviation and multiplies by a scale, each rounded once per weight.
TEST(PytorchWeightsTest, FoldedBatchNormGivesTheSameLogits) {
    const PytorchFile file("pytorch_norm");
    const nn::Network network = nn::build_network(file.options);
    UNetOptions folded = file.options;
    folded.norm = Norm::none;
    EXPECT_LE(error_of(file, nn::build_network(folded), nn::fold_batch_norm(network, file.tensors)),
              forward_tolerance);
}

}  // namespace
}  // namespace unet
