#include "unet/train/checkpoint.h"

#include <gtest/gtest.h>

#include "tests/testing/folder.h"
#include "unet/core/files/file.h"

namespace unet {
namespace {

class CheckpointTest : public FolderTest {
protected:
    std::filesystem::path file = folder / "last.safetensors";

    static Checkpoint example() {
        Checkpoint checkpoint;
        checkpoint.model.network = {.levels = 2, .base_channels = 4, .padding = Padding::same};
        const auto network = nn::build_network(checkpoint.model.network);
        checkpoint.model.tensors = nn::initial_weights(network, 3);
        checkpoint.model.info.labels = LabelKind::instances;
        checkpoint.model.info.threshold = 0.625;
        checkpoint.state = {{"optimizer.mean.a", {2, 3}, {1, 2, 3, 4, 5, 6}},
                            {"raw.a", {1}, {0.1f}}};
        checkpoint.training = {.step = 123456,
                               .seconds = 12.25,
                               .began = 0.1,
                               .best_score = 0.5,
                               .best_step = 100,
                               .finished = true,
                               .kernels = "reference"};
        checkpoint.settings = R"({"run":{"seed":7}})";
        return checkpoint;
    }

    ErrorCode code_of_reading() const {
        try {
            read_checkpoint(file);
        } catch (const Error& error) {
            EXPECT_NE(std::string(error.what()).find("last.safetensors"), std::string::npos)
                << error.what();
            return error.code();
        }
        ADD_FAILURE() << "no error";
        return {};
    }
};

TEST_F(CheckpointTest, ComesBackAsItWas) {
    const auto written = example();
    write_checkpoint(file, written);
    const auto read = read_checkpoint(file);
    EXPECT_EQ(read.model.network, written.model.network);
    ASSERT_EQ(read.model.tensors.size(), written.model.tensors.size());
    for (std::size_t i = 0; i < read.model.tensors.size(); ++i) {
        EXPECT_EQ(read.model.tensors[i].name, written.model.tensors[i].name);
        EXPECT_EQ(read.model.tensors[i].shape, written.model.tensors[i].shape);
        EXPECT_EQ(read.model.tensors[i].values, written.model.tensors[i].values);
    }
    EXPECT_EQ(read.model.info.threshold, 0.625);
    ASSERT_EQ(read.state.size(), 2u);
    EXPECT_EQ(read.state[0].name, "optimizer.mean.a");
    EXPECT_EQ(read.state[0].shape, (std::vector<std::int64_t>{2, 3}));
    EXPECT_EQ(read.state[1].values, std::vector<float>{0.1f});
    EXPECT_EQ(read.training.step, 123456);
    EXPECT_EQ(read.training.seconds, 12.25);
    EXPECT_EQ(read.training.began, 0.1);
    EXPECT_EQ(read.training.best_score, 0.5);
    EXPECT_EQ(read.training.best_step, 100);
    EXPECT_TRUE(read.training.finished);
    EXPECT_EQ(read.training.kernels, "reference");
    EXPECT_EQ(read.settings, written.settings);
}

TEST_F(CheckpointTest, PredictsLikeAModel) {
    write_checkpoint(file, example());
    const Model model = read_model(file);
    EXPECT_EQ(model.tensors.size(), example().model.tensors.size());
    EXPECT_EQ(model.info.threshold, 0.625);
}

TEST_F(CheckpointTest, TruncatedAnywhereItIsAnError) {
    write_checkpoint(file, example());
    const auto bytes = read_file(file);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{5}, std::size_t{100}, bytes.size() / 2, bytes.size() - 1}) {
        write_file_atomically(file, std::span(bytes).first(size));
        EXPECT_EQ(code_of_reading(), ErrorCode::corrupt_file) << size;
    }
}

TEST_F(CheckpointTest, AModelAloneIsNotACheckpoint) {
    write_model(file, example().model);
    EXPECT_EQ(code_of_reading(), ErrorCode::corrupt_file);
}

TEST_F(CheckpointTest, ANewerVersionIsRefused) {
    auto content = to_safetensors(example().model);
    content.metadata["checkpoint"] = R"({"version":2,"training":{},"settings":{}})";
    write_safetensors(file, content);
    EXPECT_EQ(code_of_reading(), ErrorCode::unsupported);
    content.metadata["checkpoint"] = R"({"version":1,"training":{"step":-4},"settings":{}})";
    write_safetensors(file, content);
    EXPECT_EQ(code_of_reading(), ErrorCode::corrupt_file);
    content.metadata["checkpoint"] = "{";
    write_safetensors(file, content);
    EXPECT_EQ(code_of_reading(), ErrorCode::corrupt_file);
}

}  // namespace
}  // namespace unet
