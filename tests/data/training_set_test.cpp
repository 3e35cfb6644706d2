#include "unet/data/training_set.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/data/made.h"
#include "unet/core/error.h"

namespace unet {
namespace {

Dataset classes_set() {
    Dataset set;
    set.name = "DATA";
    set.meaning = {LabelKind::classes, {0, 1, 2}, 9, ""};
    set.samples.push_back({"a", "a", made::image_of({1, 2, 4}), made::map_of({"0011", "0029"})});
    set.samples.push_back({"b", "b", made::image_of({1, 1, 3}), made::map_of({"000"})});
    return set;
}

TEST(TrainingSetTest, CountsClassesOverTheWholeSet) {
    Context context(2);
    const TrainingSet set(context, classes_set(), {NormaliseRule::range, {}, {}}, {});
    EXPECT_EQ(set.class_pixels(), (std::vector<std::int64_t>{7, 2, 1}));
    EXPECT_DOUBLE_EQ(set.class_weights()[0], 10.0 / (3 * 7));
    EXPECT_DOUBLE_EQ(set.class_weights()[2], 10.0 / 3);
    EXPECT_EQ(set.slice(0).weights[7], 0.0f);
    EXPECT_FLOAT_EQ(set.slice(0).weights[6], 10.0f / 3);
    EXPECT_FLOAT_EQ(set.slice(1).image[0], made::image_of({1, 1, 3}).values[0] / 255.0f);
    EXPECT_EQ(set.name_of_slice(1), "b");
    // Two floats and a target per pixel, and a count per row, class and slice it occurs in.
    EXPECT_EQ(set.bytes(), 11 * (4 + 4 + 1) + 8 * (3 + 3 + 3 + 2));
}

TEST(TrainingSetTest, ClassBalanceCanBeLeftOut) {
    Context context(1);
    const TrainingSet set(context, classes_set(), {NormaliseRule::range, {}, {}},
                          {.class_balance = false});
    const float* weights = set.slice(0).weights;
    EXPECT_EQ(std::vector<float>(weights, weights + 8),
              (std::vector<float>{1, 1, 1, 1, 1, 1, 1, 0}));
}

TEST(TrainingSetTest, DrawsClassesSlicesAndPixelsEvenly) {
    Context context(1);
    const TrainingSet set(context, classes_set(), {NormaliseRule::range, {}, {}}, {});
    std::map<std::array<std::int64_t, 3>, int> drawn;
    Random random(1, Purpose::sampling);
    const double draws = 6000;
    for (int i = 0; i < draws; ++i) {
        const auto place = set.draw_pixel(random);
        ++drawn[{place.slice, place.y, place.x}];
    }
    ASSERT_EQ(drawn.size(), 10u) << "every pixel but the ignored one";
    // Class 0: two slices, of 4 and 3 pixels; class 1: 2 pixels; class 2: 1. Deviation at most 37.
    EXPECT_NEAR((drawn[{0, 0, 0}]), draws / 24, 80);
    EXPECT_NEAR((drawn[{0, 1, 1}]), draws / 24, 80);
    EXPECT_NEAR((drawn[{1, 0, 2}]), draws / 18, 95);
    EXPECT_NEAR((drawn[{0, 0, 3}]), draws / 6, 150);
    EXPECT_NEAR((drawn[{0, 1, 2}]), draws / 3, 185);
}

TEST(TrainingSetTest, SlicesOfAStackAreSlices) {
    Context context(2);
    Dataset set;
    set.meaning = {LabelKind::binary, {0, 1}, {}, ""};
    set.channels = 2;
    LabelMap labels{{3, 2, 2}, {0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1}, {}};
    set.samples.push_back({"stack", "stack", made::image_of({3, 2, 2}, 2), labels});
    const TrainingSet training(context, set, {NormaliseRule::fixed, {0.0}, {1.0}}, {});
    ASSERT_EQ(training.slices(), 3);
    const SliceView slice = training.slice(1);
    EXPECT_EQ(slice.image[0], set.samples[0].image.plane(0, 1)[0]);
    EXPECT_EQ(slice.image[slice.channel_stride], set.samples[0].image.plane(1, 1)[0]);
    EXPECT_EQ(slice.targets[3], 1);
    EXPECT_EQ(training.slice(2).targets[2], 0);
}

TEST(TrainingSetTest, NumbersOfRuleDatasetComeFromAllImages) {
    Dataset set;
    set.channels = 1;
    for (int i = 0; i < 2; ++i) {
        Image image{{1, 1, 501}, 1, {}, SampleType::u16, {}, false};
        for (int v = 0; v <= 500; ++v) image.values.push_back(static_cast<float>(500 * i + v));
        set.samples.push_back({"", "", image, {}});
    }
    const Normalisation rule = completed({NormaliseRule::dataset, {}, {}}, set);
    // numpy.percentile(numpy.r_[0:501, 500:1001], [1, 99.8])
    ASSERT_EQ(rule.low.size(), 1u);
    EXPECT_NEAR(rule.low[0], 10.01, 1e-9);
    EXPECT_NEAR(rule.high[0], 997.998, 1e-9);
    EXPECT_EQ(completed({NormaliseRule::image, {}, {}}, set).low.size(), 0u);
}

TEST(TrainingSetTest, ASetWithNothingToLearnFromIsAnError) {
    Context context(1);
    Dataset set = classes_set();
    for (auto& sample : set.samples)
        std::fill(sample.labels.values.begin(), sample.labels.values.end(), 9u);
    EXPECT_THROW(TrainingSet(context, set, {NormaliseRule::range, {}, {}}, {}), Error);
}

TEST(TrainingSetTest, ResultsDoNotDependOnThreads) {
    const auto make = [](int threads) {
        Context context(threads);
        return TrainingSet(context, classes_set(), {NormaliseRule::image, {}, {}}, {});
    };
    const TrainingSet one = make(1), four = make(4);
    for (std::int64_t i = 0; i < 2; ++i) {
        const SliceView a = one.slice(i), b = four.slice(i);
        const std::int64_t pixels = a.planes.height * a.planes.width;
        EXPECT_TRUE(std::equal(a.image, a.image + pixels, b.image));
        EXPECT_TRUE(std::equal(a.weights, a.weights + pixels, b.weights));
    }
}

}  // namespace
}  // namespace unet
