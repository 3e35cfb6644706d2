#include "unet/pixels/normalise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/testing/folder.h"

namespace unet {

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's name
void PrintTo(const Scaling& scaling, std::ostream* out) {
    for (std::size_t i = 0; i < scaling.low.size(); ++i)
        *out << scaling.low[i] << ':' << scaling.high.at(i) << ' ';
}

namespace {

std::vector<float> whole(int count) {
    std::vector<float> values;
    for (int i = 0; i < count; ++i) values.push_back(static_cast<float>(i * 37 % 257));
    return values;
}

std::vector<float> fraction(int count) {
    std::vector<float> values;
    for (int i = 0; i < count; ++i)
        values.push_back(static_cast<float>(i * 7919 % 10007) / 64.0f - 40.0f);
    return values;
}

// numpy 2.4.6: np.percentile(values.astype(float64), p) for p in 0, 1, 25, 50, 99.8, 100.
struct Numpy {
    int count;
    double percentiles[6];
};
constexpr double percents[] = {0, 1, 25, 50, 99.8, 100};
constexpr Numpy of_whole[] = {
    {1000, {0.0, 2.0, 63.0, 127.5, 256.0, 256.0}},
    {7, {0.0, 2.2199999999999998, 55.5, 111.0, 221.55599999999998, 222.0}},
    {2, {0.0, 0.37, 9.25, 18.5, 36.926, 37.0}},
    {1, {0.0, 0.0, 0.0, 0.0, 0.0, 0.0}},
};
constexpr Numpy of_fraction[] = {
    {1000, {-40.0, -38.36078125, -0.95703125, 38.25, 115.90653125, 116.203125}},
    {7, {-40.0, -38.4484375, 2.171875, 51.109375, 109.28343749999999, 109.59375}},
    {2, {-40.0, -38.76265625, -9.06640625, 21.8671875, 83.48690625, 83.734375}},
    {1, {-40.0, -40.0, -40.0, -40.0, -40.0, -40.0}},
};

TEST(PercentileTest, EqualsNumpy) {
    for (const auto& row : of_whole)
        for (std::size_t i = 0; i < 6; ++i)
            EXPECT_DOUBLE_EQ(percentile(whole(row.count), percents[i]), row.percentiles[i])
                << row.count << ' ' << percents[i];
    for (const auto& row : of_fraction)
        for (std::size_t i = 0; i < 6; ++i)
            EXPECT_DOUBLE_EQ(percentile(fraction(row.count), percents[i]), row.percentiles[i])
                << row.count << ' ' << percents[i];
}

TEST(PercentileTest, CountsOfManyImagesAreThoseOfAll) {
    const auto all = whole(1000);
    ValueCounts counts;
    counts.add(std::span(all).first(300));
    counts.add(std::span(all).subspan(300));
    EXPECT_DOUBLE_EQ(counts.percentile(50), 127.5);
    EXPECT_EQ(counts.size(), 1000);
    // A fraction that comes late turns counting into keeping, and nothing is lost.
    const float late[] = {0.5f};
    counts.add(late);
    auto joined = all;
    joined.push_back(0.5f);
    for (const double percent : percents)
        EXPECT_EQ(counts.percentile(percent), percentile(joined, percent)) << percent;
    EXPECT_EQ(counts.percentile(50), 127.0);
}

TEST(PercentileTest, NothingAndOutOfRangeAreRefused) {
    EXPECT_THROW(percentile({}, 50), Error);
    EXPECT_THROW(percentile(whole(3), 100.1), Error);
    EXPECT_THROW(percentile(whole(3), -1), Error);
    EXPECT_THROW(percentile(whole(3), std::nan("")), Error);
}

Image grey(std::vector<float> values, std::int64_t channels = 1) {
    Image image;
    image.channels = channels;
    image.size = {1, 1, static_cast<std::int64_t>(values.size()) / channels};
    image.values = std::move(values);
    image.type = SampleType::u8;
    return image;
}

TEST(NormaliseTest, LowBecomesZeroHighOneAndNothingIsClipped) {
    Image image = grey({0, 10, 20, 30, 40});
    normalise(image, {{10}, {30}});
    EXPECT_EQ(image.values, (std::vector<float>{-0.5f, 0.0f, 0.5f, 1.0f, 1.5f}));
}

TEST(NormaliseTest, ALimitStopsOnlyWhatIsBeyondIt) {
    const float most = std::numeric_limits<float>::max();
    const std::vector<float> stored = {100, 110, 104, 90,   93,    120,  150,
                                       151, 59,  60,  1e6f, -1e6f, most, -most};
    std::vector<float> limited = stored, free = stored;
    normalise(limited, 100, 110, 4.0);
    normalise(free, 100, 110);
    EXPECT_EQ(limited, (std::vector<float>{0, 1, 0.4f, -1, -0.7f, 2, 5, 5, -4, -4, 5, -4, 5, -4}));
    for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(limited[i], free[i]);  // the same bits
    Image image = grey(stored);
    normalise(image, {{100}, {110}, 4.0});
    EXPECT_EQ(image.values, limited);
    EXPECT_EQ(scaling_of(image, {NormaliseRule::fixed, {3}, {9}, 2.0}).clip, 2.0);
    EXPECT_EQ(scaling_of(image, {NormaliseRule::image, {}, {}, 2.0}).clip, 2.0);
}

TEST(NormaliseTest, LimitsAreStoredValues) {
    const Scaling scaling{{100, 5}, {110, 5}, 4.0};
    EXPECT_EQ(limits_of(scaling, 0).low, 60.0);
    EXPECT_EQ(limits_of(scaling, 0).high, 150.0);
    EXPECT_EQ(limits_of(scaling, 1).low, 1.0);  // a constant channel spans 1
    EXPECT_EQ(limits_of(scaling, 1).high, 10.0);
    EXPECT_EQ(limits_of({{100}, {110}}, 0).high, std::numeric_limits<float>::max());
}

TEST(NormaliseTest, AConstantImageBecomesZeros) {
    for (const float value : {0.0f, 7.0f, 255.0f, -3.5f}) {
        Image image = grey(std::vector<float>(100, value));
        normalise(image, percentile_scaling(image));
        EXPECT_EQ(image.values, std::vector<float>(100, 0.0f)) << value;
    }
}

TEST(NormaliseTest, AnAlmostEmptyImageKeepsItsFewPixelsInRange) {
    std::vector<float> values(10000, 5.0f);
    values[77] = 205.0f;  // one in 10,000: beyond both percentiles
    Image image = grey(values);
    EXPECT_EQ(percentile_scaling(image), (Scaling{{5.0}, {205.0}}));
    normalise(image, percentile_scaling(image));
    EXPECT_EQ(image.values[77], 1.0f);
    EXPECT_EQ(image.values[0], 0.0f);
}

TEST(NormaliseTest, ChannelsApartColoursTogether) {
    auto values = whole(500);
    for (int i = 0; i < 500; ++i) values.push_back(2.0f * static_cast<float>(i % 50));
    for (int i = 0; i < 500; ++i) values.push_back(9.0f);
    Image image = grey(values, 3);
    const Scaling apart = percentile_scaling(image);
    ASSERT_EQ(apart.low.size(), 3u);
    for (std::size_t c = 0; c < 3; ++c) {
        const auto channel = std::span(values).subspan(c * 500, 500);
        EXPECT_EQ(apart.low[c], percentile(channel, c == 2 ? 0 : 1));
        EXPECT_EQ(apart.high[c], percentile(channel, 99.8));
    }
    image.rgb = true;
    const Scaling together = percentile_scaling(image);
    EXPECT_EQ(together, (Scaling{{percentile(values, 1)}, {percentile(values, 99.8)}}));
    EXPECT_EQ(scaling_of(image, {}), together);
}

TEST(NormaliseTest, RulesGiveTheirNumbers) {
    Image image = grey(whole(1000));
    EXPECT_EQ(scaling_of(image, {NormaliseRule::image, {}, {}}), (Scaling{{2.0}, {256.0}}));
    EXPECT_EQ(scaling_of(image, {NormaliseRule::range, {}, {}}), (Scaling{{0.0}, {255.0}}));
    EXPECT_EQ(scaling_of(image, {NormaliseRule::fixed, {3}, {9}}), (Scaling{{3.0}, {9.0}}));
    image.type = SampleType::u16;
    EXPECT_EQ(scaling_of(image, {NormaliseRule::range, {}, {}}), (Scaling{{0.0}, {65535.0}}));
    EXPECT_THROW(scaling_of(image, {NormaliseRule::dataset, {}, {}}), Error);
    EXPECT_THROW(scaling_of(image, {NormaliseRule::dataset, {1, 2}, {3, 4}}), Error);
    EXPECT_THROW(normalise(image, {{1, 2}, {3, 4}}), Error);
}

TEST(NormaliseTest, NumbersThatAreNoneAreCountedAndPlaced) {
    Image image = grey(std::vector<float>(24, 1.0f), 2);
    image.size = {2, 2, 3};
    check_finite(image, "a.tif");
    image.values[12 + 6 + 5] = std::numeric_limits<float>::infinity();
    image.values[12 + 6 + 4] = std::nanf("");
    const auto message = message_of([&] { check_finite(image, "a.tif"); });
    EXPECT_TRUE(contains(message, "'a.tif': 2 value(s)")) << message;
    EXPECT_TRUE(contains(message, "nan in channel 1, page 1, row 1, column 1")) << message;
}

}  // namespace
}  // namespace unet
