#include "unet/annotation/draw_labels.h"

#include <gtest/gtest.h>

#include "unet/core/error.h"

namespace unet {
namespace {

/// A pixel, named and on a slice.
struct Dot {
    std::string name;
    std::int64_t slice = 0;
    std::string class_name{};
};

/// The value of each dot.
struct Drawn {
    std::vector<std::uint32_t> values;
    std::int64_t renumbered;
};

/// Draws the dots side by side into a stack of three slices.
Drawn drawn(const std::vector<Dot>& dots) {
    AnnotatedImage annotated;
    annotated.file = "a.zip";
    for (std::size_t i = 0; i < dots.size(); ++i) {
        const auto x = static_cast<double>(i);
        Annotation& annotation = annotated.annotations.emplace_back();
        annotation.name = dots[i].name;
        annotation.class_name = dots[i].class_name;
        annotation.place.z = dots[i].slice;
        annotation.pieces = {{{{0.0, x}, {0.0, x + 1.0}, {1.0, x + 1.0}, {1.0, x}}}};
    }
    ImageInfo info;
    info.size = {3, 1, std::ssize(dots)};
    info.pages = 3;
    const DrawnLabels labels = draw_labels(annotated, info, {});
    Drawn result{{}, labels.renumbered};
    for (std::size_t i = 0; i < dots.size(); ++i)
        result.values.push_back(labels.labels.plane(dots[i].slice)[i]);
    return result;
}

using Values = std::vector<std::uint32_t>;

// New regions: ImageJ names them slice-y-x, QuPath not at all.
TEST(DrawLabelsTest, ObjectsWithANumberKeepItAndNewOnesGetThoseAbove) {
    const Drawn two = drawn({{"7"}, {"0003-0010-0030"}, {"2"}, {""}});
    EXPECT_EQ(two.values, (Values{7, 8, 2, 9}));
    EXPECT_EQ(two.renumbered, 0);
    EXPECT_EQ(drawn({{"cell 77"}, {"0010-0030"}}).values, (Values{1, 2}));
}

TEST(DrawLabelsTest, OneNumberInSeveralSlicesIsOneObject) {
    const Drawn stack =
        drawn({{"3_z1", 0}, {"3_z2", 1}, {"9_z2", 1}, {"0003-0010-0030", 2}, {"3_z3", 2}});
    EXPECT_EQ(stack.values, (Values{3, 3, 9, 10, 3}));
    EXPECT_EQ(stack.renumbered, 0);
}

TEST(DrawLabelsTest, TheFirstOfANumberInASliceKeepsIt) {
    const Drawn twice = drawn({{"7"}, {"7"}, {"4"}});
    EXPECT_EQ(twice.values, (Values{7, 8, 4}));
    EXPECT_EQ(twice.renumbered, 1);
}

TEST(DrawLabelsTest, TheNumberThatMeansIgnoredIsGivenToNoObject) {
    EXPECT_EQ(drawn({{"254"}, {""}}).values, (Values{254, 255}));
    EXPECT_EQ(drawn({{"254"}, {""}, {"", 0, "Ignore*"}}).values, (Values{254, 256, 255}));
    const Drawn stack = drawn({{"255_z1", 0}, {"255_z2", 1}, {"1"}, {"", 0, "Ignore*"}});
    EXPECT_EQ(stack.values, (Values{256, 256, 1, 255}));
    EXPECT_EQ(stack.renumbered, 2);
}

TEST(DrawLabelsTest, TheLargestNumberLeavesNoneForOthers) {
    EXPECT_EQ(drawn({{"4294967295"}, {"1"}}).values, (Values{4294967295, 1}));
    EXPECT_THROW(drawn({{"4294967295"}, {""}}), Error);
}

}  // namespace
}  // namespace unet
