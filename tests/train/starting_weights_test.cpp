#include "unet/train/starting_weights.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "unet/core/error.h"

namespace unet {
namespace {

const UNetOptions small{.levels = 2, .base_channels = 4, .padding = Padding::same};

nn::Network network_of(std::int64_t classes) {
    auto options = small;
    options.classes = classes;
    return nn::build_network(options);
}

std::string all(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

TEST(Initial, TakesEverythingThatMatches) {
    const auto network = network_of(2);
    const auto other = nn::initial_weights(network, 5);
    const auto result = starting_weights_from(network, 6, other, "a.safetensors");
    for (std::size_t i = 0; i < other.size(); ++i)
        EXPECT_EQ(result.tensors[i].values, other[i].values) << other[i].name;
    EXPECT_TRUE(result.notices.empty()) << all(result.notices);
}

TEST(Initial, OtherClassesKeepAllButTheHeadAndSaySo) {
    const auto other = nn::initial_weights(network_of(3), 5);
    const auto network = network_of(2);
    const auto drawn = nn::initial_weights(network, 6);
    auto found = other;
    found.push_back({"extra.weight", {1}, {1.0f}});
    std::erase_if(found, [](const auto& t) { return t.name == "encoder.0.conv.0.bias"; });
    const auto result = starting_weights_from(network, 6, found, "a.safetensors");
    for (std::size_t i = 0; i < drawn.size(); ++i)
        EXPECT_EQ(result.tensors[i].values,
                  drawn[i].name.starts_with("head.") ? drawn[i].values : other[i].values)
            << drawn[i].name;
    const auto notices = all(result.notices);
    EXPECT_NE(notices.find("head.weight (3x4x1x1, the network has 2x4x1x1)"), std::string::npos)
        << notices;
    EXPECT_NE(notices.find("not in the file, drawn anew: encoder.0.conv.0.bias"), std::string::npos)
        << notices;
    EXPECT_NE(notices.find("left out: extra.weight"), std::string::npos) << notices;
    EXPECT_NE(notices.find("a.safetensors"), std::string::npos) << notices;
}

TEST(Initial, AGreyNetworkTakesTheSumOfAColourOnesFirstConvolution) {
    auto colours = small;
    colours.in_channels = 3;
    const auto found = nn::initial_weights(nn::build_network(colours), 5);
    const auto result = starting_weights_from(network_of(2), 6, found, "rgb.safetensors");
    const auto at = [](const std::vector<NamedTensor>& tensors) {
        return *std::find_if(tensors.begin(), tensors.end(), [](const NamedTensor& tensor) {
            return tensor.name == "encoder.0.conv.0.weight";
        });
    };
    const NamedTensor from = at(found), to = at(result.tensors);
    ASSERT_EQ(to.values.size(), 4u * 9u);
    for (std::size_t out = 0; out < 4; ++out)
        for (std::size_t tap = 0; tap < 9; ++tap) {
            float sum = 0.0f;
            for (std::size_t c = 0; c < 3; ++c) sum += from.values[(out * 3 + c) * 9 + tap];
            EXPECT_EQ(to.values[out * 9 + tap], sum);
        }
    EXPECT_NE(all(result.notices).find("sum over red, green and blue"), std::string::npos);
}

TEST(Initial, WeightsOfAnotherKindOfNetworkAreAnError) {
    try {
        starting_weights_from(network_of(2), 6, {{"layer1.weight", {1}, {1.0f}}}, "a.safetensors");
        FAIL() << "no error";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::shape_mismatch);
        EXPECT_NE(std::string(error.what()).find("layer1.weight"), std::string::npos);
    }
}

TEST(Initial, ChannelsAndClassesComeFromTheTensors) {
    auto options = small;
    options.in_channels = 3;
    options.classes = 7;
    const auto found = nn::initial_weights(nn::build_network(options), 5);
    auto taken = small;
    take_channels(taken, found, "a.safetensors");
    EXPECT_EQ(taken, options);
    EXPECT_THROW(take_channels(taken, {}, "a.safetensors"), Error);
}

}  // namespace
}  // namespace unet
