#include "unet/pixels/frame.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "unet/core/error.h"

namespace unet {
namespace {

std::vector<float> read(const FrameView& frame, const Region& region) {
    FrameSource source(frame);
    std::vector<float> values(source.channels() * region.size.elements());
    source.read(region, values);
    return values;
}

TEST(FrameTest, SamplesWithoutGaps) {
    const std::array<std::uint16_t, 6> grey{0, 1, 4095, 65535, 7, 8};
    EXPECT_EQ(read({.data = grey.data(), .type = SampleType::u16, .height = 2, .width = 3},
                   {0, 0, 0, {1, 2, 3}}),
              (std::vector<float>{0, 1, 4095, 65535, 7, 8}));
    EXPECT_EQ(read({.data = grey.data(), .type = SampleType::i16, .height = 2, .width = 3},
                   {0, 1, 0, {1, 1, 2}}),
              (std::vector<float>{-1, 7}));
    const std::array<std::uint8_t, 6> colours{1, 2, 3, 4, 5, 6};
    EXPECT_EQ(read({.data = colours.data(), .height = 1, .width = 2, .channels = 3, .rgb = true},
                   {0, 0, 0, {1, 1, 2}}),
              (std::vector<float>{1, 4, 2, 5, 3, 6}));
}

TEST(FrameTest, StridesOfCameras) {
    // 2 x 2 pixels of blue, green, red, unused; rows 10 bytes apart; from its red byte backwards.
    std::array<std::uint8_t, 20> bgrx{};
    for (std::size_t i = 0; i < 20; ++i) bgrx[i] = static_cast<std::uint8_t>(i);
    EXPECT_EQ(read({.data = bgrx.data() + 2,
                    .height = 2,
                    .width = 2,
                    .channels = 3,
                    .rgb = true,
                    .row_stride = 10,
                    .pixel_stride = 4,
                    .channel_stride = -1},
                   {0, 0, 0, {1, 2, 2}}),
              (std::vector<float>{2, 6, 12, 16, 1, 5, 11, 15, 0, 4, 10, 14}));
    // The same bytes as two planes of 2 x 5, the last row first.
    EXPECT_EQ(read({.data = bgrx.data() + 5,
                    .height = 2,
                    .width = 5,
                    .channels = 2,
                    .row_stride = -5,
                    .channel_stride = 10},
                   {0, 0, 3, {1, 2, 2}}),
              (std::vector<float>{8, 9, 3, 4, 18, 19, 13, 14}));
}

TEST(FrameTest, SamplesNeedNotBeAligned) {
    std::array<std::byte, 9> bytes{};
    const std::array<float, 2> values{0.25f, -3.0f};
    std::memcpy(bytes.data() + 1, values.data(), 8);
    EXPECT_EQ(read({.data = bytes.data() + 1, .type = SampleType::f32, .height = 2, .width = 1},
                   {0, 0, 0, {1, 2, 1}}),
              (std::vector<float>{0.25f, -3.0f}));
}

TEST(FrameTest, RefusesWhatIsNoFrame) {
    const std::uint8_t pixel = 0;
    EXPECT_THROW(FrameSource({.height = 1, .width = 1}), Error);
    EXPECT_THROW(FrameSource({.data = &pixel, .height = 0, .width = 1}), Error);
    EXPECT_THROW(FrameSource({.data = &pixel, .height = 1, .width = 1, .channels = 0}), Error);
    EXPECT_THROW(read({.data = &pixel, .height = 1, .width = 1}, {0, 0, 1, {1, 1, 1}}), Error);
}

}  // namespace
}  // namespace unet
