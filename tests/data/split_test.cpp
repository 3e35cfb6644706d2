#include "unet/data/split.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/data/made.h"
#include "unet/core/error.h"

namespace unet {
namespace {

Dataset made_set(const std::vector<std::string>& groups, const Size3& size = {1, 20, 30}) {
    Dataset set;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        LabelMap labels{
            size, std::vector<std::uint32_t>(static_cast<std::size_t>(size.elements()), 1u), {}};
        set.samples.push_back({fmt::format("s{}", i), groups[i],
                               made::image_of(size, 1, static_cast<std::int64_t>(i)), labels});
    }
    return set;
}

std::vector<std::string> numbered(int count) {
    std::vector<std::string> groups;
    for (int i = 0; i < count; ++i) groups.push_back(fmt::format("g{}", i));
    return groups;
}

TEST(SplitTest, TakesTheFractionOfFilesAndEveryFileOnce) {
    const Dataset set = made_set(numbered(40));
    const Split found = split(set, {.fraction = 0.15, .seed = 3});
    EXPECT_EQ(found.validation.size(), 6u);
    EXPECT_EQ(found.train.size(), 34u);
    std::set<std::size_t> all;
    for (const auto& part : found.train) all.insert(part.sample);
    for (const auto& part : found.validation) all.insert(part.sample);
    EXPECT_EQ(all.size(), 40u);
}

TEST(SplitTest, ASeedGivesOneSplitAndSeedsDiffer) {
    const Dataset set = made_set(numbered(40));
    const auto held = [&](std::uint64_t seed) {
        std::vector<std::size_t> result;
        for (const auto& part : split(set, {.seed = seed}).validation)
            result.push_back(part.sample);
        return result;
    };
    EXPECT_EQ(held(1), held(1));
    EXPECT_NE(held(1), held(2));
}

TEST(SplitTest, GroupsStayTogether) {
    const Dataset set = made_set({"a", "b", "a", "c", "b", "c", "a"});
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const Split found = split(set, {.fraction = 0.4, .seed = seed});
        std::set<std::string> train, validation;
        for (const auto& part : found.train) train.insert(set.samples[part.sample].group);
        for (const auto& part : found.validation) validation.insert(set.samples[part.sample].group);
        EXPECT_EQ(validation.size(), 1u);
        EXPECT_EQ(train.size(), 2u);
    }
}

TEST(SplitTest, TwoFilesGiveOneToEachSide) {
    for (const double fraction : {0.01, 0.15, 0.99}) {
        const Split found = split(made_set(numbered(2)), {.fraction = fraction});
        EXPECT_EQ(found.train.size(), 1u);
        EXPECT_EQ(found.validation.size(), 1u);
    }
}

TEST(SplitTest, OneStackGivesItsLastSlices) {
    const Dataset set = made_set({"stack"}, {20, 4, 5});
    const Split found = split(set, {.fraction = 0.15});
    EXPECT_EQ(found.train[0].region, (Region{0, 0, 0, {17, 4, 5}}));
    EXPECT_EQ(found.validation[0].region, (Region{17, 0, 0, {3, 4, 5}}));
    const auto [train, validation] = divide(set, found);
    EXPECT_EQ(train.slices(), 17);
    ASSERT_EQ(validation.slices(), 3);
    EXPECT_EQ(validation.samples[0].image.values,
              std::vector<float>(set.samples[0].image.values.begin() + 17 * 20,
                                 set.samples[0].image.values.end()));
}

TEST(SplitTest, OnePictureGivesItsLastFifthBehindAGap) {
    const Dataset set = made_set({"one"}, {1, 20, 30});
    const Split found = split(set, {.gap = 4});
    EXPECT_EQ(found.train[0].region, (Region{0, 0, 0, {1, 20, 20}}));
    EXPECT_EQ(found.validation[0].region, (Region{0, 0, 24, {1, 20, 6}}));
    const auto [train, validation] = divide(set, found);
    EXPECT_EQ(validation.samples[0].image.values[0], set.samples[0].image.values[24]);
    EXPECT_EQ(validation.samples[0].image.values[6], set.samples[0].image.values[54]);
    EXPECT_EQ(validation.samples[0].labels.values.size(), 120u);
    // A gap takes at most another fifth; the longer axis is divided.
    const Split tall = split(made_set({"one"}, {1, 50, 30}), {.gap = 1000});
    EXPECT_EQ(tall.train[0].region, (Region{0, 0, 0, {1, 30, 30}}));
    EXPECT_EQ(tall.validation[0].region, (Region{0, 40, 0, {1, 10, 30}}));
}

TEST(SplitTest, ATinyPictureTrainsAndValidates) {
    const Dataset set = made_set({"one"}, {1, 1, 1});
    const auto [train, validation] = divide(set, split(set, {}));
    EXPECT_EQ(train.samples[0].image.values, validation.samples[0].image.values);
    EXPECT_EQ(train.samples[0].image.values.size(), 1u);
}

TEST(SplitTest, FewPicturesGiveAFifthEach) {
    const Split found = split_images(made_set(numbered(3)), 2);
    EXPECT_EQ(found.train.size(), 3u);
    EXPECT_EQ(found.validation.size(), 3u);
    EXPECT_EQ(found.train[2].region.size.width, 22);
}

// Neighbouring slices look alike: a score on slice 7 says nothing when slice 6 was trained on.
TEST(SplitTest, SeveralStacksAreNeverDividedBySlices) {
    const Dataset few = made_set(numbered(3), {6, 20, 30});
    for (const Split& found : {split_images(few, 2), split(few, {.fraction = 0.3}),
                               split(made_set({"a", "a"}, {6, 20, 30}), {.gap = 2})})
        for (const auto* parts : {&found.train, &found.validation})
            for (const SplitPart& each : *parts) {
                EXPECT_EQ(each.region.size.depth, 6);
                EXPECT_EQ(each.region.z, 0);
            }
    const Split found = split_images(few, 2);
    EXPECT_EQ(found.train[1].region, (Region{0, 0, 0, {6, 20, 22}}));
    EXPECT_EQ(found.validation[1].region, (Region{0, 0, 24, {6, 20, 6}}));
}

TEST(SplitTest, ATableThatNamesValidationDecides) {
    Dataset set = made_set(numbered(4));
    set.samples[1].part = Part::validation;
    set.samples[3].part = Part::train;
    const Split found = split(set, {.fraction = 0.5});
    ASSERT_EQ(found.validation.size(), 1u);
    EXPECT_EQ(found.validation[0].sample, 1u);
    EXPECT_EQ(found.train.size(), 3u);
    for (auto& sample : set.samples) sample.part = Part::validation;
    EXPECT_THROW(split(set, {}), Error);
}

TEST(SplitTest, AFractionOutOfRangeIsAnError) {
    for (const double fraction : {0.0, 1.0, -1.0})
        EXPECT_THROW(split(made_set(numbered(3)), {.fraction = fraction}), Error);
}

}  // namespace
}  // namespace unet
