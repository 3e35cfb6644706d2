#include "unet/train/decision.h"

#include <gtest/gtest.h>

#include "unet/objects/sizes.h"
#include "unet/predict/predictor.h"

namespace unet {
namespace {

constexpr std::int64_t edge = 40;

struct Picture40 {
    Image foreground;
    LabelMap truth;

    Picture40() {
        foreground.size = truth.size = {1, edge, edge};
        foreground.values.resize(1600);
        truth.values.resize(1600);
    }

    void box(std::int64_t top, std::int64_t left, std::int64_t height, std::int64_t width,
             float probability, std::uint32_t label) {
        for (std::int64_t y = top; y < top + height; ++y)
            for (std::int64_t x = left; x < left + width; ++x) {
                foreground.values[y * edge + x] = probability;
                truth.values[y * edge + x] = label;
            }
    }
};

/// Two objects, a bridge between them that falls apart above 0.62, and specks of two pixels.
Picture40 bridged() {
    Picture40 picture;
    picture.box(5, 5, 10, 10, 0.9f, 1);
    picture.box(5, 25, 10, 10, 0.9f, 2);
    picture.box(9, 15, 1, 10, 0.62f, 0);
    for (const std::int64_t x : {3, 13, 23, 33}) picture.box(30, x, 1, 2, 0.95f, 0);
    return picture;
}

// 0.65 is the threshold nearest to 0.5 that opens the bridge; 3 the smallest size that drops
// specks.
TEST(Decision, FindsTheThresholdThatSeparatesAndTheSizeThatDropsSpecks) {
    const Picture40 picture = bridged();
    const std::vector<DecisionCase> cases{{&picture.foreground, &picture.truth}};
    for (const int threads : {1, 2}) {
        Context context(threads);
        const Decision decision = decide_objects(context, cases, {}, 100, {0.5, 10});
        EXPECT_EQ(decision.threshold, 0.65);
        EXPECT_EQ(decision.minimum_size, 3);
    }
}

// Two boxes that meet at a gap of 4 of 12 pixels: no threshold parts them, a waist does.
TEST(Decision, PartsTouchingObjectsAtTheirWaist) {
    Picture40 picture;
    picture.box(10, 4, 12, 12, 0.9f, 1);
    picture.box(10, 17, 12, 12, 0.9f, 2);
    picture.box(14, 16, 4, 1, 0.9f, 1);
    const std::vector<DecisionCase> cases{{&picture.foreground, &picture.truth}};
    Context context(2);
    const Decision decision = decide_objects(context, cases, {}, 144, {});
    EXPECT_GT(decision.split_depth, 0.0);
    Image probabilities = Picture40().foreground;
    probabilities.channels = 2;
    probabilities.values.insert(probabilities.values.end(), picture.foreground.values.begin(),
                                picture.foreground.values.end());
    EXPECT_EQ(count_objects(objects_of(probabilities, decision.threshold, decision.rule())), 2);
}

// What is decided is decided for objects_of: applying it there gives the two objects.
TEST(Decision, SuitsWhatThePredictorDoesWithIt) {
    const Picture40 picture = bridged();
    Image probabilities = Picture40().foreground;
    probabilities.channels = 2;
    probabilities.values.insert(probabilities.values.end(), picture.foreground.values.begin(),
                                picture.foreground.values.end());
    EXPECT_EQ(objects_of(probabilities, 0.65, {.minimum_pixels = 3}).values, picture.truth.values);
}

TEST(Decision, SumsOverPictures) {
    const Picture40 bridge = bridged();
    Picture40 faint;  // five objects that are seen at 0.45 only, beside one bridge: they win
    for (std::int64_t i = 0; i < 5; ++i)
        faint.box(2, 1 + i * 8, 5, 5, 0.47f, static_cast<std::uint32_t>(i + 1));
    const std::vector<DecisionCase> cases{{&bridge.foreground, &bridge.truth},
                                          {&faint.foreground, &faint.truth}};
    Context context(2);
    EXPECT_EQ(decide_objects(context, cases, {}, 100, {}).threshold, 0.45);
}

TEST(Decision, WithoutObjectsItStaysAsUsual) {
    const Picture40 empty;
    const std::vector<DecisionCase> cases{{&empty.foreground, &empty.truth}};
    Context context(1);
    EXPECT_EQ(decide_objects(context, cases, {}, 0, {0.5, 7}).minimum_size, 7);
    EXPECT_EQ(decide_objects(context, cases, {}, 100, {0.5, 7}).minimum_size, 7);
}

TEST(Decision, ForegroundTakesTheThresholdOfTheBestIoUAndLeavesIgnoredPixelsOut) {
    Picture40 picture;
    picture.box(0, 0, 10, 40, 0.42f, 1);     // seen at 0.4 and below
    picture.box(10, 0, 2, 40, 0.37f, 0);     // background, taken for foreground at 0.35
    picture.box(20, 0, 20, 40, 0.32f, 255);  // unknown; seen at 0.3
    const std::vector<DecisionCase> cases{{&picture.foreground, &picture.truth}};
    Context context(2);
    EXPECT_EQ(decide_foreground(context, cases, 255, {}).threshold, 0.4);
    EXPECT_EQ(decide_foreground(context, cases, 254, {}).threshold, 0.3);  // now they count
}

}  // namespace
}  // namespace unet
