#include "unet/core/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace unet {
namespace {

// Known answers of Philox4x32-10 published with Random123 (kat_vectors).
TEST(RandomTest, PhiloxKnownAnswers) {
    EXPECT_EQ(philox(0, {0, 0, 0, 0}),
              (std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    EXPECT_EQ(philox(~std::uint64_t{0}, {~0u, ~0u, ~0u, ~0u}),
              (std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
}

TEST(RandomTest, StreamsOfDifferentPurposeStepOrSampleDiffer) {
    std::set<std::uint32_t> seen;
    for (auto purpose : {Purpose::weights, Purpose::dropout})
        for (std::uint32_t step : {0u, 1u})
            for (std::uint32_t sample : {0u, 1u})
                for (std::uint64_t seed : {0ull, 1ull})
                    seen.insert(Random(seed, purpose, step, sample).bits());
    EXPECT_EQ(seen.size(), 16u);
}

TEST(RandomTest, NormalHasMeanZeroAndVarianceOne) {
    Random random(7, Purpose::test);
    double sum = 0, squares = 0;
    const int count = 100000;
    for (int k = 0; k < count; ++k) {
        const double value = random.normal();
        sum += value;
        squares += value * value;
    }
    // Five standard errors: 1/sqrt(n) of the mean, sqrt(2/n) of the variance.
    EXPECT_NEAR(sum / count, 0.0, 5.0 / std::sqrt(count));
    EXPECT_NEAR(squares / count, 1.0, 5.0 * std::sqrt(2.0 / count));
}

TEST(RandomTest, BelowReachesEveryValueAndNoOther) {
    Random random(7, Purpose::test);
    std::set<std::int64_t> seen;
    for (int k = 0; k < 1000; ++k) seen.insert(random.below(7));
    EXPECT_EQ(seen.size(), 7u);
    EXPECT_EQ(*seen.begin(), 0);
    EXPECT_EQ(*seen.rbegin(), 6);
}

}  // namespace
}  // namespace unet
