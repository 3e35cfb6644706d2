#include "unet/report/choose_images.h"

#include <gtest/gtest.h>

#include "../objects/maps.h"

namespace unet {
namespace {

/// An image with ten objects of which `found` are predicted.
void add_image(Evaluation& evaluation, int found) {
    LabelMap truth{{1, 1, 20}, {}, {}}, predicted = truth;
    for (std::uint32_t i = 0; i < 20; ++i) {
        truth.values.push_back(i % 2 == 0 ? i / 2 + 1 : 0);
        predicted.values.push_back(static_cast<int>(i / 2) < found ? truth.values.back() : 0);
    }
    accumulate(evaluation, std::to_string(found), predicted, truth);
}

TEST(ChooseImages, TheWorstComeFirstThenThoseAroundTheMedian) {
    Evaluation evaluation;
    for (const int found : {5, 9, 1, 7, 3, 8, 2, 6, 4}) add_image(evaluation, found);
    std::string names;
    for (const ChosenImage& chosen : choose_images(evaluation))
        names += evaluation.images[chosen.index].name;
    EXPECT_EQ(names, "123456");
    EXPECT_EQ(choose_images(evaluation)[0].why, "lowest F1");
    EXPECT_EQ(choose_images(evaluation)[4].why, "median F1");
    EXPECT_EQ(choose_images(evaluation)[0].figures,
              "F1 0.182: 10 annotated, 1 predicted, 9 missed");
}

TEST(ChooseImages, NoneIsShownTwice) {
    Evaluation evaluation;
    for (const int found : {1, 2, 3, 4}) add_image(evaluation, found);
    EXPECT_EQ(choose_images(evaluation).size(), 4u);
    EXPECT_TRUE(choose_images(Evaluation{}).empty());
}

// F1 of nothing is 0 by definition, but such an image was predicted well.
TEST(ChooseImages, AnImageWithoutObjectsIsNotTheWorst) {
    Evaluation evaluation;
    add_image(evaluation, 5);
    accumulate(evaluation, "empty", map_of({"..."}), map_of({"..."}));
    const auto chosen = choose_images(evaluation);
    ASSERT_EQ(chosen.size(), 1u);
    EXPECT_EQ(chosen[0].index, 0u);
}

TEST(ChooseImages, ByCountTheFewestAndTheMostAreShown) {
    const auto chosen = choose_by_count({5, 0, 7, 3}, "objects");
    ASSERT_EQ(chosen.size(), 4u);
    EXPECT_EQ(chosen.front().index, 1u);
    EXPECT_EQ(chosen.back().index, 2u);
    EXPECT_EQ(chosen.back().figures, "7 objects");
    EXPECT_EQ(choose_by_count({4}, "objects")[0].why, "the only image");
}

}  // namespace
}  // namespace unet
