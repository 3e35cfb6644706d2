#include "unet/pixels/resample.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/data/expected.h"
#include "tests/data/made.h"

namespace unet {
namespace {

TEST(MirroredTest, TheEdgeIsNotRepeatedAndShortAxesReflectAgain) {
    // numpy.pad([0, 1, 2], 5, mode="reflect")
    const std::vector<std::int64_t> expected = {1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1};
    for (std::int64_t i = -5; i < 8; ++i) EXPECT_EQ(mirrored(i, 3), expected[i + 5]) << i;
    for (std::int64_t i = -5; i < 5; ++i) EXPECT_EQ(mirrored(i, 1), 0);
    EXPECT_EQ(mirrored(-1, 2), 1);
}

std::vector<float> plane(std::int64_t count) {
    std::vector<float> values;
    for (std::int64_t i = 0; i < count; ++i)
        values.push_back(static_cast<float>(made::hashed(i)) / 1000.0f);
    return values;
}

TEST(RowSourceTest, CubicEqualsCatmullRomOfThePaddedImage) {
    std::vector<float> y, x;
    for (int i = 0; i < 12; ++i) {
        y.push_back(-3.3f + 1.7f * static_cast<float>(i));
        x.push_back(17.2f - 2.45f * static_cast<float>(i));
    }
    RowSource source(12);
    const std::vector<float> image = plane(11 * 13);
    std::vector<float> out(12);
    source.set(y, x, 0, 0, 11, 13);
    source.cubic(image.data(), out.data());
    // A position of 17 has a rounding error of 1e-6 px, and the image slopes of 1.5 per px.
    for (std::size_t i = 0; i < 12; ++i)
        EXPECT_NEAR(out[i], expected::resampled_11x13[i], 4e-6) << i;
}

TEST(RowSourceTest, InsideAndAtTheBorderGiveTheSameBits) {
    // The same picture with and without a frame of its own mirror image: the framed one is read
    // inside, the other partly beyond its border.
    const std::int64_t height = 9, width = 8, frame = 6;
    const std::vector<float> image = plane(height * width);
    std::vector<float> framed;
    for (std::int64_t y = -frame; y < height + frame; ++y)
        for (std::int64_t x = -frame; x < width + frame; ++x)
            framed.push_back(image[mirrored(y, height) * width + mirrored(x, width)]);
    std::vector<float> y, x;
    for (int i = 0; i < 16; ++i) {
        y.push_back(-3.0f + static_cast<float>(i) * 0.8125f);
        x.push_back(10.0f - static_cast<float>(i) * 0.875f);
    }
    RowSource inner(16), outer(16);
    inner.set(y, x, 0, 0, height, width);
    outer.set(y, x, frame, frame, height + 2 * frame, width + 2 * frame);
    std::vector<float> a(16), b(16);
    inner.cubic(image.data(), a.data());
    outer.cubic(framed.data(), b.data());
    EXPECT_EQ(a, b);
    inner.linear(image.data(), 2, 13, a.data());
    outer.linear(framed.data(), 2, 13, b.data());
    EXPECT_EQ(a, b);
    std::vector<std::uint8_t> bytes, framed_bytes, p(16), q(16);
    for (const float v : image) bytes.push_back(static_cast<std::uint8_t>(v * 255.0f));
    for (const float v : framed) framed_bytes.push_back(static_cast<std::uint8_t>(v * 255.0f));
    inner.nearest(bytes.data(), 2, 13, p.data());
    outer.nearest(framed_bytes.data(), 2, 13, q.data());
    EXPECT_EQ(p, q);
}

TEST(RowSourceTest, MirroredRangesHoldAllThatIsRead) {
    for (std::int64_t size = 1; size < 7; ++size)
        for (std::int64_t first = -9; first < 12; ++first)
            for (std::int64_t last = first; last < 14; ++last) {
                const auto [low, high] = mirrored_range(first, last, size);
                ASSERT_LE(0, low);
                ASSERT_LT(high, size);
                for (std::int64_t i = first; i <= last; ++i) {
                    ASSERT_LE(low, mirrored(i, size)) << first << ".." << last << " of " << size;
                    ASSERT_GE(high, mirrored(i, size)) << first << ".." << last << " of " << size;
                }
            }
    EXPECT_EQ(mirrored_range(3, 5, 9), std::pair(std::int64_t{3}, std::int64_t{5}));
    EXPECT_EQ(mirrored_range(-2, 1, 9), std::pair(std::int64_t{0}, std::int64_t{2}));
    EXPECT_EQ(mirrored_range(7, 10, 9), std::pair(std::int64_t{6}, std::int64_t{8}));
}

TEST(RowSourceTest, APartOfAPlaneGivesTheSameBits) {
    const std::int64_t height = 40, width = 30, top = 3, left = 5, stride = 20;
    const std::vector<float> image = plane(height * width);
    std::vector<float> part;  // rows 3 .. 32, columns 5 .. 24
    for (std::int64_t y = top; y < top + 30; ++y)
        part.insert(part.end(), image.begin() + y * width + left,
                    image.begin() + y * width + left + stride);
    std::vector<float> y, x;
    for (int i = 0; i < 16; ++i) {
        y.push_back(0.3f + 1.1f * static_cast<float>(i));
        x.push_back(0.7f + 0.9f * static_cast<float>(i));
    }
    RowSource whole(16), some(16);
    std::vector<float> a(16), b(16);
    for (const std::int64_t start : {6, 9, 6}) {  // the same tables with another part, and back
        whole.set(y, x, start, 7, height, width);
        some.set(y, x, start, 7, PlanePart{height, width, top, left, stride});
        whole.cubic(image.data(), a.data());
        some.cubic(part.data(), b.data());
        ASSERT_EQ(a, b) << start;
        whole.linear(image.data(), 0, 16, a.data());
        some.linear(part.data(), 0, 16, b.data());
        ASSERT_EQ(a, b) << start;
    }
}

TEST(RowSourceTest, LinearAndNearestByHand) {
    const std::vector<float> image = {0.0f, 10.0f, 20.0f, 30.0f, 40.0f, 50.0f};  // 2 x 3
    const std::vector<std::uint8_t> labels = {0, 1, 2, 3, 4, 5};
    const std::vector<float> y = {0.25f, 0.5f, 0.0f, 1.0f}, x = {0.5f, 1.49f, 2.0f, 2.5f};
    RowSource source(4);
    source.set(y, x, 0, 0, 2, 3);
    std::vector<float> values(4);
    source.linear(image.data(), 0, 4, values.data());
    EXPECT_FLOAT_EQ(values[0], 12.5f);          // (0 + 10) / 2 at the top, 35 below, a quarter down
    EXPECT_FLOAT_EQ(values[1], 14.9f + 15.0f);  // half way between 14.9 and 44.9
    EXPECT_FLOAT_EQ(values[2], 20.0f);
    EXPECT_FLOAT_EQ(values[3], 45.0f);  // beyond the last column stands the one before it
    std::vector<std::uint8_t> nearest(4);
    source.nearest(labels.data(), 0, 4, nearest.data());
    EXPECT_EQ(nearest, (std::vector<std::uint8_t>{1, 4, 2, 4}));
}

}  // namespace
}  // namespace unet
