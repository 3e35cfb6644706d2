#include "unet/nn/network.h"

#include <gtest/gtest.h>

#include <string>

#include "unet/core/error.h"

namespace unet::nn {
namespace {

UNetOptions same_options() {
    UNetOptions options;
    options.padding = Padding::same;
    options.norm = Norm::batch;
    options.base_channels = 8;
    return options;
}

TEST(NetworkTest, ThePaperHas31030658Weights) {
    EXPECT_EQ(build_network(UNetOptions{}).parameter_count(), 31'030'658);
}

// The boxes of figure 1 from left to right: edge and channels of every map, input excluded. The
// figure prints the channels and most of the edges.
TEST(NetworkTest, FigureOne) {
    const std::vector<std::pair<std::int64_t, std::int64_t>> figure = {
        {570, 64},  {568, 64},                          // contracting path
        {284, 64},  {282, 128}, {280, 128},             //
        {140, 128}, {138, 256}, {136, 256},             //
        {68, 256},  {66, 512},  {64, 512},              //
        {32, 512},  {30, 1024}, {28, 1024},             //
        {56, 512},  {54, 512},  {52, 512},              // expansive path: up-convolution, two 3x3
        {104, 256}, {102, 256}, {100, 256},             //
        {200, 128}, {198, 128}, {196, 128},             //
        {392, 64},  {390, 64},  {388, 64},  {388, 2}};  // and the segmentation map
    const Network network = build_network(UNetOptions{});
    const std::vector<Size3> sizes = tensor_sizes(network, {1, 572, 572});
    ASSERT_EQ(sizes.size(), network.tensors.size());
    EXPECT_EQ(sizes.front(), (Size3{1, 572, 572}));
    std::vector<std::pair<std::int64_t, std::int64_t>> found;
    for (const Layer& layer : network.layers) {
        const auto output = static_cast<std::size_t>(layer.output);
        EXPECT_EQ(sizes[output].height, sizes[output].width) << layer.name;
        EXPECT_EQ(sizes[output].depth, 1) << layer.name;
        found.emplace_back(sizes[output].height, network.tensors[output].channels);
    }
    EXPECT_EQ(found, figure);
}

TEST(NetworkTest, OutputIs184SmallerFromEdge188Up) {
    const Network network = build_network(UNetOptions{});
    EXPECT_EQ(output_size(network, {1, 572, 572}), (Size3{1, 388, 388}));
    EXPECT_EQ(output_size(network, {1, 188, 204}), (Size3{1, 4, 20}));
    EXPECT_EQ(context_of(UNetOptions{}), (Size3{0, 92, 92}));
    EXPECT_EQ(receptive_field_of(UNetOptions{}), (Size3{1, 185, 185}));
    EXPECT_EQ(downsampling_of(UNetOptions{}), (Size3{1, 16, 16}));
}

/// The message with which `action` fails; the code must be `code`.
template <class Action>
std::string refusal(ErrorCode code, Action action) {
    try {
        action();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), code) << error.what();
        return error.what();
    }
    ADD_FAILURE() << "no exception";
    return {};
}

void expect_words(const std::string& message, const std::vector<std::string>& words) {
    for (const std::string& word : words)
        EXPECT_NE(message.find(word), std::string::npos) << "\"" << word << "\" in: " << message;
}

TEST(NetworkTest, SizesThatDoNotFitNameTheNearestOnes) {
    const Network paper = build_network(UNetOptions{});
    const auto refused = [](const Network& network, const Size3& size) {
        return refusal(ErrorCode::shape_mismatch, [&] { tensor_sizes(network, size); });
    };
    expect_words(refused(paper, {1, 100, 100}), {"100", "188"});
    expect_words(refused(paper, {1, 572, 580}), {"580", "572", "588"});
    expect_words(refused(paper, {1, 573, 572}), {"573", "572", "588"});
    // 16k + 60 with k = 7 leaves no pixel in the middle of the network.
    expect_words(refused(paper, {1, 172, 172}), {"172", "188"});
    expect_words(refused(build_network(same_options()), {1, 64, 50}), {"50", "48", "64"});
    expect_words(refused(build_network(same_options()), {1, 8, 16}), {"8", "16"});
}

