#include "unet/predict/outside.h"

#include <gtest/gtest.h>

#include "small_models.h"
#include "unet/predict/predictor.h"

namespace unet {
namespace {

using predict::unlike_training;

const Intensities trained{{{{0.5, 0.8}, {0.1, 0.2}, {50, 80}}}, SampleType::u8};
const Normalisation rule{NormaliseRule::fixed, {0.0}, {100.0}};

std::string told(double low, double median, double high, SampleType type = SampleType::u8,
                 const Scaling& scaling = {{0.0}, {100.0}}) {
    return unlike_training(trained, {{low, low, median, high, high}}, scaling, type, rule);
}

TEST(OutsideTest, NearImagesAreAlike) {
    EXPECT_EQ(told(0, 15, 60), "");
    EXPECT_EQ(told(0, 15, 20), "");  // a third of the contrast, 20 of at least 50 stored
    EXPECT_EQ(told(0, 43, 79), "");  // 0.2 + 0.3 x 0.8 = 0.44
    EXPECT_EQ(told(0, 80, 239).find("span"), std::string::npos);  // 3 x 0.8 = 2.4
}

TEST(OutsideTest, EachBoundSpeaksWithBothNumbers) {
    EXPECT_NE(told(0, 15, 241)
                  .find("span 2.41 after normalisation (0:100), those of the training "
                        "images 0.5 to 0.8"),
              std::string::npos);
    EXPECT_NE(told(0, 15, 16).find("span 0.16 after normalisation"), std::string::npos);
    EXPECT_NE(told(0, 45, 79).find("median is 0.45 after normalisation (0:100), those of the "
                                   "training images 0.10 to 0.20"),
              std::string::npos);
    EXPECT_NE(told(7, 7, 7).find("holds the value 7 everywhere"), std::string::npos);
    // A rule that stretches every image hides what the stored values show, if they compare.
    const Scaling stretched{{0.0}, {20.0}};
    const auto noise = [&](SampleType type) { return told(0, 4, 12, type, stretched); };
    EXPECT_NE(noise(SampleType::u8).find("span 12, those of the training images 50 to 80"),
              std::string::npos);
    EXPECT_EQ(noise(SampleType::u16), "");
}

TEST(OutsideTest, NothingIsSaidOfWhatIsNotKnown) {
    EXPECT_EQ(unlike_training({}, {{0, 0, 0, 9e9, 9e9}}, {{0.0}, {1.0}}, SampleType::u8, rule), "");
    EXPECT_EQ(unlike_training(Spacing{}, Spacing{{0, 1, 1}, "um"}), "");
    EXPECT_EQ(unlike_training(Spacing{{0, 1, 1}, "um"}, Spacing{{0, 9, 9}, "furlong"}), "");
}

TEST(OutsideTest, PixelSizesCompareAcrossUnits) {
    const Spacing micrometre{{0, 0.5, 0.5}, "um"};
    EXPECT_EQ(unlike_training(micrometre, Spacing{{0, 700, 700}, "nm"}), "");
    const auto larger = unlike_training(micrometre, Spacing{{0, 1000, 1000}, "nm"});
    EXPECT_NE(larger.find("1e+03 nm wide, those of the training images 0.5 um: objects look 2.0 "
                          "times smaller"),
              std::string::npos)
        << larger;
    EXPECT_NE(unlike_training(micrometre, Spacing{{0, 0.1, 0.1}, "um"}).find("5.0 times larger"),
              std::string::npos);
}

TEST(OutsideTest, ThePredictorTellsWhereSomebodyListens) {
    Model model = test::drawn_model(test::small_network(Padding::same, 2));
    model.info.intensities = {{{{0.001, 0.002}, {0, 0}, {1, 1}}}, {}};
    model.info.spacing = {{0, 1, 1}, "um"};
    std::vector<std::string> notices;
    PredictOptions options;
    options.scale = 1.0;  // else it is made as large as they are
    options.notice = [&](const std::string& text) { notices.push_back(text); };
    Predictor predictor(model, options);
    Image image = test::drawn_image({1, 20, 30});
    image.spacing = {{0, 2, 2}, "um"};
    predictor.labels(image);
    ASSERT_EQ(notices.size(), 2u);
    EXPECT_TRUE(notices[0].starts_with("unlike the training images: its pixels are 2 um"));
    EXPECT_TRUE(notices[1].starts_with("unlike the training images: its values span"));
}

TEST(OutsideTest, AHotPixelIsToldWhereNothingLimitsIt) {
    Image image = test::drawn_image({1, 40, 40});
    ModelInfo info;
    info.intensities = {{{{0.5, 2.0}, {-1, 2}, {50, 300}}}, {}};
    const auto told = [&](double clip) {
        ImageSource source(image);
        return predict::remarks_on(source, {{0.0}, {255.0}, clip}, rule, info, {}, false);
    };
    EXPECT_TRUE(told(0.0).empty());
    image.values[777] = 65535.0f;
    ASSERT_EQ(told(0.0).size(), 1u);
    EXPECT_NE(told(0.0)[0].find("it holds 65535, far beyond its other values"), std::string::npos)
        << told(0.0)[0];
    EXPECT_TRUE(told(4.0).empty());
}

}  // namespace
}  // namespace unet
