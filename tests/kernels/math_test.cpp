// Vector exponentials and logarithms have the bits of the scalar ones, on every instruction set.
#include "unet/core/math.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "tests/kernels/blocked.h"
#include "unet/kernels/cpu/jobs.h"

namespace unet::kernels {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void expect_same_bits(void (*cpu::Simd::*function)(double*, std::int64_t), double (*scalar)(double),
                      AlignedVector<double> values) {
    while (values.size() % 8 != 0) values.push_back(values.front());
    for (const cpu::Simd* simd : {cpu::avx512(), cpu::avx2(), cpu::neon()}) {
        if (!simd) continue;
        AlignedVector<double> actual = values;
        (simd->*function)(actual.data(), static_cast<std::int64_t>(actual.size()));
        for (std::size_t k = 0; k < values.size(); ++k) {
            const double expected = scalar(values[k]);
            if (std::isnan(expected))
                EXPECT_TRUE(std::isnan(actual[k])) << values[k];
            else
                EXPECT_EQ(std::bit_cast<std::uint64_t>(actual[k]),
                          std::bit_cast<std::uint64_t>(expected))
                    << values[k];
        }
    }
}

TEST(MathTest, ExponentialsOfWhatIsNotPositive) {
    AlignedVector<double> values{0.0, -0.0, -1e-300, -708.0, -708.1, -1e9, -infinity, nan};
    Draw draw(1);
    for (int k = 0; k < 4000; ++k) values.push_back(-355.0 + 355.0 * draw.real());
    expect_same_bits(&cpu::Simd::exponentials, exp_of, values);
}

TEST(MathTest, LogarithmsFromOneOn) {
    AlignedVector<double> values{1.0, 2.0, 256.0, 1.0 + 0x1p-52, std::sqrt(2.0), nan};
    Draw draw(2);
    for (int k = 0; k < 4000; ++k) values.push_back(129.0 + 128.0 * draw.real());
    expect_same_bits(&cpu::Simd::logarithms, log_of, values);
}

}  // namespace
}  // namespace unet::kernels
