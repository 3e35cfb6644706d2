#include "unet/pixels/levels.h"

#include <gtest/gtest.h>

namespace unet {
namespace {

/// 0, 1, 2, ... in raster order, channel after channel.
Image counting(const Size3& size, std::int64_t channels = 1) {
    Image image{size, channels, {}, SampleType::u16, {}, channels == 3};
    for (std::int64_t i = 0; i < channels * size.elements(); ++i)
        image.values.push_back(static_cast<float>(i));
    return image;
}

TEST(LevelsTest, SmallImagesAreMeasuredWhole) {
    const Image image = counting({1, 7, 143});  // 0 .. 1000
    ImageSource source(image);
    const auto levels = levels_of(source);
    ASSERT_EQ(levels.size(), 1u);
    EXPECT_EQ(levels[0].least, 0.0);
    EXPECT_DOUBLE_EQ(levels[0].low, 10.0);
    EXPECT_DOUBLE_EQ(levels[0].median, 500.0);
    EXPECT_DOUBLE_EQ(levels[0].high, 998.0);
    EXPECT_EQ(levels[0].most, 1000.0);
}

TEST(LevelsTest, WhatLiesBetweenTheExtremesIsMeasuredWithoutThem) {
    // numpy.percentile(numpy.arange(201, 400), [1, 99.8])
    for (const float shift : {0.0f, 0.5f}) {  // counted, and kept
        Image image{{1, 1, 260}, 1, {}, SampleType::f32, {}};
        for (int i = 0; i < 200; ++i)
            image.values.push_back(200.0f + shift + static_cast<float>(i));
        image.values.resize(260, 65535.0f);
        ImageSource source(image);
        const Levels levels = levels_of(source)[0];
        EXPECT_EQ(levels.high, 65535.0);
        EXPECT_NEAR(levels.inside.low, 202.98 + static_cast<double>(shift), 1e-9);
        EXPECT_NEAR(levels.inside.high, 398.604 + static_cast<double>(shift), 1e-9);
    }
}

TEST(LevelsTest, ColoursCountTogetherAndChannelsApart) {
    const Image rgb = counting({1, 1, 10}, 3);
    ImageSource colours(rgb);
    ASSERT_EQ(levels_of(colours).size(), 1u);
    EXPECT_DOUBLE_EQ(levels_of(colours)[0].median, 14.5);
    Image two = counting({1, 1, 10}, 2);
    ImageSource channels(two);
    ASSERT_EQ(levels_of(channels).size(), 2u);
    EXPECT_DOUBLE_EQ(levels_of(channels)[1].median, 14.5);
}

/// Counts the values that are read; rows grow brighter downwards.
class Ramp final : public RegionSource {
public:
    explicit Ramp(const Size3& size) : size_(size) {}
    Size3 size() const override { return size_; }
    std::int64_t channels() const override { return 1; }
    SampleType type() const override { return SampleType::u16; }
    bool rgb() const override { return false; }
    Spacing spacing() const override { return {}; }
    void read(const Region& region, std::span<float> values) override {
        read_values += static_cast<std::int64_t>(values.size());
        std::fill(values.begin(), values.end(),
                  static_cast<float>(region.z * size_.height + region.y));
    }
    std::int64_t read_values = 0;

private:
    Size3 size_;
};

TEST(LevelsTest, LargeImagesAreMeasuredOnRowsSpreadOverAllOfIt) {
    Ramp ramp({4, 5000, 6000});  // 120 million values
    const auto levels = levels_of(ramp);
    EXPECT_LE(ramp.read_values, 1 << 20);
    EXPECT_GE(ramp.read_values, 1 << 19);
    EXPECT_NEAR(levels[0].median, 10000.0, 120.0);  // rows are 115 apart
    EXPECT_LT(levels[0].least, 116.0);
    EXPECT_GT(levels[0].most, 19884.0);
}

TEST(LevelsTest, IntervalsGrowWithEachImageAndConstantOnesDoNotCount) {
    const auto scaled = [](double low, double median, double high) {
        return std::vector<Levels>{{low, low, median, high, high}};
    };
    Intensities seen;
    add_image(seen, scaled(5, 5, 5), {{0}, {100}}, SampleType::u8);
    EXPECT_TRUE(seen.channels.empty());
    add_image(seen, scaled(0, 20, 50), {{0}, {100}}, SampleType::u8);
    add_image(seen, scaled(10, 15, 90), {{0}, {100}}, SampleType::u8);
    ASSERT_EQ(seen.channels.size(), 1u);
    EXPECT_EQ(seen.channels[0].contrast, (Interval{0.5, 0.8}));
    EXPECT_EQ(seen.channels[0].median, (Interval{0.15, 0.2}));
    EXPECT_EQ(seen.channels[0].stored_contrast, (Interval{50, 80}));
    EXPECT_EQ(seen.type, SampleType::u8);
    add_image(seen, scaled(10, 15, 90), {{0}, {100}}, SampleType::u16);
    EXPECT_EQ(seen.type, std::nullopt);
}

TEST(LevelsTest, ALimitSuitsUnlessImagesReachBeyondIt) {
    const auto seen = [](double contrast, double median) {
        return Intensities{{{{0.1, contrast}, {median, median}, {}}}, {}};
    };
    EXPECT_EQ(suiting_clip({}), usual_clip);
    EXPECT_EQ(suiting_clip(seen(1.0, 0.3)), usual_clip);  // percentiles of an image
    EXPECT_EQ(suiting_clip(seen(4095.0, 900.0)), 0.0);    // 0:1 for a camera of 12 bits
    EXPECT_EQ(suiting_clip(seen(0.5, -4.0)), 0.0);
}

}  // namespace
}  // namespace unet
