#include "unet/image/page_order.h"

#include <gtest/gtest.h>

#include "tests/testing/folder.h"

namespace unet {
namespace {

using Numbers = std::vector<std::int64_t>;

PageOrder order_of(const std::vector<Axis>& axes, std::int64_t pages) {
    return PageOrder::of(axes, pages).value();
}

/// The page of each slice of a channel.
Numbers pages_of(const PageOrder& order, std::int64_t channel) {
    Numbers pages;
    for (std::int64_t slice = 0; slice < order.times() * order.slices(); ++slice)
        pages.push_back(order.page(slice, channel));
    return pages;
}

TEST(PageOrderTest, SlicesOfALaterTimeFollowThoseOfAnEarlierOneWhateverTheFileDoes) {
    // By hand: 2 times, 3 slices, 2 channels.
    EXPECT_EQ(pages_of(order_of({{'T', 2}, {'Z', 3}, {'C', 2}}, 12), 1),
              (Numbers{1, 3, 5, 7, 9, 11}));
    EXPECT_EQ(pages_of(order_of({{'Z', 3}, {'T', 2}, {'C', 2}}, 12), 0),
              (Numbers{0, 4, 8, 2, 6, 10}));
    EXPECT_EQ(pages_of(order_of({{'C', 2}, {'Z', 3}, {'T', 2}}, 12), 1),
              (Numbers{6, 8, 10, 7, 9, 11}));
}

TEST(PageOrderTest, OtherLettersCountAsTime) {
    const auto order = order_of({{'Q', 2}, {'Z', 3}, {'R', 2}}, 12);
    EXPECT_EQ(order.times(), 4);
    // R is the faster one: (q, r) = (0, 0), (0, 1), (1, 0), (1, 1)
    EXPECT_EQ(pages_of(order, 0), (Numbers{0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11}));
}

TEST(PageOrderTest, AxesThatMakeAnotherNumberOfPagesAreNone) {
    EXPECT_FALSE(PageOrder::of({{'Z', 3}}, 4));
    EXPECT_FALSE(PageOrder::of({{'Z', 0}, {'T', 4}}, 4));
    EXPECT_FALSE(PageOrder::of({{'Z', -2}, {'T', -2}}, 4));
    EXPECT_FALSE(PageOrder::of({{'Z', INT64_MAX}, {'T', INT64_MAX}}, 1));
    EXPECT_TRUE(PageOrder::of({}, 1));
}

TEST(PageOrderTest, AxesCanBeSet) {
    const auto set = [](const char* axes) {
        return to_string(reordered({{'Z', 3}, {'C', 4}}, 12, axes, "a").axes());
    };
    EXPECT_EQ(set("ZYX"), "Z 12");
    EXPECT_EQ(set("TYX"), "T 12");
    EXPECT_EQ(set("CZYX"), "C 4, Z 3");
    EXPECT_EQ(set("C2ZYXS"), "C 2, Z 6");
    EXPECT_EQ(set("T2Z3C2YX"), "T 2, Z 3, C 2");
    // What the file says of Z is used, T takes the rest.
    EXPECT_EQ(set("TZYX"), "T 4, Z 3");
    EXPECT_EQ(to_string(reordered({}, 1, "YX", "a").axes()), "");
}

TEST(PageOrderTest, AxesThatDoNotFitAreRefusedWithWhatTheFileHas) {
    for (const char* axes : {"TCYX", "YX", "Z5YX", "T2Z5YX", "T5CYX"}) {
        const auto message = message_of([&] { reordered({{'Z', 12}}, 12, axes, "a.tif"); });
        EXPECT_TRUE(contains(message, "a.tif: `axes`")) << axes << message;
        EXPECT_TRUE(contains(message, "12 page(s) (Z 12)")) << axes << message;
    }
    // Nothing is known: two open lengths cannot be told.
    EXPECT_TRUE(contains(message_of([] { reordered({}, 12, "TZYX", "a"); }), "12 page(s);"));
    for (const char* axes : {"", "Z", "XYZ", "ZXY", "zyx", "ZZYX", "QYX", "Z0YX", "Z-1YX", "3ZYX",
                             "Z99999999999999999999YX", "SYX"})
        EXPECT_TRUE(contains(message_of([&] { reordered({}, 12, axes, "a"); }), "slowest")) << axes;
}

}  // namespace
}  // namespace unet
