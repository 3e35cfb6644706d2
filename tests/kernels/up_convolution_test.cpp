// Up-convolution: every kernel table against the reference.
#include <gtest/gtest.h>

#include <ostream>

#include "tests/kernels/blocked.h"
#include "unet/kernels/convolution.h"
#include "unet/kernels/reference/table.h"

namespace unet::kernels {
namespace {

struct Case {
    std::int64_t in, out;
    Size3 size;  // of the input
    Size3 stride{1, 2, 2};
    std::int64_t batch = 1;

    Size3 output_size() const {
        return {size.depth * stride.depth, size.height * stride.height, size.width * stride.width};
    }
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
    return out << c.in << " -> " << c.out << " channels, input " << to_string(c.size) << ", stride "
               << to_string(c.stride) << ", batch " << c.batch;
}

std::vector<Case> cases() {
    std::vector<Case> all;
    for (std::int64_t width = 1; width <= 30; ++width) all.push_back({5, 17, {1, 3, width}});
    for (const std::int64_t in : {1, 3, 5, 16, 17, 24, 40})
        for (const std::int64_t out : {1, 3, 5, 16, 17, 24, 40})
            all.push_back({in, out, {1, 3, 7}});
    all.push_back({24, 17, {1, 1, 1}});
    all.push_back({3, 5, {1, 13, 65}});
    all.push_back({17, 5, {1, 35, 5}, {1, 2, 2}, 2});
    all.push_back({17, 40, {2, 3, 5}, {2, 2, 2}, 2});
    all.push_back({5, 3, {3, 4, 3}, {1, 2, 2}});
    all.push_back({3, 5, {2, 3, 4}, {2, 1, 1}});
    all.push_back({160, 80, {1, 3, 15}});  // more than one chunk of the sums, both ways
    all.push_back({40, 290, {1, 2, 3}, {1, 2, 2}, 2});
    all.push_back({17, 1040, {1, 1, 2}});
    all.push_back({5, 40, {1, 2, 3}, {1, 2, 2}, 16});
    all.push_back({3, 5, {1, 470, 14}});
    return all;
}

struct Tensors {
    FramedTensor<float> input, output, grad_output, activation, grad_input;
    AlignedVector<float> weight, bias, grad_weight, grad_bias;

