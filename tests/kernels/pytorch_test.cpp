// Every kernel table against numbers that PyTorch computed (pytorch_values.py): what the operators
// mean, where the rest of this folder only says that all tables mean the same.
#include <gtest/gtest.h>

#include "tests/kernels/blocked.h"
#include "tests/kernels/pytorch_values.h"

namespace unet::kernels {
namespace {

/// The formula of pytorch_values.py.
float drawn(std::int64_t k, std::int64_t salt) {
    return static_cast<float>((7 * k + salt) % 11 - 5) / 2.0f;
}

FramedTensor<float> tensor(std::int64_t salt, std::int64_t channels, const Size3& size,
                           const Size3& frame = {0, 0, 0}) {
    std::vector<float> host;
    for (std::int64_t k = 0; k < 2 * channels * size.elements(); ++k)
        host.push_back(drawn(k, salt));
    FramedTensor<float> result(2, channels, size, frame);
    Context context(1);
    available().back()->from_planar(context, host.data(), {0, result.view().size.height},
                                    result.view());
    return result;
}

AlignedVector<float> per_channel(std::int64_t salt, std::int64_t channels) {
    std::int64_t k = 0;
    return channel_values<float>(channels, [&] { return drawn(k++, salt); });
}

void expect_near(const FramedTensor<float>& actual, const std::vector<double>& expected,
                 const char* what) {
    const ConstView view = actual.view();
    std::vector<float> host(expected.size());
    ASSERT_EQ(view.batch * view.channels * view.size.elements(), std::ssize(expected)) << what;
    Context context(1);
    available().back()->to_planar(context, view, {0, view.size.height}, host.data());
    // Numbers below 100 from sums of at most 54 terms; half a dozen float32 roundings each.
    for (std::size_t k = 0; k < expected.size(); ++k)
        EXPECT_NEAR(host[k], expected[k], 2e-5) << what << ", value " << k;
}

void expect_near(const AlignedVector<float>& actual, const std::vector<double>& expected,
                 const char* what) {
    for (std::size_t k = 0; k < expected.size(); ++k)
        EXPECT_NEAR(actual[k], expected[k], 2e-5) << what << ", value " << k;
}

class PyTorchTest : public TableTest {
protected:
    void check_convolution(std::int64_t padding, const std::vector<double>& output,
                           const std::vector<double>& grad_input,
                           const std::vector<double>& grad_weight,
                           const std::vector<double>& grad_bias) {
        const ConvolutionGeometry g{{1, 3, 3}, {0, padding, padding}};
        const Size3 size{1, 3, 4}, out_size{1, 1 + 2 * padding, 2 + 2 * padding};
        Workplace place(1, table().convolution_workspace({.geometry = g, .in = {3}, .out = 2}, 2,
                                                         out_size, true));
        const auto input = tensor(1, 3, size, g.padding);
        const auto grad_output = tensor(4, 2, out_size, {0, 2 - padding, 2 - padding});
        AlignedVector<float> weight(9 * 256), slope(9 * 256);
        const auto index = [](std::int64_t k) {  // of PyTorch's weight k: out x in x 3 x 3
            return static_cast<std::size_t>(
                reference::weight_index(k / 27, k / 9 % 3, k % 9, 1, 9));
        };
        for (std::int64_t k = 0; k < 54; ++k) weight[index(k)] = drawn(k, 2);
        const auto bias = per_channel(3, 2);
        auto bias_slope = bias;
        FramedTensor<float> result(2, 2, out_size), gradient(2, 3, size);

        Concat concat;
        concat.parts[0] = input.view();
        table().convolve(place, {.geometry = g,
                                 .source = concat,
                                 .weight = weight.data(),
                                 .bias = bias.data(),
                                 .target = result.view()});
        expect_near(result, output, "output");
        GradientTargets targets;
        targets.parts[0].gradient = gradient.view();
        table().convolution_backward_data(place, g, grad_output.view(), weight.data(), targets);
        expect_near(gradient, grad_input, "grad_input");
        table().convolution_backward_weights(place, g, concat, grad_output.view(), slope.data(),
                                             bias_slope.data());
        for (std::int64_t k = 0; k < 54; ++k)
            EXPECT_NEAR(slope[index(k)], grad_weight[static_cast<std::size_t>(k)], 2e-5) << k;
        expect_near(bias_slope, grad_bias, "grad_bias");
    }
};

TEST_P(PyTorchTest, ValidConvolution) {
    check_convolution(0, pytorch::valid_output, pytorch::valid_grad_input,
                      pytorch::valid_grad_weight, pytorch::valid_grad_bias);
}

TEST_P(PyTorchTest, SameConvolution) {
    check_convolution(1, pytorch::same_output, pytorch::same_grad_input, pytorch::same_grad_weight,
                      pytorch::same_grad_bias);
}

TEST_P(PyTorchTest, UpConvolution) {
    // PyTorch's input has 2 samples of 3 channels and its weights 2 x 3 channels: here 3 -> 2.
    const Size3 size{1, 2, 3}, out_size{1, 4, 6}, stride{1, 2, 2};
    Workplace place(1, table().up_convolution_workspace(stride, 1, 1, 2, size));
    const auto input = tensor(1, 3, size);
    const auto grad_output = tensor(4, 2, out_size);
    AlignedVector<float> weight(4 * 256), slope(4 * 256);
    const auto index = [](std::int64_t k) {  // of PyTorch's weight k: in x out x 2 x 2
        return static_cast<std::size_t>(reference::up_weight_index(k % 4, k / 4 % 2, k / 8, 1, 1));
    };
    for (std::int64_t k = 0; k < 24; ++k) weight[index(k)] = drawn(k, 2);
    const auto bias = per_channel(3, 2);
    auto bias_slope = bias;
    FramedTensor<float> result(2, 2, out_size), gradient(2, 3, size);
    table().up_convolution_forward(place, stride, input.view(), weight.data(), bias.data(), false,
                                   result.view());
    expect_near(result, pytorch::up_convolution_output, "output");
    GradientTarget target;
    target.gradient = gradient.view();
    table().up_convolution_backward_data(place, stride, grad_output.view(), weight.data(), target);
    expect_near(gradient, pytorch::up_convolution_grad_input, "grad_input");
    table().up_convolution_backward_weights(place, stride, input.view(), grad_output.view(),
                                            slope.data(), bias_slope.data());
    for (std::int64_t k = 0; k < 24; ++k)
        EXPECT_NEAR(slope[index(k)],
                    pytorch::up_convolution_grad_weight[static_cast<std::size_t>(k)], 2e-5)
            << k;
    expect_near(bias_slope, pytorch::up_convolution_grad_bias, "grad_bias");
}

TEST_P(PyTorchTest, MaxPooling) {
    const Size3 stride{1, 2, 2};
    Context context(1);
    const auto input = tensor(1, 3, {1, 5, 5});
    const auto grad_output = tensor(4, 3, {1, 2, 2});
    FramedTensor<float> output(2, 3, {1, 2, 2}), gradient(2, 3, {1, 5, 5});
    table().max_pool_forward(context, stride, input.view(), output.view());
    expect_near(output, pytorch::max_pool_output, "output");
    GradientTarget target;
    target.gradient = gradient.view();
    table().max_pool_backward(context, stride, input.view(), std::as_const(output).view(),
                              grad_output.view(), target);
    expect_near(gradient, pytorch::max_pool_grad_input, "grad_input");
}

TEST_P(PyTorchTest, BatchNorm) {
    const Size3 size{1, 3, 4};
    Workplace place(1, table().batch_norm_workspace(1, 2, size));
    const auto input = tensor(1, 3, size);
    auto gradient = tensor(4, 3, size);
    auto scale = per_channel(2, 3), shift = per_channel(3, 3), mean = per_channel(5, 3);
    auto variance = per_channel(6, 3);
    for (float& value : variance) value *= value;
    auto batch_mean = mean, inverse_std = mean, grad_scale = mean, grad_shift = mean;
    const BatchNormParameters p{scale.data(),    shift.data(),      mean.data(),
                                variance.data(), batch_mean.data(), inverse_std.data()};
    FramedTensor<float> output(2, 3, size);
    table().batch_norm_forward(place, input.view(), p, false, output.view());
    expect_near(output, pytorch::batch_norm_output, "output");
    expect_near(mean, pytorch::batch_norm_running_mean, "running_mean");
    expect_near(variance, pytorch::batch_norm_running_variance, "running_variance");
    table().batch_norm_backward(place, input.view(), p, gradient.view(), grad_scale.data(),
                                grad_shift.data());
    expect_near(gradient, pytorch::batch_norm_grad_input, "grad_input");
    expect_near(grad_scale, pytorch::batch_norm_grad_scale, "grad_scale");
    expect_near(grad_shift, pytorch::batch_norm_grad_shift, "grad_shift");
    table().batch_norm_apply(place, input.view(), p, false, output.view());
    expect_near(output, pytorch::batch_norm_applied, "applied");
}

TEST_P(PyTorchTest, Loss) {
    const Size3 size{1, 3, 4};
    Workplace place(1, table().softmax_loss_workspace(3, 2, size));
    const auto logits = tensor(1, 3, size);
    std::vector<std::uint8_t> targets;
    std::vector<float> weights;
    for (int k = 0; k < 24; ++k) {
        targets.push_back(static_cast<std::uint8_t>(k * 5 % 3));
        weights.push_back(static_cast<float>(k % 4) / 2.0f);
    }
    FramedTensor<float> gradient(2, 3, size);
    const LossValue value = table().softmax_loss(
        place, {logits.view(), targets.data(), weights.data(), 0.5}, gradient.view());
    EXPECT_NEAR(value.cross_entropy, pytorch::loss_value[0], 1e-13);
    EXPECT_NEAR(value.dice, pytorch::loss_value[1], 1e-13);
    EXPECT_NEAR(value.total, value.cross_entropy + 0.5 * value.dice, 1e-15);
    expect_near(gradient, pytorch::loss_grad_logits, "grad_logits");
}

UNET_FOR_EVERY_TABLE(PyTorchTest);

}  // namespace
}  // namespace unet::kernels
