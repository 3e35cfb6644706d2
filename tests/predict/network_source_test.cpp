#include "unet/predict/network_source.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "small_models.h"
#include "unet/core/error.h"
#include "unet/pixels/colour.h"
#include "unet/pixels/scaling.h"

namespace unet::predict {
namespace {

std::vector<float> all_of(RegionSource& source) {
    std::vector<float> values(source.channels() * source.size().elements());
    source.read({0, 0, 0, source.size()}, values);
    return values;
}

Image colour_image() {
    Image image = test::drawn_image({2, 5, 7}, 3);
    image.rgb = true;
    return image;
}

Mask mask;  // all pixels are wanted

struct Notices {
    std::vector<std::string> texts;
    std::function<void(const std::string&)> add = [this](const std::string& text) {
        texts.push_back(text);
    };
};

TEST(NetworkSourceTest, EqualChannelsPassThrough) {
    Notices notices;
    const Image image = test::drawn_image({1, 4, 6}, 2);
    ImageSource source(image);
    std::vector<float> colours;
    NetworkSource input(source, mask, 2, false, notices.add, colours);
    EXPECT_EQ(all_of(input), image.values);
    EXPECT_TRUE(notices.texts.empty());
    EXPECT_FALSE(input.rgb());
}

TEST(NetworkSourceTest, GreyIsRepeatedForAnRgbModelWithANotice) {
    Notices notices;
    const Image image = test::drawn_image({1, 4, 6});
    ImageSource source(image);
    std::vector<float> colours;
    NetworkSource input(source, mask, 3, true, notices.add, colours);
    EXPECT_EQ(all_of(input), to_rgb(image).values);
    EXPECT_TRUE(input.rgb());
    ASSERT_EQ(notices.texts.size(), 1u);
    EXPECT_NE(notices.texts[0].find("grey image"), std::string::npos);
}

TEST(NetworkSourceTest, ColoursAreAveragedForAGreyModelWithANotice) {
    Notices notices;
    const Image image = colour_image();
    ImageSource source(image);
    std::vector<float> colours;
    NetworkSource input(source, mask, 1, false, notices.add, colours);
    EXPECT_EQ(all_of(input), to_grey(image).values);
    EXPECT_FALSE(input.rgb());
    ASSERT_EQ(notices.texts.size(), 1u);
    EXPECT_NE(notices.texts[0].find("averaged"), std::string::npos);
}

TEST(NetworkSourceTest, AnyOtherDifferenceIsAnErrorWithBothNumbers) {
    const auto refused = [](const Image& image, std::int64_t channels, bool rgb) -> std::string {
        ImageSource source(image);
        std::vector<float> colours;
        try {
            NetworkSource input(source, mask, channels, rgb, {}, colours);
        } catch (const Error& error) {
            return error.code() == ErrorCode::shape_mismatch ? error.what() : "wrong code";
        }
        return "";
    };
    const Image grey = test::drawn_image({1, 2, 2}), two = test::drawn_image({1, 2, 2}, 2),
                three = test::drawn_image({1, 2, 2}, 3);
    EXPECT_EQ(refused(two, 1, false),
              "the image has 2 channel(s), expected 1 as in the training images; `channel` picks "
              "some, `axes` says what pages are");
    EXPECT_NE(refused(two, 3, true), "");
    EXPECT_NE(refused(grey, 3, false), "");   // three stains are not red, green, blue
    EXPECT_NE(refused(three, 1, false), "");  // nor are three channels of an image
    EXPECT_NE(refused(colour_image(), 2, false), "");
}

TEST(NetworkSourceTest, ValuesThatAreNotFiniteAreNamedByPlace) {
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
        Image image = test::drawn_image({2, 5, 7}, 2);
        image.plane(1, 1)[4 * 7 + 6] = bad;
        ImageSource source(image);
        std::vector<float> colours;
        NetworkSource input(source, mask, 2, false, {}, colours);
        std::vector<float> values(2 * 3 * 4);
        input.read({1, 1, 3, {1, 3, 4}}, values);  // the rows above: fine
        try {
            input.read({1, 2, 3, {1, 3, 4}}, values);
            FAIL();
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::unsupported);
            EXPECT_NE(std::string(error.what()).find("page 1, row 4, column 6"), std::string::npos)
                << error.what();
        }
    }
}

