// The reference's gradients against central differences, in double.
//
// (L(v + h) - L(v - h)) / 2h is off by h^2 / 6 times the third derivative (nothing where L is
// linear in v) and by the rounding of L, 1e-16 |L| / h. With h = 1e-4, |L| below 1e3 and third
// derivatives of the size of the gradient both stay below 1e-8 of a gradient of size 1.
#include <gtest/gtest.h>

#include "tests/kernels/convolution_case.h"
#include "unet/kernels/reference/loss.h"
#include "unet/kernels/reference/pointwise.h"

namespace unet::kernels {
namespace {

constexpr double step = 1e-4;

/// `gradient` is the derivative by `value` of what loss() returns.
template <class Loss>
testing::AssertionResult is_slope(double gradient, double& value, Loss loss) {
    const double before = value;
    value = before + step;
    const double above = loss();
    value = before - step;
    const double below = loss();
    value = before;
    const double slope = (above - below) / (2.0 * step);
    if (std::abs(slope - gradient) <= 1e-6 * std::max(std::abs(slope), 0.1))
        return testing::AssertionSuccess();
    return testing::AssertionFailure() << gradient << ", the slope is " << slope;
}

/// Sum of the products of two images: a loss whose gradient by the first is the second.
double dot(const FramedTensor<double>& a, const FramedTensor<double>& b) {
    double sum = 0.0;
    const auto v = a.view(), w = b.view();
    reference::for_pixels(v.batch, v.size, [&](auto n, auto z, auto y, auto x) {
        for (std::int64_t c = 0; c < v.channels; ++c)
            sum += v.at(n, c, z, y, x) * w.at(n, c, z, y, x);
    });
    return sum;
}

/// Calls visit(n, c, z, y, x) for every value.
template <class Visit>
void for_values(const BasicView<double>& view, Visit visit) {
    reference::for_pixels(view.batch, view.size, [&](auto n, auto z, auto y, auto x) {
        for (std::int64_t c = 0; c < view.channels; ++c) visit(n, c, z, y, x);
    });
}

Context context(1);

class ConvolutionGradientTest : public testing::TestWithParam<ConvolutionCase> {
protected:
    ConvolutionTensors<double> t{GetParam(), false};
    double loss() {
        reference::convolution_forward<double>(context, t.call());
        return dot(t.output, t.grad_output);
    }
};

TEST_P(ConvolutionGradientTest, OfInputs) {
    const auto targets = t.targets(false, false);
    reference::convolution_backward_data<double>(
        context, t.geometry, std::as_const(t.wide_grad_output).view(), t.weight.data(), targets);
    for (std::size_t p = 0; p < t.inputs.size(); ++p)
        for_values(t.inputs[p].view(), [&](auto... at) {
            EXPECT_TRUE(is_slope(t.grad_inputs[p].view().at(at...), t.inputs[p].view().at(at...),
                                 [&] { return loss(); }))
                << "input " << p;
        });
}

TEST_P(ConvolutionGradientTest, OfWhatTheActivationRead) {
    // input = 2 max(0, before): ReLU and a dropout that kept everything.
    auto before = t.inputs;
    const auto activate = [&] {
        for (std::size_t p = 0; p < before.size(); ++p)
            for_values(before[p].view(), [&](auto... at) {
                const double value = before[p].view().at(at...);
                t.inputs[p].view().at(at...) = value > 0.0 ? 2.0 * value : 0.0;
            });
    };
    for (auto& tensor : before)  // no value nearer to the kink than a step
        for_values(tensor.view(), [&](auto... at) {
            double& value = tensor.view().at(at...);
            if (std::abs(value) < 2.0 * step) value = 0.5;
        });
    activate();
    auto targets = t.targets(true, false);
    for (std::size_t p = 0; p < t.inputs.size(); ++p)
        targets.parts[p].activation = std::as_const(t.inputs[p]).view();
    reference::convolution_backward_data<double>(
        context, t.geometry, std::as_const(t.wide_grad_output).view(), t.weight.data(), targets);
    for (std::size_t p = 0; p < before.size(); ++p)
        for_values(before[p].view(), [&](auto... at) {
            EXPECT_TRUE(is_slope(t.grad_inputs[p].view().at(at...), before[p].view().at(at...),
                                 [&] { return activate(), loss(); }))
                << "input " << p;
        });
}

TEST_P(ConvolutionGradientTest, OfWeightsAndBias) {
    reference::convolution_backward_weights<double>(context, t.geometry, t.input(),
                                                    std::as_const(t.grad_output).view(),
                                                    t.grad_weight.data(), t.grad_bias.data());
    for (std::size_t k = 0; k < t.weight.size(); ++k)
        if (t.weight[k] != 0.0) {
            EXPECT_TRUE(is_slope(t.grad_weight[k], t.weight[k], [&] { return loss(); })) << k;
        }
    for (std::int64_t o = 0; o < GetParam().out; ++o) {
        const auto k = static_cast<std::size_t>(o);
        EXPECT_TRUE(is_slope(t.grad_bias[k], t.bias[k], [&] { return loss(); })) << k;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ConvolutionGradientTest,
    testing::Values(
        ConvolutionCase{.in = {3}, .out = 2, .size = {1, 3, 4}, .batch = 2},
        ConvolutionCase{.in = {2, 3}, .out = 17, .size = {1, 2, 3}, .same = true},
        ConvolutionCase{.in = {17}, .out = 3, .size = {1, 2, 3}, .kernel = {1, 1, 1}},
        ConvolutionCase{
            .in = {2}, .out = 3, .size = {2, 3, 2}, .kernel = {3, 3, 3}, .same = true}));

TEST(GradientTest, OfAnUpConvolution) {
    for (const Size3& stride : {Size3{1, 2, 2}, Size3{2, 2, 2}}) {
        const Size3 small{1, 2, 3}, large{stride.depth, 4, 6};
        constexpr std::int64_t in = 17, out = 3, batch = 2;
        Draw draw(10);
        const auto value = [&] { return draw.real(); };
        FramedTensor<double> input(batch, in, small), output(batch, out, large),
            grad_output(batch, out, large), gradient(batch, in, small);
        input.fill(value);
        grad_output.fill(value);
        auto weight = up_convolution_weights<double>(in, out, stride.elements(), value);
        auto bias = channel_values<double>(out, value);
        auto grad_weight = weight, grad_bias = bias;
        const auto loss = [&] {
            reference::up_convolution_forward<double>(context, stride, std::as_const(input).view(),
                                                      weight.data(), bias.data(), false,
                                                      output.view());
            return dot(output, grad_output);
        };
        BasicGradientTarget<double> target;
        target.gradient = gradient.view();
        reference::up_convolution_backward_data<double>(
            context, stride, std::as_const(grad_output).view(), weight.data(), target);
        reference::up_convolution_backward_weights<double>(
            context, stride, std::as_const(input).view(), std::as_const(grad_output).view(),
            grad_weight.data(), grad_bias.data());
        for_values(input.view(), [&](auto... at) {
            EXPECT_TRUE(is_slope(gradient.view().at(at...), input.view().at(at...), loss));
        });
        for (std::size_t k = 0; k < weight.size(); ++k)
            if (weight[k] != 0.0) {
                EXPECT_TRUE(is_slope(grad_weight[k], weight[k], loss)) << k;
            }
        for (std::size_t k = 0; k < std::size_t(out); ++k)
            EXPECT_TRUE(is_slope(grad_bias[k], bias[k], loss)) << k;
    }
}

TEST(GradientTest, OfMaxPooling) {
    const Size3 size{1, 5, 7}, half{1, 2, 3}, stride{1, 2, 2};
    Draw draw(11);
    FramedTensor<double> input(2, 3, size), output(2, 3, half), grad_output(2, 3, half),
        gradient(2, 3, size);
    double next = 0.0;  // all values further apart than two steps
    input.fill([&] { return draw.whole(50) + 0.01 * (next += 1.0); });
    grad_output.fill([&] { return draw.real(); });
    const auto loss = [&] {
        reference::max_pool_forward<double>(context, stride, std::as_const(input).view(),
                                            output.view());
        return dot(output, grad_output);
    };
    loss();
    BasicGradientTarget<double> target;
    target.gradient = gradient.view();
    reference::max_pool_backward<double>(context, stride, std::as_const(input).view(),
                                         std::as_const(output).view(),
                                         std::as_const(grad_output).view(), target);
    for_values(input.view(), [&](auto... at) {
        EXPECT_TRUE(is_slope(gradient.view().at(at...), input.view().at(at...), loss));
    });
}

TEST(GradientTest, OfBatchNorm) {
    const Size3 size{1, 3, 4};
    constexpr std::int64_t channels = 3;
    Draw draw(12);
    const auto value = [&] { return draw.real(); };
    FramedTensor<double> input(2, channels, size), output(2, channels, size),
        grad_output(2, channels, size);
    input.fill([&] { return 0.5 + 2.0 * draw.real(); });
    grad_output.fill(value);
    auto scale = channel_values<double>(channels, value);
    auto shift = scale, running_mean = scale, running_variance = scale, mean = scale,
         inverse_std = scale, grad_scale = scale, grad_shift = scale;
    const BasicBatchNorm<double> parameters{scale.data(),        shift.data(),
                                            running_mean.data(), running_variance.data(),
                                            mean.data(),         inverse_std.data()};
    const auto loss = [&] {
        reference::batch_norm_forward<double>(context, std::as_const(input).view(), parameters,
                                              false, output.view());
        return dot(output, grad_output);
    };
    loss();
    auto gradient = grad_output;
    reference::batch_norm_backward<double>(context, std::as_const(input).view(), parameters,
                                           gradient.view(), grad_scale.data(), grad_shift.data());
    for_values(input.view(), [&](auto... at) {
        EXPECT_TRUE(is_slope(gradient.view().at(at...), input.view().at(at...), loss));
    });
    for (std::size_t k = 0; k < std::size_t(channels); ++k) {
        EXPECT_TRUE(is_slope(grad_scale[k], scale[k], loss)) << k;
        EXPECT_TRUE(is_slope(grad_shift[k], shift[k], loss)) << k;
    }
}

TEST(GradientTest, OfTheLoss) {
    for (const std::int64_t classes : {2, 3, 20})
        for (const double dice_weight : {0.0, 1.0}) {
            const Size3 size{1, 3, 4};
            Draw draw(13);
            FramedTensor<double> logits(2, classes, size), gradient(2, classes, size),
                unused(2, classes, size);
            logits.fill([&] { return 3.0 * draw.real(); });
            std::vector<std::uint8_t> targets(24);
            std::vector<float> weights(24);
            for (std::size_t k = 0; k < targets.size(); ++k) {
                targets[k] = static_cast<std::uint8_t>(draw.below(classes));
                weights[k] = k % 5 == 0 ? 0.0f : static_cast<float>(1.5 + draw.real());
            }
            const auto total = [&](FramedTensor<double>& into) {
                return reference::softmax_loss<double>(
                           context,
                           {std::as_const(logits).view(), targets.data(), weights.data(),
                            dice_weight},
                           into.view())
                    .total;
            };
            total(gradient);
            for_values(logits.view(), [&](auto... at) {
                EXPECT_TRUE(is_slope(gradient.view().at(at...), logits.view().at(at...),
                                     [&] { return total(unused); }))
                    << classes << " classes, dice weight " << dice_weight;
            });
        }
}

}  // namespace
}  // namespace unet::kernels
