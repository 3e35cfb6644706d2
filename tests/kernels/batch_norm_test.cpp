// Batch norm: every kernel table against the reference, within bounds of its float32 sums.
#include "unet/kernels/batch_norm.h"

#include <gtest/gtest.h>

#include <ostream>

#include "tests/kernels/blocked.h"
#include "unet/kernels/reference/table.h"

namespace unet::kernels {
namespace {

struct Case {
    std::int64_t channels;
    Size3 size;
    std::int64_t batch = 1;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
    return out << c.channels << " channels, " << to_string(c.size) << ", batch " << c.batch;
}

std::vector<Case> cases() {
    std::vector<Case> all;
    for (const std::int64_t channels : {1, 3, 16, 17, 40}) all.push_back({channels, {1, 5, 7}, 2});
    for (const std::int64_t width : {1, 2, 15, 16, 17, 35}) all.push_back({5, {1, 3, width}});
    all.push_back({17, {2, 35, 33}, 2});  // several items of 32 rows
    all.push_back({3, {1, 1, 1}});        // variance 0, nothing to correct for
    return all;
}

struct Tensors {
    FramedTensor<float> input, output, gradient;
    AlignedVector<float> scale, shift, running_mean, running_variance, mean, inverse_std;
    AlignedVector<float> grad_scale, grad_shift;

    explicit Tensors(const Case& c)
        : input(c.batch, c.channels, c.size),
          output(c.batch, c.channels, c.size, {0, 1, 1}),
          gradient(c.batch, c.channels, c.size, {1, 2, 2}) {
        Draw draw(4);
        const auto unknown = [] { return double(float_nan); };
        input.fill([&] { return 5.0 + 3.0 * draw.real(); });
        // A channel without variance.
        reference::for_pixels(c.batch, c.size, [&](auto n, auto z, auto y, auto x) {
            if (c.channels > 2) input.view().at(n, 2, z, y, x) = 1.25f;
        });
        gradient.fill([&] { return draw.real(); });
        scale = channel_values<float>(c.channels, [&] { return 1.0 + draw.real(); });
        shift = channel_values<float>(c.channels, [&] { return draw.real(); });
        running_mean = channel_values<float>(c.channels, [&] { return draw.real(); });
        running_variance = channel_values<float>(c.channels, [&] { return 1.5 + draw.real(); });
        mean = inverse_std = channel_values<float>(c.channels, unknown);
        grad_scale = grad_shift = channel_values<float>(c.channels, unknown);
    }
    BatchNormParameters parameters() {
        return {scale.data(), shift.data(),      running_mean.data(), running_variance.data(),
                mean.data(),  inverse_std.data()};
    }
};

Workplace workplace(const KernelTable& table, const Case& c, int threads) {
    return Workplace(threads,
                     table.batch_norm_workspace((c.channels + channel_block - 1) / channel_block,
                                                c.batch, c.size));
}

void forward(const KernelTable& table, const Case& c, Tensors& t, bool relu, int threads = 1) {
    auto place = workplace(table, c, threads);
    table.batch_norm_forward(place, std::as_const(t.input).view(), t.parameters(), relu,
                             t.output.view());
    ASSERT_TRUE(place.intact()) << table.name << ": " << c;
    ASSERT_TRUE(t.output.intact()) << table.name << ": " << c;
}

void backward(const KernelTable& table, const Case& c, Tensors& t, int threads = 1) {
    auto place = workplace(table, c, threads);
    table.batch_norm_backward(place, std::as_const(t.input).view(), t.parameters(),
                              t.gradient.view(), t.grad_scale.data(), t.grad_shift.data());
    ASSERT_TRUE(place.intact()) << table.name << ": " << c;
    ASSERT_TRUE(t.gradient.intact()) << table.name << ": " << c;
}

/// How far float32 sums over rows of `width` pixels may be off, per channel.
struct Bounds {
    double mean, variance, relative_std;