TEST(NetworkSourceTest, WhereNothingIsWantedTheyBecomeWhatFills) {
    Image image = test::drawn_image({2, 5, 7}, 2);
    const Image clean = image;
    Image wanted{{1, 5, 7}, 1, std::vector<float>(35, 1.0f), SampleType::u8, {}};
    for (const std::size_t at : {34, 3}) {
        wanted.values[at] = 0.0f;
        image.plane(1, 1)[at] = std::numeric_limits<float>::quiet_NaN();
    }
    ImageSource source(image), where(wanted);
    Mask outside(&where);
    Notices notices;
    std::vector<float> colours;
    NetworkSource input(source, outside, 2, false, notices.add, colours);
    const Scaling fill{{7.0, 8.0}, {9.0, 9.0}};
    input.fill_with(fill);
    std::vector<float> values = all_of(input), expected = clean.values;
    for (const std::size_t at : {34, 3}) expected[3 * 35 + at] = 8.0f;
    EXPECT_EQ(values, expected);
    ASSERT_FALSE(notices.texts.empty());
    EXPECT_NE(notices.texts[0].find("`where`"), std::string::npos);
    wanted.values[3] = 1.0f;
    ImageSource other(wanted);
    Mask all(&other);
    NetworkSource strict(source, all, 2, false, {}, colours);
    EXPECT_THROW(all_of(strict), Error);
}

/// numpy: ((k * 2654435761) % 65536) for k = 0, 1, ...
Image hashed_image(const Size3& size) {
    Image image = test::drawn_image(size);
    for (std::size_t k = 0; k < image.values.size(); ++k)
        image.values[k] = static_cast<float>(k * 2654435761u % 65536u);
    image.type = SampleType::u16;
    return image;
}

// numpy.percentile(values, [1, 99.8]) of the first 77 and, as numbers in [-0.5, 0.5), of the first
// 30
TEST(ScalingTest, PercentilesOfTheWholeImageAreThoseOfNumpy) {
    const Image image = hashed_image({1, 7, 11});
    ImageSource source(image);
    const Scaling scaling = SourceScaling({NormaliseRule::image, {}, {}}).of(source);
    ASSERT_EQ(scaling.low.size(), 1u);
    EXPECT_NEAR(scaling.low[0], 711.36, 1e-9);
    EXPECT_NEAR(scaling.high[0], 65182.728, 1e-9);

    Image fractions = hashed_image({1, 5, 6});
    for (float& value : fractions.values) value = value / 65536.0f - 0.5f;
    ImageSource fraction_source(fractions);
    const Scaling of_fractions = SourceScaling({NormaliseRule::image, {}, {}}).of(fraction_source);
    EXPECT_NEAR(of_fractions.low[0], -0.49078262329101563, 1e-12);
    EXPECT_NEAR(of_fractions.high[0], 0.48065469360351565, 1e-12);
}

TEST(ScalingTest, BandsGiveTheNumbersOfTheImageInMemory) {
    // Several bands of rows (2^20 values each), the last one not full; two slices. The first row of
    // the second band (2^20 / 6000 = 174 rows a band) decides the upper percentile.
    for (const bool rgb : {false, true}) {
        Image image = test::drawn_image({2, 301, 2000}, 3);
        image.rgb = rgb;
        for (std::size_t i = 0; i < image.values.size(); ++i)
            image.values[i] = i / 2000 % 301 == 174 ? 255.0f : std::floor(image.values[i] / 4.0f);
        ImageSource source(image);
        for (const Normalisation& rule :
             {Normalisation{NormaliseRule::image, {}, {}},
              Normalisation{NormaliseRule::range, {}, {}},
              Normalisation{NormaliseRule::fixed, {3}, {200}},
              Normalisation{NormaliseRule::dataset, {1, 2, 3}, {9, 8, 7}}})
            EXPECT_EQ(SourceScaling(rule).of(source), unet::scaling_of(image, rule))
                << to_string(rule);
    }
}

TEST(ScalingTest, NumbersForOtherChannelsAreRefused) {
    const Image image = test::drawn_image({1, 2, 2}, 3);
    ImageSource source(image);
    EXPECT_THROW(SourceScaling({NormaliseRule::dataset, {1, 2}, {3, 4}}).of(source), Error);
    EXPECT_THROW(SourceScaling({NormaliseRule::fixed, {}, {}}).of(source), Error);
}

}  // namespace
}  // namespace unet::predict
