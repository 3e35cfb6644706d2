#include "unet/predict/views/mirror.h"

#include <gtest/gtest.h>

#include "unet/pixels/resample.h"

namespace unet::predict {
namespace {

std::vector<std::int64_t> padded(std::int64_t length, std::int64_t before, std::int64_t after) {
    std::vector<std::int64_t> pixels;
    for (std::int64_t k = -before; k < length + after; ++k) pixels.push_back(mirrored(k, length));
    return pixels;
}

// numpy.pad(numpy.arange(5), (11, 13), mode="reflect") and so on, NumPy 2
TEST(MirrorTest, IsThatOfNumpy) {
    using List = std::vector<std::int64_t>;
    EXPECT_EQ(padded(5, 11, 13), (List{3, 2, 1, 0, 1, 2, 3, 4, 3, 2, 1, 0, 1, 2, 3,
                                       4, 3, 2, 1, 0, 1, 2, 3, 4, 3, 2, 1, 0, 1}));
    EXPECT_EQ(padded(3, 8, 9), (List{0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1}));
    EXPECT_EQ(padded(2, 5, 6), (List{1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}));
    EXPECT_EQ(padded(1, 3, 2), (List{0, 0, 0, 0, 0, 0}));
}

TEST(MirrorTest, ARangeNeedsNoMorePixelsThanItHasPositions) {
    for (std::int64_t length = 1; length <= 12; ++length)
        for (std::int64_t start = -30; start <= 30; ++start)
            for (std::int64_t positions = 1; positions <= 40; ++positions) {
                MirroredRange range;
                range.set(start, positions, length);
                ASSERT_LE(range.length, positions);
                ASSERT_GE(range.begin, 0);
                ASSERT_LE(range.begin + range.length, length);
                bool counts_up = true;
                for (std::int64_t k = 0; k < positions; ++k) {
                    const std::int64_t pixel = range.index[k];
                    ASSERT_EQ(range.begin + pixel, mirrored(start + k, length));
                    counts_up = counts_up && pixel == k;
                }
                ASSERT_EQ(range.straight(), counts_up) << start << ' ' << positions;
            }
}

}  // namespace
}  // namespace unet::predict
