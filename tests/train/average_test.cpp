#include "unet/train/average.h"

#include <gtest/gtest.h>

#include <vector>

#include "unet/core/error.h"

namespace unet {
namespace {

TEST(Average, FollowsSoonAtFirstAndSlowlyLater) {
    Context context(1);
    std::vector<float> average{0.0f, 8.0f};
    const std::vector<float> values{1.0f, 0.0f};
    move_average(context, 0.99, 0, average, values);  // d = 1/10
    EXPECT_FLOAT_EQ(average[0], 0.9f);
    EXPECT_FLOAT_EQ(average[1], 0.8f);
    average = {0.0f, 8.0f};
    move_average(context, 0.75, 100000, average, values);  // d = 0.75
    EXPECT_EQ(average[0], 0.25f);
    EXPECT_EQ(average[1], 6.0f);
}

TEST(Average, BitsDoNotDependOnThreads) {
    std::vector<std::vector<float>> results;
    for (const int threads : {1, 3}) {
        Context context(threads);
        std::vector<float> average(40001), values(40001);
        for (std::size_t i = 0; i < values.size(); ++i) {
            average[i] = static_cast<float>(i % 89) / 89.0f;
            values[i] = static_cast<float>(i % 53) / 53.0f;
        }
        move_average(context, 0.9, 500, average, values);
        results.push_back(average);
    }
    EXPECT_EQ(results[0], results[1]);
    EXPECT_NE(results[0].back(), static_cast<float>(40000 % 89) / 89.0f) << "the end was left out";
}

TEST(Average, OtherLengthsAreRefused) {
    Context context(1);
    std::vector<float> four(4), five(5);
    EXPECT_THROW(move_average(context, 0.9, 0, four, five), Error);
}

}  // namespace
}  // namespace unet
