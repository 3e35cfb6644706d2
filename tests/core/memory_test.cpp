#include "unet/core/memory.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace unet {
namespace {

constexpr std::size_t several_huge_pages = (std::size_t{5} << 20) / sizeof(int);

TEST(MemoryTest, AMadeArrayHoldsZeros) {
    const auto values = made_array<int>(several_huge_pages);
    EXPECT_EQ(values.size(), several_huge_pages);
    EXPECT_TRUE(std::all_of(values.begin(), values.end(), [](int value) { return value == 0; }));
    EXPECT_TRUE(made_array<int>(0).empty());
}

TEST(MemoryTest, ReservingKeepsWhatIsThere) {
    std::vector<int> values{1, 2, 3};
    reserve_array(values, several_huge_pages);
    EXPECT_GE(values.capacity(), several_huge_pages);
    EXPECT_EQ(values, (std::vector<int>{1, 2, 3}));
    const int* place = values.data();
    reserve_array(values, several_huge_pages / 2);
    EXPECT_EQ(values.data(), place);
}

}  // namespace
}  // namespace unet