    /// Differences to some pixel of the channel are at most `reach`; a row's sum of them has a
    /// rounding for the difference and one for each addition, its squares one more.
    Bounds(const ConstView& input, std::int64_t c, double inverse_std) {
        double low = input.at(0, c, 0, 0, 0), high = low;
        reference::for_pixels(input.batch, input.size, [&](auto n, auto z, auto y, auto x) {
            low = std::min<double>(low, input.at(n, c, z, y, x));
            high = std::max<double>(high, input.at(n, c, z, y, x));
        });
        const double reach = high - low, width = double(input.size.width);
        mean = gamma_of(width + 1) * reach;
        variance = gamma_of(width + 3) * reach * reach + 2.0 * reach * mean;
        relative_std = variance * inverse_std * inverse_std / 2.0;
    }
};

class BatchNormTest : public TableTest {};

TEST_P(BatchNormTest, ForwardAgreesWithReference) {
    for (const Case& c : cases())
        for (const bool relu : {false, true}) {
            Tensors expected(c), actual(c);
            if (writes_padding()) actual.output.forget_padding();
            forward(reference::table(), c, expected, relu);
            forward(table(), c, actual, relu);
            const ConstView input = std::as_const(actual.input).view();
            std::vector<Bounds> bounds;
            for (std::int64_t k = 0; k < c.channels; ++k)
                bounds.emplace_back(input, k, expected.inverse_std[static_cast<std::size_t>(k)]);
            const auto in_bounds = [&](auto n, auto channel, auto z, auto y, auto x) {
                const auto k = static_cast<std::size_t>(channel);
                const double factor = std::abs(double(expected.scale[k])) * expected.inverse_std[k];
                const double value = input.at(n, channel, z, y, x), mean = expected.mean[k];
                // Factor, shift and result are rounded once each, in both tables.
                const double rounded = factor * (2 * std::abs(value) + std::abs(mean)) +
                                       std::abs(double(expected.shift[k]));
                return factor * (bounds[k].mean + std::abs(value - mean) * bounds[k].relative_std) +
                       4.0 * unit_roundoff * rounded;
            };
            EXPECT_TRUE(within<float>(std::as_const(actual.output).view(),
                                      std::as_const(expected.output).view(), in_bounds))
                << c << (relu ? " relu" : "");
        }
}

TEST_P(BatchNormTest, StatisticsAgreeWithReference) {
    for (const Case& c : cases()) {
        Tensors expected(c), actual(c);
        forward(reference::table(), c, expected, false);
        forward(table(), c, actual, false);
        const double count = double(c.batch * c.size.elements());
        const double unbiased = count > 1.0 ? count / (count - 1.0) : 1.0;
        for (std::size_t k = 0; k < expected.mean.size(); ++k) {
            if (k >= static_cast<std::size_t>(c.channels)) {
                EXPECT_EQ(actual.mean[k], 0.0f) << c << ", channel " << k;
                EXPECT_EQ(actual.running_mean[k], 0.0f) << c << ", channel " << k;
                EXPECT_EQ(actual.running_variance[k], 0.0f) << c << ", channel " << k;
                continue;
            }
            const double inverse_std = expected.inverse_std[k];
            const Bounds off(std::as_const(actual.input).view(), std::int64_t(k), inverse_std);
            const auto rounded = [](double value) { return 2.0 * unit_roundoff * std::abs(value); };
            const double momentum = double(batch_norm_momentum);
            EXPECT_NEAR(actual.mean[k], expected.mean[k], off.mean + rounded(expected.mean[k]));
            EXPECT_NEAR(actual.inverse_std[k], inverse_std,
                        off.relative_std * inverse_std + rounded(inverse_std));
            EXPECT_NEAR(actual.running_mean[k], expected.running_mean[k],
                        momentum * off.mean + rounded(expected.running_mean[k]));
            EXPECT_NEAR(actual.running_variance[k], expected.running_variance[k],
                        momentum * unbiased * off.variance + rounded(expected.running_variance[k]));
        }
    }
}

TEST_P(BatchNormTest, ApplyUsesRunningStatisticsAndMayWorkInPlace) {
    for (const Case& c : cases()) {
        Tensors expected(c), actual(c), place_tensors(c);
        auto place = workplace(table(), c, 1);
        reference::table().batch_norm_apply(place, std::as_const(expected.input).view(),
                                            expected.parameters(), true, expected.output.view());
        table().batch_norm_apply(place, std::as_const(actual.input).view(), actual.parameters(),
                                 true, actual.output.view());
        table().batch_norm_apply(place, std::as_const(place_tensors.input).view(),
                                 place_tensors.parameters(), true, place_tensors.input.view());
        EXPECT_TRUE(actual.output.intact()) << c;
        EXPECT_TRUE(place_tensors.input.intact()) << c;
        EXPECT_TRUE(equal(place_tensors.input, actual.output)) << c;
        // Values are at most 8, running means 1, factors 2 / sqrt(0.5), shifts 1; factor, shift and
        // result are rounded once each in both tables.
        const double largest = 2.0 / std::sqrt(0.5) * (2 * 8.0 + 1.0) + 1.0;
        EXPECT_TRUE(equal(actual.output, expected.output, 4.0 * unit_roundoff * largest)) << c;
        EXPECT_EQ(actual.running_mean, expected.running_mean) << c;
    }
}

TEST_P(BatchNormTest, BackwardAgreesWithReference) {
    for (const Case& c : cases()) {
        Tensors expected(c), actual(c);
        forward(reference::table(), c, expected, false);
        actual.mean = expected.mean;
        actual.inverse_std = expected.inverse_std;
        backward(reference::table(), c, expected);
        backward(table(), c, actual);
        // A row's sum of gradients (at most 1 each) has a rounding per addition, of products with
        // centred inputs (at most 6) two more; the result is the sum of three rounded products.
        const double count = double(c.batch * c.size.elements()), reach = 6.0;
        const double sum = gamma_of(double(c.size.width) + 1.0);
        const double product = gamma_of(double(c.size.width) + 3.0) * reach;
        const auto factor = [&](auto k) {
            return std::abs(double(expected.scale[k])) * expected.inverse_std[k];
        };
        for (std::size_t k = 0; k < expected.mean.size(); ++k) {
            const double inverse_std = expected.inverse_std[k];
            EXPECT_NEAR(actual.grad_shift[k], expected.grad_shift[k],
                        count * (sum + 2.0 * unit_roundoff));
            EXPECT_NEAR(actual.grad_scale[k], expected.grad_scale[k],
                        count * inverse_std * (product + 2.0 * unit_roundoff * reach));
        }
        EXPECT_TRUE(within<float>(
            std::as_const(actual.gradient).view(), std::as_const(expected.gradient).view(),
            [&](auto, auto channel, auto...) {
                const auto k = static_cast<std::size_t>(channel);
                const double x = reach * expected.inverse_std[k];
                return factor(k) * (sum + x * product * expected.inverse_std[k] +
                                    6.0 * unit_roundoff * (2.0 + x * x));
            }))
            << c;
    }
}

TEST_P(BatchNormTest, BitsDoNotDependOnThreads) {
    const Case c{40, {2, 70, 33}, 2};
    Tensors one(c);
    forward(table(), c, one, true);
    backward(table(), c, one);
    for (const int threads : {2, 3}) {
        Tensors many(c);
        forward(table(), c, many, true, threads);
        backward(table(), c, many, threads);
        EXPECT_TRUE(many.output == one.output) << threads;
        EXPECT_TRUE(many.gradient == one.gradient) << threads;
        EXPECT_EQ(many.mean, one.mean) << threads;
        EXPECT_EQ(many.running_variance, one.running_variance) << threads;
        EXPECT_EQ(many.grad_scale, one.grad_scale) << threads;
        EXPECT_EQ(many.grad_shift, one.grad_shift) << threads;
    }
}

UNET_FOR_EVERY_TABLE(BatchNormTest);

}  // namespace
}  // namespace unet::kernels