    Tensors(const Case& c, bool whole)
        : input(c.batch, c.in, c.size),
          output(c.batch, c.out, c.output_size(), {1, 1, 1}),
          grad_output(c.batch, c.out, c.output_size(), {0, 0, 0}, {1, 2, 3}),
          activation(c.batch, c.in, c.size, {0, 0, 0}, {2, 1, 1}),
          grad_input(c.batch, c.in, c.size, {0, 1, 1}) {
        Draw draw(2);
        const auto value = [&] { return draw.value(whole); };
        const auto unknown = [] { return double(float_nan); };
        const auto taps = c.stride.elements();
        input.fill(value);
        grad_output.fill(value);
        activation.fill([&] { return draw.whole(1); });
        grad_input.fill(value);
        weight = up_convolution_weights<float>(c.in, c.out, taps, value);
        bias = channel_values<float>(c.out, value);
        grad_weight = up_convolution_weights<float>(c.in, c.out, taps, unknown);
        grad_bias = channel_values<float>(c.out, unknown);
    }
};

Workplace workplace(const KernelTable& table, const Case& c, int threads) {
    return Workplace(threads, table.up_convolution_workspace(
                                  c.stride, (c.in + channel_block - 1) / channel_block,
                                  (c.out + channel_block - 1) / channel_block, c.batch, c.size));
}

struct How {
    bool relu, masked, accumulate;
};

/// All three functions.
void run(const KernelTable& table, const Case& c, const How& how, Tensors& t, int threads = 1) {
    auto place = workplace(table, c, threads);
    table.up_convolution_forward(place, c.stride, std::as_const(t.input).view(), t.weight.data(),
                                 t.bias.data(), how.relu, t.output.view());
    GradientTarget target;
    target.gradient = t.grad_input.view();
    target.accumulate = how.accumulate;
    if (how.masked) {
        target.activation = std::as_const(t.activation).view();
        target.scale = 2.0f;
    }
    table.up_convolution_backward_data(place, c.stride, std::as_const(t.grad_output).view(),
                                       t.weight.data(), target);
    table.up_convolution_backward_weights(place, c.stride, std::as_const(t.input).view(),
                                          std::as_const(t.grad_output).view(), t.grad_weight.data(),
                                          t.grad_bias.data());
    ASSERT_TRUE(t.output.intact()) << table.name << ": " << c;
    ASSERT_TRUE(t.grad_input.intact()) << table.name << ": " << c;
    ASSERT_TRUE(place.intact()) << table.name << ": " << c;
}

class UpConvolutionTest : public TableTest {};

TEST_P(UpConvolutionTest, EqualsReferenceInWholeNumbers) {
    int number = 0;
    for (const Case& c : cases()) {
        // Every combination of mask and accumulation in turn.
        const How how{number % 2 == 0, number % 2 == 0, number / 2 % 2 == 0};
        ++number;
        Tensors expected(c, true), actual(c, true);
        if (writes_padding()) actual.output.forget_padding();
        if (writes_padding() && !how.accumulate) actual.grad_input.forget_padding();
        run(reference::table(), c, how, expected);
        run(table(), c, how, actual);
        ASSERT_TRUE(equal(actual.output, expected.output)) << c << ", relu " << how.relu;
        ASSERT_TRUE(equal(actual.grad_input, expected.grad_input))
            << c << ", masked " << how.masked << ", accumulated " << how.accumulate;
        ASSERT_EQ(actual.grad_weight, expected.grad_weight) << c;
        ASSERT_EQ(actual.grad_bias, expected.grad_bias) << c;
    }
}

// More than 64 blocks are summed in parts, each of which is added.
TEST_P(UpConvolutionTest, AccumulatesOverMoreThan1024Channels) {
    const Case c{17, 1040, {1, 1, 2}};
    Tensors expected(c, true), actual(c, true);
    run(reference::table(), c, {false, false, true}, expected);
    run(table(), c, {false, false, true}, actual);
    EXPECT_TRUE(equal(actual.grad_input, expected.grad_input));
}

// A float32 sum of n products of at most 1 in size is off by at most n gamma(n) in any order; one
// term more for the bias or the value added to, and one for the rounding of the expected value.
TEST_P(UpConvolutionTest, IsWithinTheRoundingOfItsSums) {
    const Case c{150, 24, {1, 9, 20}};
    Tensors expected(c, false), actual(c, false);
    const How how{false, false, true};
    run(reference::table(), c, how, expected);
    run(table(), c, how, actual);
    const auto bound = [](std::int64_t terms) {
        return [n = double(terms) + 2.0](auto...) { return n * gamma_of(n); };
    };
    EXPECT_TRUE(within<float>(std::as_const(actual.output).view(),
                              std::as_const(expected.output).view(), bound(c.in)));
    EXPECT_TRUE(within<float>(std::as_const(actual.grad_input).view(),
                              std::as_const(expected.grad_input).view(), bound(c.out * 4)));
    const double by_pixels = bound(c.size.elements())();
    for (std::size_t k = 0; k < expected.grad_weight.size(); ++k)
        ASSERT_NEAR(actual.grad_weight[k], expected.grad_weight[k], by_pixels) << "weight " << k;
    const double by_bias = bound(c.size.elements() * 4)();
    for (std::size_t k = 0; k < expected.grad_bias.size(); ++k)
        ASSERT_NEAR(actual.grad_bias[k], expected.grad_bias[k], by_bias) << "bias " << k;
}

TEST_P(UpConvolutionTest, BitsDoNotDependOnThreads) {
    if (&table() == &reference::table()) GTEST_SKIP() << "plain loops on one thread";
    for (const Case& c : {Case{40, 24, {1, 30, 33}, {1, 2, 2}, 2}, Case{150, 17, {2, 9, 5}}}) {
        Tensors one(c, false);
        const How how{true, true, true};
        run(table(), c, how, one);
        for (const int threads : {2, 3}) {
            Tensors many(c, false);
            run(table(), c, how, many, threads);
            EXPECT_TRUE(many.output == one.output) << c << ", threads " << threads;
            EXPECT_TRUE(many.grad_input == one.grad_input) << c << ", threads " << threads;
            EXPECT_EQ(many.grad_weight, one.grad_weight) << c << ", threads " << threads;
            EXPECT_EQ(many.grad_bias, one.grad_bias) << c << ", threads " << threads;
        }
    }
}

UNET_FOR_EVERY_TABLE(UpConvolutionTest);

}  // namespace
}  // namespace unet::kernels
