#include "unet/nn/reach.h"

#include <gtest/gtest.h>

#include "unet/nn/executor.h"

namespace unet::nn {
namespace {

TEST(ReachTest, ThePapersNetworkSees92PixelsOnEachSide) {
    const Network network = build_network({});
    // 188 -> 4 is the smallest tile whose pooling windows start at a multiple of 16.
    EXPECT_EQ(input_needed(network, {0, 4}, 1), (Interval{0, 188}));
    EXPECT_EQ(input_needed(network, {0, 388}, 1), (Interval{0, 572}));
}

/// Logits of a row of pixels are the same bits when inputs outside the interval change, and other
/// bits when one at its edge does (checked on the left, where blocks start).
class ReachExecutionTest : public testing::TestWithParam<Padding> {};

TEST_P(ReachExecutionTest, ChangesOutsideTheIntervalChangeNothing) {
    UNetOptions options;
    options.levels = 3;
    options.base_channels = 8;
    options.padding = GetParam();
    const Network network = build_network(options);
    const std::int64_t edge = GetParam() == Padding::same ? 256 : 196 + 2 * 22;
    for (const char* name : {"", "direct"}) {
        std::string table = kernels::cpu_backend("").kernels->name;
        if (table == "reference") GTEST_SKIP() << "too slow with reference kernels";
        if (*name && !table.ends_with("direct")) table += "-direct";
        const kernels::Backend& backend = kernels::cpu_backend(table);
        const std::int64_t footprint = table.ends_with("direct") ? 1 : 4;
        Parameters parameters(network, backend);
        parameters.load(initial_weights(network, 5));
        const Plan plan = make_plan(network, {1, 1, 1, edge, edge}, Mode::inference, backend);
        Executor executor(network, plan, backend);
        Context context(2);

        const Interval kept{96, 128};  // multiples of 4 x 4
        const Interval needed = input_needed(network, kept, footprint);
        ASSERT_GT(needed.first, 0);
        ASSERT_LT(needed.last, edge);
        std::vector<float> image(static_cast<std::size_t>(edge * edge));
        for (std::size_t k = 0; k < image.size(); ++k)
            image[k] = static_cast<float>((k * 2654435761u >> 8) % 1000) / 1000.0f;
        const auto rows = [&](const std::vector<float>& pixels) {
            std::vector<float> logits(static_cast<std::size_t>(plan.output.elements()));
            executor.forward(context, parameters, pixels, logits);
            const auto width = plan.output.width;
            return std::vector<float>(logits.begin() + kept.first * width,
                                      logits.begin() + kept.last * width);
        };
        const auto before = rows(image);
        auto outside = image;
        for (std::int64_t y = 0; y < edge; ++y)
            if (y < needed.first || y >= needed.last)
                for (std::int64_t x = 0; x < edge; ++x)
                    outside[static_cast<std::size_t>(y * edge + x)] += 1.0f;
        EXPECT_EQ(before, rows(outside)) << table;
        if (footprint > 1) continue;  // how far rounding travels depends on the numbers
        auto inside = image;
        for (std::int64_t x = 0; x < edge; ++x)
            inside[static_cast<std::size_t>(needed.first * edge + x)] += 10.0f;
        EXPECT_NE(before, rows(inside)) << table;
    }
}

INSTANTIATE_TEST_SUITE_P(Paddings, ReachExecutionTest,
                         testing::Values(Padding::valid, Padding::same));

}  // namespace
}  // namespace unet::nn
