#include "unet/kernels/dropout.h"

#include <gtest/gtest.h>

#include "tests/kernels/blocked.h"
#include "unet/kernels/reference/table.h"

namespace unet::kernels {
namespace {

const Size3 size{2, 31, 33};
constexpr std::int64_t batch = 2, channels = 24;
const double count = double(batch * channels * size.elements());

FramedTensor<float> values(const Size3& frame = {0, 0, 0}) {
    Draw draw(5);
    FramedTensor<float> tensor(batch, channels, size, frame);
    return tensor.fill([&] { return 2.0 + draw.real(); });  // never 0 by itself
}

FramedTensor<float> dropped(const KernelTable& table, const DropoutDraw& draw, int threads = 1,
                            const Size3& frame = {0, 0, 0}) {
    Context context(threads);
    auto tensor = values(frame);
    table.dropout_forward(context, draw, tensor.view());
    EXPECT_TRUE(tensor.intact());
    return tensor;
}

/// Share of values for which test(a, b) holds.
template <class Test>
double share(const FramedTensor<float>& a, const FramedTensor<float>& b, Test test) {
    double sum = 0.0;
    reference::for_pixels(batch, size, [&](auto n, auto z, auto y, auto x) {
        for (std::int64_t c = 0; c < channels; ++c)
            sum += test(a.view().at(n, c, z, y, x), b.view().at(n, c, z, y, x));
    });
    return sum / count;
}

class DropoutTest : public TableTest {};

TEST_P(DropoutTest, EqualsReferenceInEveryBit) {
    for (const double probability : {0.0, 0.1, 0.5, 0.9}) {
        const DropoutDraw draw{probability, 7, 3, 2};
        EXPECT_TRUE(dropped(table(), draw) == dropped(reference::table(), draw)) << probability;
    }
}

TEST_P(DropoutTest, DropsTheGivenShareAndScalesTheRest) {
    for (const double p : {0.1, 0.5, 0.9}) {
        const auto after = dropped(table(), {p, 7, 3, 2});
        const double zeros = share(after, after, [](float a, float) { return a == 0.0f; });
        // Five standard deviations of a binomial share.
        EXPECT_NEAR(zeros, p, 5.0 * std::sqrt(p * (1.0 - p) / count));
        // A product of two rounded numbers, itself rounded.
        EXPECT_EQ(share(after, values(),
                        [&](float a, float b) {
                            return a != 0.0f && std::abs(a - b / (1.0 - p)) >
                                                    3.0 * unit_roundoff * b / (1.0 - p);
                        }),
                  0.0);
    }
}

TEST_P(DropoutTest, ProbabilityZeroChangesNothing) {
    EXPECT_TRUE(dropped(table(), {0.0, 7, 3, 2}) == values());
}

TEST_P(DropoutTest, AnotherSeedStepOrLayerIsAnotherDraw) {
    const DropoutDraw draw{0.5, 7, 3, 2};
    const auto one = dropped(table(), draw);
    for (const DropoutDraw& other :
         {DropoutDraw{0.5, 8, 3, 2}, DropoutDraw{0.5, 7, 4, 2}, DropoutDraw{0.5, 7, 3, 1}}) {
        // Independent draws agree on half of the values: five standard deviations.
        const double same = share(one, dropped(table(), other),
                                  [](float a, float b) { return (a == 0.0f) == (b == 0.0f); });
        EXPECT_NEAR(same, 0.5, 5.0 * 0.5 / std::sqrt(count));
    }
    EXPECT_TRUE(dropped(table(), draw) == one);
}

TEST_P(DropoutTest, SamplesAndChannelsDrawApart) {
    const auto tensor = dropped(table(), {0.5, 7, 3, 2});
    const ConstView v = tensor.view();
    const auto same = [&](std::int64_t n, std::int64_t c) {
        double sum = 0.0;
        reference::for_pixels(1, size, [&](auto, auto z, auto y, auto x) {
            sum += (v.at(0, 0, z, y, x) == 0.0f) == (v.at(n, c, z, y, x) == 0.0f);
        });
        return sum / double(size.elements());
    };
    const double allowed = 5.0 * 0.5 / std::sqrt(double(size.elements()));
    for (std::int64_t c = 1; c < channels; ++c) EXPECT_NEAR(same(0, c), 0.5, allowed) << c;
    for (std::int64_t c = 0; c < channels; ++c) EXPECT_NEAR(same(1, c), 0.5, allowed) << c;
}

TEST_P(DropoutTest, BitsDoNotDependOnThreadsOrStrides) {
    const DropoutDraw draw{0.5, 7, 3, 2};
    const auto one = dropped(table(), draw);
    for (const int threads : {2, 3}) EXPECT_TRUE(dropped(table(), draw, threads) == one) << threads;
    EXPECT_TRUE(equal(dropped(table(), draw, 1, {1, 2, 3}), one));
}

UNET_FOR_EVERY_TABLE(DropoutTest);

}  // namespace
}  // namespace unet::kernels