TEST(NetworkTest, SameKeepsTheSize) {
    const Network network = build_network(same_options());
    EXPECT_EQ(output_size(network, {1, 64, 48}), (Size3{1, 64, 48}));
    EXPECT_EQ(output_size(network, {1, 16, 16}), (Size3{1, 16, 16}));
}

// What is left of an unpadded network's input is what a pixel needs around it.
TEST(NetworkTest, ContextIsTheMarginOfTheUnpaddedNetwork) {
    for (std::int64_t levels = 1; levels <= 6; ++levels)
        for (std::int64_t convolutions = 1; convolutions <= 3; ++convolutions) {
            UNetOptions options;
            options.base_channels = 1;
            options.levels = levels;
            options.convolutions = convolutions;
            const Network network = build_network(options);
            const std::int64_t reach = context_of(options).height;
            // Output edges are multiples of 2^(levels-1), up to the parity the margin leaves.
            std::int64_t fitting = 0;
            for (std::int64_t edge = 2 * reach + 1; edge <= 2 * reach + 64; ++edge) try {
                    EXPECT_EQ(output_size(network, {1, edge, edge}).height, edge - 2 * reach);
                    ++fitting;
                } catch (const Error&) {
                }
            EXPECT_EQ(fitting, 64 / downsampling_of(options).height)
                << levels << " levels, " << convolutions << " convolutions";
        }
}

TEST(NetworkTest, FanInCountsTheProductsOfOneOutput) {
    const Network network = build_network(UNetOptions{});
    const auto fan_in = [&](const std::string& name) {
        for (const ParameterInfo& info : network.parameters)
            if (info.name == name) return info.fan_in;
        return std::int64_t{-1};
    };
    EXPECT_EQ(fan_in("encoder.0.conv.0.weight"), 9);
    EXPECT_EQ(fan_in("encoder.1.conv.0.weight"), 9 * 64);  // the example of section 3 of the paper
    EXPECT_EQ(fan_in("decoder.3.up.weight"), 1024);        // stride 2: one tap per output pixel
    EXPECT_EQ(fan_in("decoder.3.conv.0.weight"), 9 * 1024);
    EXPECT_EQ(fan_in("head.weight"), 64);
}

TEST(NetworkTest, OptionsOutOfRangeAreNamed) {
    const auto refused = [](void (*change)(UNetOptions&)) {
        UNetOptions options;
        change(options);
        return refusal(ErrorCode::invalid_argument, [&] { build_network(options); });
    };
    expect_words(refused([](UNetOptions& o) { o.levels = 0; }), {"levels", "0"});
    expect_words(refused([](UNetOptions& o) { o.levels = 9; }), {"levels", "9"});
    expect_words(refused([](UNetOptions& o) { o.base_channels = 0; }), {"base_channels"});
    expect_words(refused([](UNetOptions& o) { o.in_channels = 0; }), {"in_channels"});
    expect_words(refused([](UNetOptions& o) { o.classes = 1; }), {"classes", "1"});
    expect_words(refused([](UNetOptions& o) { o.classes = 256; }), {"classes", "256"});
    expect_words(refused([](UNetOptions& o) { o.convolutions = 0; }), {"convolutions"});
    expect_words(refused([](UNetOptions& o) { o.dropout = 1.0; }), {"dropout"});
    expect_words(refused([](UNetOptions& o) { o.dropout = -0.1; }), {"dropout"});
    expect_words(refused([](UNetOptions& o) { o.dims = 4; }), {"dims"});
}

}  // namespace
}  // namespace unet::nn
