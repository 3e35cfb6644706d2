#include "unet/core/growing_array.h"

#include <gtest/gtest.h>

namespace unet {
namespace {

TEST(GrowingArrayTest, KeepsWhatIsThere) {
    constexpr int count = 3'000'000;  // several huge pages
    GrowingArray<int> values;
    for (int i = 0; i < count; ++i) values.push_back(i);
    ASSERT_EQ(values.size(), static_cast<std::size_t>(count));
    EXPECT_EQ(values.bytes(), std::int64_t{count} * 4);
    for (int i = 0; i < count; ++i) ASSERT_EQ(values[static_cast<std::size_t>(i)], i);
    EXPECT_EQ(values.end() - values.begin(), count);
}

TEST(GrowingArrayTest, ClearedItHasRoomForAsManyAgain) {
    GrowingArray<int> values;
    values.reserve(1000);
    const int* place = values.begin();
    for (int round = 0; round < 2; ++round) {
        values.clear();
        EXPECT_EQ(values.bytes(), 0);
        for (int i = 0; i < 1000; ++i) values.push_back(i);
        EXPECT_EQ(values.begin(), place);
    }
    values.reserve(10);
    EXPECT_EQ(values.size(), 1000u);
}

}  // namespace
}  // namespace unet
