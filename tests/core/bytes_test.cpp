#include "unet/core/bytes.h"

#include <gtest/gtest.h>

#include <array>

namespace unet {
namespace {

std::array<std::byte, 8> bytes() {
    std::array<std::byte, 8> result;
    for (std::size_t i = 0; i < 8; ++i) result[i] = static_cast<std::byte>(i + 1);
    return result;
}

TEST(Bytes, NumbersAreReadInBothOrders) {
    const auto raw = bytes();
    EXPECT_EQ(load<std::uint16_t>(raw.data()), 0x0201);
    EXPECT_EQ(load<std::uint32_t>(raw.data() + 1, std::endian::big), 0x02030405u);
    EXPECT_EQ(load<std::int64_t>(raw.data()), 0x0807060504030201);
    EXPECT_EQ(whole_number(std::span(raw).first(3)), 0x030201u);
    EXPECT_EQ(whole_number(std::span(raw).first(6), std::endian::big), 0x010203040506u);
}

TEST(Bytes, WhatIsWrittenIsReadAgain) {
    for (const std::endian order : {std::endian::little, std::endian::big}) {
        auto raw = bytes();
        store(-1.5f, raw.data() + 1, order);
        EXPECT_EQ(load<float>(raw.data() + 1, order), -1.5f);
        EXPECT_EQ(whole_number(std::span(raw).subspan(1, 4), order), 0xbfc00000u);
        put_whole_number(0x123456789abc, std::span(raw).first(3), order);
        EXPECT_EQ(whole_number(std::span(raw).first(3), order), 0x789abcu);
        EXPECT_EQ(raw[5], std::byte{6});
    }
}

}  // namespace
}  // namespace unet
