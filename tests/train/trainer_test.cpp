#include "unet/train/run/trainer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "discs.h"
#include "tests/testing/folder.h"
#include "unet/core/files/file.h"
#include "unet/image/read.h"
#include "unet/model/model.h"
#include "unet/predict/predictor.h"
#include "unet/train/checkpoint.h"

namespace unet {
namespace {

class TrainerTest : public FolderTest {
protected:
    std::filesystem::path data = folder / "data", run = folder / "run";

    TrainerTest() { discs::write(data, 8); }

    template <class F>
    static std::string message_of(F action, ErrorCode code = ErrorCode::invalid_argument) {
        return unet::message_of(action, code);
    }

    std::vector<nlohmann::json> metrics() const {
        std::vector<nlohmann::json> lines;
        std::ifstream file(run / "metrics.jsonl");
        for (std::string line; std::getline(file, line);)
            lines.push_back(nlohmann::json::parse(line));
        return lines;
    }
};

/// A picture whose discs are a hundredth as bright and, so say its labels, no objects.
void write_nearly_empty(const std::filesystem::path& folder, const std::string& name) {
    Image image;
    LabelMap labels;
    discs::draw(0, 32, image, labels);
    for (std::size_t i = 0; i < labels.values.size(); ++i) {
        image.values[i] = labels.values[i] > 0 ? 22.0f : 20.0f;
        labels.values[i] = 0;
    }
    write_image(folder / "images" / (name + ".tif"), image);
    write_labels(folder / "labels" / (name + ".tif"), labels);
}

TEST_F(TrainerTest, ValidationChoosesTheNormalisationOfGreyImages) {
    auto options = discs::options(data, run, 60);
    options.recipe.network.dropout = 0.0;
    EXPECT_EQ(read_model(train(options, {.threads = 1}).model).info.normalisation.rule,
              NormaliseRule::image);

    // Stretched to its own percentiles, an empty picture has discs; beside the training set not.
    const auto series = folder / "series";
    discs::write(series, 2);
    for (const char* name : {"empty1", "empty2", "empty3"}) write_nearly_empty(series, name);
    options.val = series.string();
    options.out = folder / "series_run";
    const Model chosen = read_model(train(options, {.threads = 1}).model);
    EXPECT_EQ(chosen.info.normalisation.rule, NormaliseRule::dataset);
    ASSERT_EQ(chosen.info.normalisation.low.size(), 1u);
    EXPECT_NEAR(chosen.info.normalisation.low[0], 20.0, 1.0);  // the ground of the discs
    EXPECT_GT(chosen.info.normalisation.high[0], 150.0);       // and the discs

    options.normalise = "image";
    options.out = folder / "told_run";
    EXPECT_EQ(read_model(train(options, {.threads = 1}).model).info.normalisation.rule,
              NormaliseRule::image);
}

/// Puts one pixel of `value` into each image, and makes it one of floats.
void heat(const std::filesystem::path& data, float value) {
    std::size_t place = 100;
    for (const auto& file : std::filesystem::directory_iterator(data / "images")) {
        Image image = read_image(file.path());
        image.type = SampleType::f32;
        if (value > 0.0f) image.values[place += 37] = value;
        write_image(file.path(), image);
    }
}

TEST_F(TrainerTest, AHotPixelChangesNextToNothing) {
    auto options = discs::options(data, run, 60);
    options.recipe.network.dropout = 0.0;
    const auto trained = [&](const char* name, float value, const char* clip) {
        discs::write(folder / name, 8);
        heat(folder / name, value);
        options.data = (folder / name).string();
        options.out = folder / (name + std::string(*clip ? clip : "usual"));
        options.clip = clip;
        return train(options, {.threads = 1});
    };
    const auto clean = trained("clean", 0.0f, "");
    EXPECT_EQ(read_model(clean.model).info.normalisation.clip, usual_clip);
    for (const float value : {65535.0f, 1e6f, 3e38f}) {
        const auto hot = trained(value < 1e6f ? "a" : value < 1e7f ? "b" : "c", value, "");
        EXPECT_NEAR(hot.scores->f1().value(), clean.scores->f1().value(), 0.02) << value;
    }
    // Nothing of the clean ones is limited: the same bits as without a limit.
    Model with = read_model(clean.model);
    const Model without = read_model(trained("clean", 0.0f, "none").model);
    EXPECT_EQ(without.info.normalisation.clip, 0.0);
    ASSERT_EQ(with.tensors.size(), without.tensors.size());
    for (std::size_t i = 0; i < with.tensors.size(); ++i)
        EXPECT_EQ(with.tensors[i].values, without.tensors[i].values);
}

TEST_F(TrainerTest, WhatAnEarlierProgramTrainedHasNoLimit) {
    const TrainOptions usual;
    EXPECT_EQ(options_from_settings(settings_of(usual), "test").clip, "");
    EXPECT_EQ(options_from_settings(R"({"run":{"seed":7}})", "test").clip, "none");
    auto options = discs::options(data, run, 3);
    options.normalise = "0:1";  // leaves 0 to 200 as they are
    EXPECT_EQ(read_model(train(options, {.threads = 1}).model).info.normalisation.clip, 0.0);
    options.out = folder / "told";
    options.clip = "300";
    EXPECT_EQ(read_model(train(options, {.threads = 1}).model).info.normalisation.clip, 300.0);
}

TEST_F(TrainerTest, LearnsToFindDiscs) {
    auto options = discs::options(data, run, 60);
    options.recipe.network.dropout = 0.0;
    std::vector<double> losses;
    std::vector<std::string> log;
    TrainHooks hooks{.threads = 1};
    hooks.progress = [&](const TrainProgress& progress) { losses.push_back(progress.loss); };
    hooks.log = [&](const std::string& line) { log.push_back(line); };
    const TrainResult result = train(options, hooks);
    EXPECT_EQ(result.status, TrainStatus::finished);
    EXPECT_EQ(result.step, 60);
    ASSERT_EQ(losses.size(), 60u);
    EXPECT_LT(losses.back(), 0.5 * losses.front());
    // Discs 130 grey values above a ground that varies by 23: a network that learnt anything finds
    // them all.
    ASSERT_TRUE(result.scores.has_value());
    EXPECT_GT(result.scores->f1().value(), 0.9);
    EXPECT_GT(result.scores->iou().value(), 0.7);

    for (const char* file :
         {"config.toml", "metrics.jsonl", "log.txt", "model.safetensors", "last.safetensors"})
        EXPECT_TRUE(std::filesystem::exists(run / file)) << file;
    int pictures = 0;
    for ([[maybe_unused]] const auto& file : std::filesystem::directory_iterator(run / "previews"))
        ++pictures;
    EXPECT_EQ(pictures, 2);  // a quarter of eight
    EXPECT_FALSE(log.empty());

    int training = 0, validations = 0;
    for (const auto& line : metrics()) (line.contains("loss") ? training : validations) += 1;
    EXPECT_EQ(training, 3);     // steps 20, 40, 60
    EXPECT_EQ(validations, 6);  // steps 10, 20, .. 50, and the end

    const Model model = read_model(run / "model.safetensors");
    EXPECT_EQ(model.info.labels, LabelKind::instances);
    EXPECT_GT(model.info.object_size, 7.0);
    EXPECT_LT(model.info.object_size, 14.0);
    const auto summary = nlohmann::json::parse(model.info.training);
    EXPECT_EQ(summary["data"], "data");
    EXPECT_EQ(summary["training_images"], 6);
    EXPECT_EQ(summary["seed"], 3);
    Image image;
    LabelMap truth;
    discs::draw(11, 32, image, truth);
    const LabelMap found = Predictor(model).objects(image);
    EXPECT_EQ(*std::max_element(found.values.begin(), found.values.end()), 4u);
}

TEST_F(TrainerTest, ConfigOfARunRepeatsIt) {
    const auto first = train(discs::options(data, run, 12), {.threads = 1});
    auto options = starting_options("", run / "config.toml");
    options.out = folder / "again";
    train(options, {.threads = 1});
    EXPECT_EQ(read_file(first.model), read_file(folder / "again" / "model.safetensors"));
}

TEST_F(TrainerTest, ThreadsDoNotChangeABit) {
    for (const Norm norm : {Norm::none, Norm::batch}) {
        std::vector<std::vector<std::byte>> models;
        for (const int threads : {1, 2, 3}) {
            std::filesystem::remove_all(run);
            auto options = discs::options(data, run, 5);
            options.recipe.network.norm = norm;
            options.recipe.optimizer.learning_rate = 1e-3;
            train(options, {.threads = threads});
            models.push_back(read_file(run / "model.safetensors"));
        }
        EXPECT_EQ(models[0], models[1]);
        EXPECT_EQ(models[0], models[2]);
    }
}

TEST_F(TrainerTest, ClassesAreScoredByTheirIoU) {
    auto options = discs::options(data, run, 20);
    options.reading.label_kind = LabelsChoice::classes;  // discs 1 .. 4 as four classes
    const auto result = train(options, {.threads = 1});
    const Model model = read_model(result.model);
    EXPECT_EQ(model.network.classes, 5);
    EXPECT_EQ(model.info.label_values, (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
    ASSERT_TRUE(result.scores.has_value());
    EXPECT_FALSE(result.scores->f1().has_value());
    EXPECT_TRUE(result.scores->iou().has_value());
}

TEST_F(TrainerTest, AnotherFolderValidates) {
    discs::write(folder / "val", 3, 48);
    auto options = discs::options(data, run, 4);
    options.val = (folder / "val").string();
    train(options, {.threads = 1});
    const auto summary = nlohmann::json::parse(read_model(run / "model.safetensors").info.training);
    EXPECT_EQ(summary["training_images"], 8);
    EXPECT_EQ(summary["validation_images"], 3);
}

TEST_F(TrainerTest, WithoutValidationTheLastModelIsKept) {
    auto options = discs::options(data, run, 5);
    options.val_fraction = 0.0;
    const auto result = train(options, {.threads = 1});
    EXPECT_FALSE(result.scores.has_value());
    const Model model = read_model(result.model), last = read_model(run / "last.safetensors");
    for (std::size_t i = 0; i < model.tensors.size(); ++i)
        EXPECT_EQ(model.tensors[i].values, last.tensors[i].values);
}

TEST_F(TrainerTest, APaperNetworkOfTwoLevelsTrainsOnUnpaddedPatches) {
    auto options = discs::options(data, run, 6);
    options.recipe.network.padding = Padding::valid;
    options.recipe.network.norm = Norm::none;
    options.recipe.sampling.patch = 44;
    options.recipe.optimizer = {
        .optimizer = OptimizerKind::sgd, .learning_rate = 1e-3, .momentum = 0.99};
    EXPECT_EQ(train(options, {.threads = 1}).step, 6);
}

// Weight decay times rate above 2 multiplies weights by -10^4 a step: they leave float32 for sure.
TEST_F(TrainerTest, DivergenceNamesStepRateAndImagesAndKeepsTheLastGoodModel) {
    auto options = discs::options(data, run, 100);
    options.recipe.network.norm = Norm::none;
    options.recipe.average = 0.0;
    options.recipe.schedule = {ScheduleKind::constant, 0};
    options.recipe.optimizer = {
        .optimizer = OptimizerKind::sgd, .learning_rate = 1000.0, .weight_decay = 10.0};
    const auto message = message_of([&] { train(options, {.threads = 1}); }, ErrorCode::diverged);
    EXPECT_NE(message.find("step"), std::string::npos) << message;
    EXPECT_NE(message.find("1000"), std::string::npos) << message;
    EXPECT_NE(message.find("disc"), std::string::npos) << message;
    const Model kept = read_model(run / "last.safetensors");
    for (const auto& tensor : kept.tensors)
        for (const float value : tensor.values) ASSERT_TRUE(std::isfinite(value)) << tensor.name;
    EXPECT_NE(read_text_file(run / "log.txt").find("the loss is"), std::string::npos);
}

TEST_F(TrainerTest, ARunIsNotOverwritten) {
    train(discs::options(data, run, 1), {.threads = 1});
    const auto before = read_file(run / "last.safetensors");
    const auto message = message_of([&] { train(discs::options(data, run, 1), {.threads = 1}); });
    EXPECT_NE(message.find("`resume`"), std::string::npos) << message;
    EXPECT_EQ(read_file(run / "last.safetensors"), before);
}

TEST_F(TrainerTest, OptionsThatContradictAreErrors) {
    auto both = discs::options(data, run, 5);
    both.extent.seconds = 10.0;
    EXPECT_NE(message_of([&] { train(both); }).find("`budget`"), std::string::npos);
    auto nothing = discs::options("", run, 5);
    nothing.data.clear();
    EXPECT_NE(message_of([&] { train(nothing); }).find("no data"), std::string::npos);
    auto nowhere = discs::options(data, "", 5);
    EXPECT_NE(message_of([&] { train(nowhere); }).find("`out`"), std::string::npos);
    auto patch = discs::options(data, run, 5);
    patch.recipe.sampling.patch = 31;
    EXPECT_NE(message_of([&] { train(patch); }, ErrorCode::shape_mismatch).find("32"),
              std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(run));
}

TEST_F(TrainerTest, InitTakesWhatMatches) {
    auto source = discs::options(data, folder / "source", 8);
    const auto trained = train(source, {.threads = 1});
    auto options = discs::options(data, run, 0);
    options.reading.label_kind = LabelsChoice::classes;
    options.init = trained.model;
    std::string log;
    TrainHooks hooks{.threads = 1};
    hooks.log = [&](const std::string& line) { log += line + "\n"; };
    train(options, hooks);
    EXPECT_NE(log.find("head.weight (2x4x1x1, the network has 5x4x1x1)"), std::string::npos) << log;
    const Model before = read_model(trained.model), after = read_model(run / "model.safetensors");
    EXPECT_EQ(after.network.classes, 5);
    for (std::size_t i = 0; i < after.tensors.size(); ++i)
        if (!after.tensors[i].name.starts_with("head.")) {
            EXPECT_EQ(after.tensors[i].values, before.tensors[i].values) << after.tensors[i].name;
        }
}

TEST_F(TrainerTest, InitBringsItsNormalisationUnlessOneIsNamed) {
    const auto rule_after = [&](const std::string& of_init, const std::string& named) {
        std::filesystem::remove_all(folder / "source");
        std::filesystem::remove_all(run);
        auto source = discs::options(data, folder / "source", 0);
        source.normalise = of_init;
        auto options = discs::options(data, run, 0);
        options.init = train(source, {.threads = 1}).model;
        options.normalise = named;
        train(options, {.threads = 1});
        const Model before = read_model(options.init),
                    after = read_model(run / "model.safetensors");
        EXPECT_EQ(before.info.normalisation.low == after.info.normalisation.low, named.empty());
        return to_string(after.info.normalisation);
    };
    EXPECT_EQ(rule_after("2:77", ""), "2:77");
    EXPECT_EQ(rule_after("2:77", "3:99"), "3:99");
    // The numbers of that model's data, not of these.
    EXPECT_NE(rule_after("dataset", ""), "dataset");
}

// As on a disk that is full: nothing more can be added to the log, all else can be written.
TEST_F(TrainerTest, GoesOnWithoutItsLog) {
    const auto usual = train(discs::options(data, run, 30), {.threads = 1});
    auto options = discs::options(data, folder / "mute", 30);
    std::vector<std::string> told;
    TrainHooks hooks{.threads = 1};
    hooks.log = [&](const std::string& line) {
        told.push_back(line);
        for (const char* name : {"log.txt", "metrics.jsonl"}) {
            std::filesystem::remove(options.out / name);
            std::filesystem::create_directory(options.out / name);
        }
    };
    const auto result = train(options, hooks);
    EXPECT_EQ(result.status, TrainStatus::finished);
    EXPECT_EQ(read_file(result.model), read_file(usual.model));
    EXPECT_TRUE(std::filesystem::exists(options.out / "report.html"));
    EXPECT_EQ(std::count_if(told.begin(), told.end(),
                            [](const std::string& line) {
                                return line.starts_with("warning: cannot write");
                            }),
              1);
}

TEST_F(TrainerTest, BareTensorsBecomeAModelWithoutData) {
    UNetOptions network{.in_channels = 3, .classes = 4, .levels = 2, .base_channels = 4};
    const auto tensors = nn::initial_weights(nn::build_network(network), 9);
    write_safetensors(folder / "bare.safetensors", {tensors, {}});
    TrainOptions options = discs::options("", run, 0);
    options.data.clear();
    options.recipe.network = {.levels = 2, .base_channels = 4};
    options.recipe.sampling.patch = 44;
    options.init = folder / "bare.safetensors";
    const auto result = train(options, {.threads = 1});
    const Model model = read_model(result.model);
    EXPECT_EQ(model.network, network);
    for (std::size_t i = 0; i < tensors.size(); ++i)
        EXPECT_EQ(model.tensors[i].values, tensors[i].values);
}

// The clock is made up: every look at it takes 10 ms, a "step" about 50 ms.
TEST_F(TrainerTest, ABudgetIsKeptAndTheRateFallsToItsEnd) {
    auto options = discs::options(data, run, 0);
    options.extent = {0, 20.0};
    double time = 1.0, last_rate = 1.0;
    TrainHooks hooks{.threads = 1};
    hooks.clock = [&] { return time += 0.01; };
    hooks.progress = [&](const TrainProgress& progress) { last_rate = progress.learning_rate; };
    const auto result = train(options, hooks);
    EXPECT_EQ(result.status, TrainStatus::finished);
    EXPECT_NEAR(result.seconds, 20.0, 1.0);  // 5 %
    EXPECT_LT(last_rate, 0.01 * options.recipe.optimizer.learning_rate);
    int validations = 0;
    for (const auto& line : metrics()) validations += line.contains("score");
    EXPECT_GE(validations, 4);
    EXPECT_TRUE(nlohmann::json::parse(read_model(result.model).info.training).contains("seconds"));
}

}  // namespace
}  // namespace unet
