#include "unet/train/optimizer.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "unet/core/error.h"

namespace unet {
namespace {

using Values = std::array<float, 5>;

constexpr Values start{0.5f, -1.25f, 2.0f, 0.0f, -0.0078125f};

/// Gradients that every program can write down exactly; the last one is tiny beside epsilon.
Values gradient(int step) {
    Values values;
    for (int i = 0; i < 5; ++i)
        values[i] =
            static_cast<float>((7 * step + 3 * i) % 11 - 5) / 8.0f * (i == 4 ? 1.0f / 1024 : 1.0f);
    return values;
}

/// Ten steps at rate 0.01.
Values ten_steps(const OptimizerOptions& options) {
    Context context(1);
    Values parameters = start, first{}, second{};
    for (int step = 0; step < 10; ++step) {
        const Values slope = gradient(step);
        if (options.optimizer == OptimizerKind::sgd)
            sgd_step(context, options, 0.01, parameters, slope, first);
        else
            adam_step(context, options, 0.01, step + 1, parameters, slope, first, second);
    }
    return parameters;
}

// Both programs round a handful of times per step, each time by at most 2^-24 of a value below 2.1;
// ten steps of about eight roundings stay below 80 * 2^-24 * 2.1 = 1e-5, in practice far below.
void expect_near(const Values& found, const std::array<double, 5>& expected) {
    for (std::size_t i = 0; i < 5; ++i)
        EXPECT_NEAR(found[i], expected[i], 4e-7 * std::max(1.0, std::abs(expected[i]))) << i;
}

// Expected values: torch.optim (PyTorch 2.15), the same gradients, ten steps.
TEST(Optimizer, SgdWithMomentumIsPyTorchs) {
    OptimizerOptions options{.optimizer = OptimizerKind::sgd, .momentum = 0.99};
    expect_near(ten_steps(options),
                {0.512556911, -1.27628684, 2.01374602, -0.0128238536, -0.00777418027});
    options.weight_decay = 0.1;
    expect_near(ten_steps(options),
                {0.485557914, -1.20979631, 1.90797508, -0.0123817762, -0.00736154383});
}

TEST(Optimizer, AdamIsPyTorchs) {
    OptimizerOptions options{.optimizer = OptimizerKind::adam};
    expect_near(ten_steps(options),
                {0.51352042, -1.25569618, 1.99811888, -0.0155566623, 0.0158793405});
    options.weight_decay = 0.1;
    expect_near(ten_steps(options),
                {0.50331676, -1.22863007, 1.952461, -0.0152822854, -0.00603198912});
}

TEST(Optimizer, AdamWIsPyTorchs) {
    OptimizerOptions options{.optimizer = OptimizerKind::adamw, .weight_decay = 0.1};
    expect_near(ten_steps(options),
                {0.50840956, -1.24324191, 1.97827613, -0.0154186785, 0.0157878995});
    options.beta1 = 0.8;
    options.beta2 = 0.95;
    options.epsilon = 1e-4;
    expect_near(ten_steps(options),
                {0.504639506, -1.24116302, 1.98050737, -0.0127814543, 0.00805586111});
}

TEST(Optimizer, BitsDoNotDependOnThreads) {
    for (const auto kind : {OptimizerKind::sgd, OptimizerKind::adam, OptimizerKind::adamw}) {
        const OptimizerOptions options{.optimizer = kind, .weight_decay = 0.01};
        std::vector<std::vector<float>> results;
        for (const int threads : {1, 2, 5}) {
            Context context(threads);
            const std::size_t size = 50001;  // several pieces and an odd end
            std::vector<float> parameters(size), slope(size), first(size), second(size);
            for (std::size_t i = 0; i < size; ++i) {
                parameters[i] = static_cast<float>(i % 97) / 97.0f;
                slope[i] = static_cast<float>(i % 31) / 31.0f - 0.5f;
            }
            for (int step = 1; step < 4; ++step)
                if (kind == OptimizerKind::sgd)
                    sgd_step(context, options, 0.1, parameters, slope, first);
                else
                    adam_step(context, options, 0.1, step, parameters, slope, first, second);
            results.push_back(parameters);
        }
        EXPECT_EQ(results[0], results[1]);
        EXPECT_EQ(results[0], results[2]);
        EXPECT_NE(results[0].back(), static_cast<float>(50000 % 97) / 97.0f)
            << "the end was left out";
    }
}

TEST(Optimizer, PaddingStaysZero) {
    Context context(1);
    std::vector<float> parameters(40, 0.0f), slope(40, 0.0f), first(40, 0.0f), second(40, 0.0f);
    const OptimizerOptions options{.weight_decay = 0.1};
    for (int step = 1; step < 4; ++step)
        adam_step(context, options, 0.1, step, parameters, slope, first, second);
    for (const float value : parameters) EXPECT_EQ(value, 0.0f);
}

TEST(Optimizer, ArraysOfOtherLengthsAreRefused) {
    Context context(1);
    std::vector<float> four(4), five(5);
    EXPECT_THROW(sgd_step(context, {}, 0.1, four, five, four), Error);
    EXPECT_THROW(sgd_step(context, {}, 0.1, four, four, five), Error);
    EXPECT_THROW(adam_step(context, {}, 0.1, 1, four, four, four, five), Error);
}

}  // namespace
}  // namespace unet
