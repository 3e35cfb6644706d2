// Every kernel table against the reference; what a kernel reads, writes and may not touch.
#include "unet/kernels/convolution.h"

#include <gtest/gtest.h>

#include "tests/kernels/convolution_case.h"
#include "unet/kernels/reference/table.h"

namespace unet::kernels {
namespace {

using Tensors = ConvolutionTensors<float>;

Workplace workplace(const KernelTable& table, const ConvolutionCase& c, int threads = 1,
                    bool backward = true) {
    return Workplace(threads, table.convolution_workspace(c.shape(), c.batch, c.size, backward));
}

void forward(const KernelTable& table, const ConvolutionCase& c, Tensors& t, bool relu,
             int threads = 1) {
    auto place = workplace(table, c, threads, false);
    table.convolve(place, t.call(relu));
    ASSERT_TRUE(t.output.intact()) << table.name << ": " << c;
}

void backward_data(const KernelTable& table, const ConvolutionCase& c, Tensors& t,
                   const GradientTargets& targets, int threads = 1) {
    auto place = workplace(table, c, threads);
    table.convolution_backward_data(place, t.geometry, std::as_const(t.wide_grad_output).view(),
                                    t.weight.data(), targets);
    for (auto& gradient : t.grad_inputs) ASSERT_TRUE(gradient.intact()) << table.name << ": " << c;
    ASSERT_TRUE(place.intact()) << table.name << ": " << c;
}

void backward_weights(const KernelTable& table, const ConvolutionCase& c, Tensors& t,
                      int threads = 1) {
    auto place = workplace(table, c, threads);
    table.convolution_backward_weights(place, t.geometry, t.input(),
                                       std::as_const(t.grad_output).view(), t.grad_weight.data(),
                                       t.grad_bias.data());
    ASSERT_TRUE(place.intact()) << table.name << ": " << c;
}

/// Root of sum of squared errors over root of sum of squares.
double relative_l2(const float* actual, const float* expected, std::size_t count) {
    double error = 0.0, size = 0.0;
    for (std::size_t k = 0; k < count; ++k) {
        const double e = expected[k];
        error += (double(actual[k]) - e) * (double(actual[k]) - e);
        size += e * e;
    }
    return std::sqrt(error / size);
}
double relative_l2(const FramedTensor<float>& actual, const FramedTensor<float>& expected) {
    std::vector<float> a, e;
    const ConstView view = expected.view();
    reference::for_pixels(view.batch, view.size, [&](auto n, auto z, auto y, auto x) {
        for (std::int64_t c = 0; c < view.channels; ++c) {
            a.push_back(actual.view().at(n, c, z, y, x));
            e.push_back(view.at(n, c, z, y, x));
        }
    });
    return relative_l2(a.data(), e.data(), e.size());
}

class ConvolutionTest : public TableTest {
protected:
    const KernelTable& reference_table() const { return reference::table(); }
    /// The tables without a suffix take Winograd's F(4x4, 3x3) where it pays.
    bool is_direct() const {
        const std::string name = table().name;
        return name == "reference" || name.ends_with("-direct");
    }
    /// In whole numbers a direct sum is exact. Winograd's filters have sixths, so it rounds; but a
    /// term too many or too few changes a whole number by at least 1.
    double whole_tolerance() const { return is_direct() ? 0.0 : 0.25; }
};

TEST_P(ConvolutionTest, ForwardEqualsReferenceInWholeNumbers) {
    int number = 0;
    for (const auto& c : convolution_cases()) {
        const bool relu = ++number % 2 == 0;
        Tensors expected(c, true), actual(c, true);
        if (writes_padding()) actual.output.forget_padding();
        forward(reference_table(), c, expected, relu);
        forward(table(), c, actual, relu);
        ASSERT_TRUE(equal(actual.output, expected.output, whole_tolerance()))
            << c << (relu ? " relu" : "");
    }
}

TEST_P(ConvolutionTest, BackwardDataEqualsReferenceInWholeNumbers) {
    int number = 0;
    for (const auto& c : convolution_cases()) {
        // Every combination of mask and accumulation in turn.
        const bool masked = ++number % 2 == 0, accumulate = number / 2 % 2 == 0;
        Tensors expected(c, true), actual(c, true);
        if (writes_padding() && !accumulate)
            for (auto& gradient : actual.grad_inputs) gradient.forget_padding();
        backward_data(reference_table(), c, expected, expected.targets(masked, accumulate));
        backward_data(table(), c, actual, actual.targets(masked, accumulate));
        for (std::size_t p = 0; p < c.in.size(); ++p)
            ASSERT_TRUE(equal(actual.grad_inputs[p], expected.grad_inputs[p], whole_tolerance()))
                << c << ", input " << p << (masked ? ", masked" : "")
                << (accumulate ? ", accumulated" : "");
    }
}

TEST_P(ConvolutionTest, BackwardWeightsEqualsReferenceInWholeNumbers) {
    for (const auto& c : convolution_cases()) {
        Tensors expected(c, true), actual(c, true);
        backward_weights(reference_table(), c, expected);
        backward_weights(table(), c, actual);
        // Zeros of channels that do not exist included.
        ASSERT_TRUE(equal(actual.grad_weight, expected.grad_weight, whole_tolerance())) << c;
        ASSERT_TRUE(equal(actual.grad_bias, expected.grad_bias, whole_tolerance())) << c;
    }
}

TEST_P(ConvolutionTest, ForwardAndBackwardWeightsDoWithoutABias) {
    const ConvolutionCase c{.in = {17}, .out = 5, .size = {1, 4, 9}, .same = true};
    Tensors expected(c, true), actual(c, true);
    auto place = workplace(table(), c);
    for (auto* tensors : {&expected, &actual}) {
        const KernelTable& run = tensors == &expected ? reference_table() : table();
        auto call = tensors->call();
        call.bias = nullptr;
        run.convolve(place, call);
        run.convolution_backward_weights(place, c.geometry(), tensors->input(),
                                         std::as_const(tensors->grad_output).view(),
                                         tensors->grad_weight.data(), nullptr);
    }
    EXPECT_TRUE(equal(actual.output, expected.output, whole_tolerance()));
    EXPECT_TRUE(equal(actual.grad_weight, expected.grad_weight, whole_tolerance()));
}

TEST_P(ConvolutionTest, SkipsAnEmptyGradientTarget) {
    for (const int skipped : {0, 1}) {
        const ConvolutionCase c{.in = {17, 24}, .out = 20, .size = {1, 4, 9}};
        Tensors expected(c, true), actual(c, true);
        backward_data(reference_table(), c, expected, expected.targets(true, false));
        backward_data(table(), c, actual, actual.targets(true, false, skipped));
        const auto kept = static_cast<std::size_t>(1 - skipped);
        EXPECT_TRUE(equal(actual.grad_inputs[kept], expected.grad_inputs[kept], whole_tolerance()));
        EXPECT_TRUE(actual.grad_inputs[1 - kept] == Tensors(c, true).grad_inputs[1 - kept]);
    }
}

TEST_P(ConvolutionTest, TargetsMayDifferInMaskAndAccumulation) {
    // More channels than a chunk of the sum has where nothing is added to (128).
    const ConvolutionCase c{.in = {40, 24}, .out = 150, .size = {1, 2, 5}, .same = true};
    Tensors expected(c, true), actual(c, true);
    for (Tensors* tensors : {&expected, &actual}) {
        auto targets = tensors->targets(true, true);
        targets.parts[1].activation = {};
        targets.parts[1].accumulate = false;
        backward_data(tensors == &expected ? reference_table() : table(), c, *tensors, targets);
    }
    for (const std::size_t p : {0u, 1u})
        EXPECT_TRUE(equal(actual.grad_inputs[p], expected.grad_inputs[p], whole_tolerance()))
            << "input " << p;
}

// More than 64 blocks are summed in parts, each of which is added.
TEST_P(ConvolutionTest, AccumulatesOverMoreThan1024Channels) {
    const ConvolutionCase c{.in = {17}, .out = 1040, .size = {1, 2, 5}, .same = true};
    Tensors expected(c, true), actual(c, true);
    backward_data(reference_table(), c, expected, expected.targets(true, true));
    backward_data(table(), c, actual, actual.targets(true, true));
    EXPECT_TRUE(equal(actual.grad_inputs[0], expected.grad_inputs[0], whole_tolerance()));
}

// Values that round: partial sums of k products of random sign have size
// sqrt(k) s and are rounded by at most u of it, evenly spread, so n of them are off by
// u s sqrt(sum k / 3) = u s n / sqrt(6), relative to a result of size s sqrt(n): u sqrt(n / 6).
// Winograd's transforms, whose sums are larger than their result, may cost two bits more.
TEST_P(ConvolutionTest, RoundsLikeARandomWalk) {
    const ConvolutionCase c{.in = {64}, .out = 48, .size = {1, 19, 18}, .same = true};
    const auto walk = [&](std::int64_t terms) {
        return (is_direct() ? 1.0 : 4.0) * unit_roundoff * std::sqrt(double(terms) / 6.0);
    };
    Tensors expected(c, false), actual(c, false);
    forward(reference_table(), c, expected, false);
    forward(table(), c, actual, false);
    EXPECT_LE(relative_l2(actual.output, expected.output), walk(9 * 64));
    backward_data(reference_table(), c, expected, expected.targets(false, false));
    backward_data(table(), c, actual, actual.targets(false, false));
    EXPECT_LE(relative_l2(actual.grad_inputs[0], expected.grad_inputs[0]), walk(9 * 48));
    backward_weights(reference_table(), c, expected);
    backward_weights(table(), c, actual);
    EXPECT_LE(relative_l2(actual.grad_weight.data(), expected.grad_weight.data(),
                          expected.grad_weight.size()),
              walk(c.size.elements()));
    EXPECT_LE(
        relative_l2(actual.grad_bias.data(), expected.grad_bias.data(), expected.grad_bias.size()),
        walk(c.size.elements()));
}

TEST_P(ConvolutionTest, BitsDoNotDependOnThreads) {
    if (&table() == &reference_table()) GTEST_SKIP() << "plain loops on one thread";
    for (const ConvolutionCase& c :
         {ConvolutionCase{.in = {24, 40}, .out = 40, .size = {1, 40, 37}, .batch = 2},
          ConvolutionCase{.in = {150}, .out = 17, .size = {2, 9, 20}, .same = true},
          ConvolutionCase{.in = {560}, .out = 16, .size = {1, 12, 112}},
          ConvolutionCase{.in = {80, 80}, .out = 160, .size = {1, 40, 60}},
          ConvolutionCase{.in = {3}, .out = 5, .size = {1, 90, 600}, .kernel = {1, 1, 1}}}) {
        Tensors one(c, false);
        forward(table(), c, one, true);
        backward_data(table(), c, one, one.targets(true, true));
        backward_weights(table(), c, one);
        for (const int threads : {2, 3}) {
            Tensors many(c, false);
            forward(table(), c, many, true, threads);
            backward_data(table(), c, many, many.targets(true, true), threads);
            backward_weights(table(), c, many, threads);
            EXPECT_TRUE(many.output == one.output) << c << ", threads " << threads;
            for (std::size_t p = 0; p < c.in.size(); ++p)
                EXPECT_TRUE(many.grad_inputs[p] == one.grad_inputs[p]) << c << ", " << threads;
            EXPECT_EQ(many.grad_weight, one.grad_weight) << c << ", threads " << threads;
            EXPECT_EQ(many.grad_bias, one.grad_bias) << c << ", threads " << threads;
        }
    }
}

// What makes tiles seamless: the same pixels give the same bits in an image of any size. With
// Winograd that holds on the grid of its 4x4 tiles, for those that are whole in both images.
TEST_P(ConvolutionTest, BitsDoNotDependOnTheImageAround) {
    const std::int64_t grid = is_direct() ? 1 : 4;
    const ConvolutionCase whole{.in = {24, 130}, .out = 40, .size = {1, 24, 36}};
    Tensors all(whole, false);
    forward(table(), whole, all, true);
    for (const Size3& corner : {Size3{0, 0, 0}, Size3{0, 3, 1}, Size3{0, 2, 9}})
        for (const Size3& size : {Size3{1, 1, 1}, Size3{1, 4, 13}, Size3{1, 4, 4}}) {
            const Size3 part_size{1, round_up(size.height, grid), round_up(size.width, grid)};
            const auto y = corner.height * grid, x = corner.width / 2 * grid;
            Concat input = all.input();
            for (ConstView& part : input.parts) {
                part.data = &part.at(0, 0, 0, y, x);
                part.size = {1, part_size.height + 2, part_size.width + 2};
            }
            FramedTensor<float> part(1, whole.out, part_size);
            auto place = workplace(table(), whole);
            auto call = all.call(true);
            call.source = input;
            call.target = part.view();
            table().convolve(place, call);
            ConstView expected = std::as_const(all.output).view();
            expected.data = &expected.at(0, 0, 0, y, x);
            expected.size = part_size;
            EXPECT_TRUE(
                within<float>(std::as_const(part).view(), expected, [](auto...) { return 0.0; }))
                << to_string(part_size) << " at " << y << ", " << x;
        }
}

// Results above 24 MB are stored past the caches, their halves are not.
TEST_P(ConvolutionTest, BitsDoNotDependOnHowMuchIsWritten) {
    if (&table() == &reference_table()) GTEST_SKIP() << "knows no caches, takes seconds";
    const ConvolutionCase c{.in = {8}, .out = 16, .size = {1, 640, 640}, .same = true};
    FramedTensor<float> input(1, 8, c.size, c.geometry().padding), output(1, c.out, c.size);
    std::uint32_t state = 1;
    const auto value = [&] { return double((state = state * 1664525 + 1013904223) >> 16) - 2e4; };
    input.fill(value);
    const auto weight = convolution_weights<float>(c.in, c.out, 9, value);
    auto place = workplace(table(), c, 2, false);
    const auto forward_to = [&](ConstView from, const View& to) {
        table().convolve(place, {.geometry = c.geometry(),
                                 .source = Concat{{from, {}}, 1},
                                 .weight = weight.data(),
                                 .relu = true,
                                 .target = to});
    };
    forward_to(std::as_const(input).view(), output.view());
    ASSERT_TRUE(output.intact());
    const std::int64_t half = c.size.height / 2;
    FramedTensor<float> expected(1, c.out, {1, half, c.size.width});
    for (const std::int64_t y : {std::int64_t{0}, half}) {
        ConstView from = std::as_const(input).view(), actual = std::as_const(output).view();
        from.data = &from.at(0, 0, 0, y, 0);
        actual.data = &actual.at(0, 0, 0, y, 0);
        from.size.height = actual.size.height = half;
        forward_to(from, expected.view());
        EXPECT_TRUE(
            within<float>(actual, std::as_const(expected).view(), [](auto...) { return 0.0; }))
            << "from row " << y;
    }
}

UNET_FOR_EVERY_TABLE(ConvolutionTest);

}  // namespace
}  // namespace unet::kernels
