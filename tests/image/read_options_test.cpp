#include "unet/image/read_options.h"

#include <gtest/gtest.h>

#include "tests/testing/folder.h"
#include "unet/image/page_order.h"

namespace unet {
namespace {

using Numbers = std::vector<std::int64_t>;

Numbers picked(const ReadSettings& settings) {
    const auto order = PageOrder::of({{'Z', 3}, {'T', 4}}, 12).value();
    return picked_slices(read_options_of(settings), order, "a.tif");
}

TEST(ReadOptionsTest, SlicesOfEachTime) {
    EXPECT_EQ(picked({}).size(), 12u);
    EXPECT_EQ(picked({.pages = "11,0"}), (Numbers{11, 0}));
    EXPECT_EQ(picked({.z = "1"}), (Numbers{1, 4, 7, 10}));
    EXPECT_EQ(picked({.t = "2"}), (Numbers{6, 7, 8}));
    EXPECT_EQ(picked({.z = "2,0", .t = "1,3"}), (Numbers{5, 3, 11, 9}));
}

TEST(ReadOptionsTest, WhatIsNotThereIsNamed) {
    EXPECT_TRUE(contains(message_of([] { picked({.z = "3"}); }), "a.tif: slice 3"));
    EXPECT_TRUE(contains(message_of([] { picked({.t = "4"}); }), "a.tif: time 4"));
    EXPECT_TRUE(contains(message_of([] { picked({.pages = "12"}); }), "a.tif: page 12"));
    const auto message =
        message_of([] { picked_channels(read_options_of({.channel = "2"}), 2, "a.tif"); });
    EXPECT_TRUE(contains(message, "channel 2 was asked for, but there are 2")) << message;
}

TEST(ReadOptionsTest, SpacingGoesBeforeTheFile) {
    const auto spacing = [](const std::string& text, const Spacing& stored) {
        return spacing_of(read_options_of({.spacing = text}), stored);
    };
    const Spacing stored{{0.002, 0.001, 0.0005}, "mm"};
    EXPECT_EQ(spacing("", stored), stored);
    EXPECT_EQ(spacing("0.65", stored), (Spacing{{2.0, 0.65, 0.65}, "um"}));
    EXPECT_EQ(spacing("3,1,2um", stored), (Spacing{{3.0, 1.0, 2.0}, "um"}));
    EXPECT_EQ(spacing("1e-4 cm", {}), (Spacing{{0.0, 1.0, 1.0}, "um"}));
    EXPECT_EQ(spacing("65 nanometers", {}), (Spacing{{0.0, 65.0, 65.0}, "nm"}));
    EXPECT_TRUE(contains(message_of([&] { spacing("1px", {}); }), "unit of length"));
}

TEST(ReadOptionsTest, TheFlagIsNamed) {
    EXPECT_TRUE(contains(message_of([] { picked({.z = "x"}); }), "`z`: found 'x'"));
    EXPECT_TRUE(contains(message_of([] { picked({.channel = "x"}); }), "`channel`"));
    EXPECT_TRUE(contains(message_of([] { picked({.pages = "1", .t = "1"}); }), "not both"));
}

}  // namespace
}  // namespace unet
