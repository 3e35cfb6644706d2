#include "unet/core/fingerprint.h"

#include <gtest/gtest.h>

#include <vector>

namespace unet {
namespace {

TEST(FingerprintTest, OfBytesItIsFnv1a) {
    // Published test vectors of FNV-1a, 64 bits.
    Fingerprint print;
    EXPECT_EQ(print.text(), "cbf29ce484222325");
    print.add(std::uint64_t{'a'});
    EXPECT_EQ(print.text(), "af63dc4c8601ec8c");
    Fingerprint word;
    for (const char letter : {'f', 'o', 'o', 'b', 'a', 'r'}) word.add(std::uint64_t(letter));
    EXPECT_EQ(word.text(), "85944171f73967e8");
}

TEST(FingerprintTest, WhereATextEndsCounts) {
    Fingerprint first, second;
    first.add("ab");
    first.add("c");
    second.add("a");
    second.add("bc");
    EXPECT_NE(first.value(), second.value());
}

TEST(FingerprintTest, OneBitOfOneValueCounts) {
    const std::vector<float> zero = {1.0f, 0.0f}, minus = {1.0f, -0.0f};
    Fingerprint first, second;
    first.add(std::span<const float>(zero));
    second.add(std::span<const float>(minus));
    EXPECT_NE(first.value(), second.value());
}

}  // namespace
}  // namespace unet
