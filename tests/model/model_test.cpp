#include "unet/model/model.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/testing/folder.h"
#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/nn/network.h"

namespace unet {
namespace {

Model small_model() {
    Model model;
    model.network = {.in_channels = 2, .classes = 3, .levels = 2, .base_channels = 4};
    model.network.padding = Padding::same;
    model.tensors = nn::initial_weights(nn::build_network(model.network), 7);
    model.info.labels = LabelKind::classes;
    model.info.class_names = {"background", "border", "inside"};
    model.info.class_colours = {{0, 0, 0}, {255, 0, 128}, {1, 2, 3}};
    model.info.label_values = {0, 1, 4000000000u};
    model.info.normalisation = {NormaliseRule::dataset, {0.1, -3}, {1.0 / 3.0, 4095}, 2.5};
    model.info.threshold = 0.37;
    model.info.minimum_size = 12;
    model.info.label_evidence = "three values";
    model.info.intensities = {{{{0.5, 1.5}, {-0.25, 0.125}, {3, 4000}}, {{1, 1}, {0, 0}, {7, 7}}},
                              SampleType::u16};
    model.info.spacing = {{0.0, 0.25, 0.5}, "um"};
    model.info.object_size = 17.25;
    model.info.training = R"({"steps":100,"scores":{"f1":0.5}})";
    model.info.provenance = "unet 0.1.0";
    return model;
}

class ModelTest : public FolderTest {
protected:
    /// Writes small_model() with `change` made to its description.
    template <class Change>
    std::filesystem::path changed(Change change) {
        Safetensors file = to_safetensors(small_model());
        auto text = nlohmann::ordered_json::parse(file.metadata.at("unet"));
        change(text);
        file.metadata["unet"] = text.dump();
        auto path = folder / "changed.safetensors";
        write_safetensors(path, file);
        return path;
    }
    template <class Change>
    Error refusal(Change change) {
        try {
            read_model(changed(change));
        } catch (const Error& error) {
            return error;
        }
        return {ErrorCode::cancelled, "it was read"};
    }
};

TEST_F(ModelTest, ComesBackAsItWas) {
    const auto path = folder / "m.safetensors";
    const Model written = small_model();
    write_model(path, written);
    const Model read = read_model(path);
    EXPECT_EQ(read.network, written.network);
    ASSERT_EQ(read.tensors.size(), written.tensors.size());
    for (std::size_t t = 0; t < read.tensors.size(); ++t) {
        EXPECT_EQ(read.tensors[t].name, written.tensors[t].name);
        EXPECT_EQ(read.tensors[t].shape, written.tensors[t].shape);
        EXPECT_EQ(read.tensors[t].values, written.tensors[t].values);
    }
    EXPECT_EQ(read.info.labels, written.info.labels);
    EXPECT_EQ(read.info.class_names, written.info.class_names);
    EXPECT_EQ(read.info.class_colours, written.info.class_colours);
    EXPECT_EQ(read.info.label_values, written.info.label_values);
    EXPECT_EQ(read.info.label_evidence, written.info.label_evidence);
    EXPECT_EQ(read.info.intensities, written.info.intensities);
    EXPECT_EQ(read.info.normalisation, written.info.normalisation);
    EXPECT_EQ(read.info.rgb, written.info.rgb);
    EXPECT_EQ(read.info.threshold, written.info.threshold);
    EXPECT_EQ(read.info.minimum_size, written.info.minimum_size);
    EXPECT_EQ(read.info.spacing, written.info.spacing);
    EXPECT_EQ(read.info.object_size, written.info.object_size);
    EXPECT_EQ(read.info.training, written.info.training);
    EXPECT_EQ(read.info.provenance, written.info.provenance);
    EXPECT_EQ(read.unknown, "");
}

TEST_F(ModelTest, EqualModelsAreEqualBytes) {
    write_model(folder / "a", small_model());
    write_model(folder / "b", read_model(folder / "a"));
    EXPECT_EQ(read_text_file(folder / "a"), read_text_file(folder / "b"));
}

TEST_F(ModelTest, KeysOfALaterVersionAreKept) {
    const auto path = changed([](auto& text) {
        text["later"] = {1, 2, 3};
        text["network"]["colour"] = "blue";
        text["spacing"]["time"] = 4.5;
    });
    Model model = read_model(path);
    model.info.threshold = 0.75;
    write_model(path, model);
    const Safetensors file = read_safetensors(path);
    const auto text = nlohmann::json::parse(file.metadata.at("unet"));
    EXPECT_EQ(text["later"].dump(), "[1,2,3]");
    EXPECT_EQ(text["network"]["colour"], "blue");
    EXPECT_EQ(text["spacing"]["time"], 4.5);
    EXPECT_EQ(text["threshold"], 0.75);
    EXPECT_EQ(text["version"], 1);
}

TEST_F(ModelTest, ANewerVersionIsRefusedSayingSo) {
    const Error error = refusal([](auto& text) { text["version"] = model_format_version + 1; });
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_NE(std::string(error.what()).find("newer"), std::string::npos) << error.what();
}

TEST_F(ModelTest, DescriptionsThatMakeNoSenseAreRefused) {
    const auto expect_refusal = [&](const std::string& reason, auto change) {
        const Error error = refusal(change);
        EXPECT_EQ(error.code(), ErrorCode::corrupt_file);
        EXPECT_NE(std::string(error.what()).find(reason), std::string::npos) << error.what();
    };
    expect_refusal("format", [](auto& t) { t.erase("format"); });
    expect_refusal("version", [](auto& t) { t.erase("version"); });
    expect_refusal("version", [](auto& t) { t["version"] = 0; });
    expect_refusal("version", [](auto& t) { t["version"] = "one"; });
    expect_refusal("network", [](auto& t) { t.erase("network"); });
    expect_refusal("network", [](auto& t) { t["network"] = 3; });
    expect_refusal("levels", [](auto& t) { t["network"]["levels"] = 99; });
    expect_refusal("base_channels", [](auto& t) { t["network"]["base_channels"] = "many"; });
    expect_refusal("padding", [](auto& t) { t["network"]["padding"] = "round"; });
    expect_refusal("labels", [](auto& t) { t["labels"] = "words"; });
    expect_refusal("threshold", [](auto& t) { t["threshold"] = 1.5; });
    expect_refusal("minimum_size", [](auto& t) { t["minimum_size"] = -1; });
    expect_refusal("class_names", [](auto& t) { t["class_names"] = {"a"}; });
    expect_refusal("class_names", [](auto& t) { t["class_names"] = {1, 2, 3}; });
    expect_refusal("class_colours", [](auto& t) { t["class_colours"] = "red"; });
    expect_refusal("class_colours", [](auto& t) { t["class_colours"][1] = {1, 2}; });
    expect_refusal("colour", [](auto& t) { t["class_colours"][1][0] = 256; });
    expect_refusal("label_values", [](auto& t) { t["label_values"][0] = -1; });
    expect_refusal("rule", [](auto& t) { t["normalisation"]["rule"] = "magic"; });
    expect_refusal("normalisation", [](auto& t) { t["normalisation"]["low"] = {1}; });
    expect_refusal("no numbers", [](auto& t) {
        t["normalisation"]["low"] = nlohmann::json::array();
        t["normalisation"]["high"] = nlohmann::json::array();
    });
    expect_refusal("spacing", [](auto& t) { t["spacing"]["size"] = {1, 2}; });
    expect_refusal("spacing", [](auto& t) { t["spacing"]["size"] = {0, -1, 1}; });
    expect_refusal("training", [](auto& t) { t["training"] = "long"; });
    expect_refusal("deeply", [](auto& t) {
        for (auto [depth, place] = std::pair(0, &t["training"]); depth < 64; ++depth)
            place = &(*place)["x"];
    });
}

TEST_F(ModelTest, TensorsMustBeThoseOfTheOptions) {
    const auto message = [&](const Safetensors& file) -> std::string {
        try {
            model_from(file, "x.safetensors");
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    };
    Safetensors file = to_safetensors(small_model());
    EXPECT_EQ(message(file), "");
    Safetensors more = file;
    more.tensors.push_back({"encoder.9.conv.0.weight", {1}, {0}});
    EXPECT_NE(message(more).find("not one of its network's"), std::string::npos);
    Safetensors fewer = file;
    fewer.tensors.pop_back();
    EXPECT_NE(message(fewer).find("'head.bias' is missing"), std::string::npos) << message(fewer);
    Safetensors other = file;
    other.tensors[0].shape[0] = 5;
    EXPECT_NE(message(other).find("its options say [4, 2, 3, 3]"), std::string::npos);

    Model bad = small_model();
    bad.tensors.pop_back();
    EXPECT_THROW(write_model(folder / "bad", bad), Error);
    EXPECT_FALSE(exists(folder / "bad"));
}

TEST_F(ModelTest, ACheckpointReadsAsItsModel) {
    const auto path = folder / "last.safetensors";
    Safetensors file = to_safetensors(small_model());
    file.tensors.push_back({"state.momentum", {2}, {1, 2}});
    file.metadata["checkpoint"] = R"({"step": 5})";
    write_safetensors(path, file);
    EXPECT_EQ(read_model(path).tensors.size(), small_model().tensors.size());
    EXPECT_EQ(read_bare_tensors(path).size(), small_model().tensors.size());
}

TEST_F(ModelTest, BareTensorsSayHowToComeIn) {
    try {
        read_model(UNET_SOURCE_DIR "/tests/model/foreign.safetensors");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::corrupt_file);
        EXPECT_NE(std::string(error.what()).find("`init`"), std::string::npos);
        EXPECT_NE(std::string(error.what()).find("no step"), std::string::npos);
    }
}

TEST_F(ModelTest, WhatCouldNotBeReadBackIsNotWritten) {
    const auto refused = [&](auto change) {
        Model model = small_model();
        change(model);
        try {
            write_model(folder / "m", model);
        } catch (const Error& error) {
            return error.code() == ErrorCode::invalid_argument && !exists(folder / "m");
        }
        return false;
    };
    EXPECT_TRUE(refused([](Model& m) { m.info.class_names = {"a"}; }));
    EXPECT_TRUE(refused([](Model& m) { m.info.normalisation.low = {}; }));
    EXPECT_TRUE(refused([](Model& m) { m.info.training = "{"; }));
    EXPECT_TRUE(refused([](Model& m) { m.info.training = "[1]"; }));
    EXPECT_TRUE(refused([](Model& m) { m.unknown = "7"; }));
    EXPECT_TRUE(refused([](Model& m) { m.info.provenance = "\xff"; }));
    EXPECT_TRUE(refused([](Model& m) { m.network.levels = 0; }));
}

TEST_F(ModelTest, TruncatedModelsAreErrors) {
    const auto path = folder / "m.safetensors";
    write_model(path, small_model());
    const std::string bytes = read_text_file(path);
    const auto cut = folder / "cut.safetensors";
    for (std::size_t length = 0; length < bytes.size(); length += 1 + length / 20) {
        std::ofstream(cut, std::ios::binary)
            .write(bytes.data(), static_cast<std::streamsize>(length));
        EXPECT_THROW(read_model(cut), Error) << length;
    }
}

}  // namespace
}  // namespace unet
