// Max-pooling: every kernel table against the reference.
#include "unet/kernels/max_pool.h"

#include <gtest/gtest.h>

#include <ostream>

#include "tests/kernels/blocked.h"
#include "unet/kernels/reference/table.h"

namespace unet::kernels {
namespace {

struct Case {
    std::int64_t channels;
    Size3 size;  // of the input
    Size3 stride{1, 2, 2};
    std::int64_t batch = 1;

    Size3 output_size() const {
        return {size.depth / stride.depth, size.height / stride.height, size.width / stride.width};
    }
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
    return out << c.channels << " channels, input " << to_string(c.size) << ", stride "
               << to_string(c.stride) << ", batch " << c.batch;
}

std::vector<Case> cases() {
    std::vector<Case> all;
    for (const std::int64_t channels : {1, 5, 16, 17, 40}) all.push_back({channels, {1, 6, 8}});
    for (std::int64_t width = 2; width <= 35; ++width) all.push_back({5, {1, 3, width}});
    for (const std::int64_t height : {2, 5, 17, 33})
        all.push_back({17, {1, height, 5}, {1, 2, 2}, 2});
    all.push_back({17, {5, 7, 9}, {2, 2, 2}, 2});
    all.push_back({3, {3, 4, 5}});
    all.push_back({16, {1, 11, 10}, {1, 3, 3}});
    return all;
}

struct Tensors {
    FramedTensor<float> input, output, grad_output, activation, gradient;

    explicit Tensors(const Case& c)
        : input(c.batch, c.channels, c.size),
          output(c.batch, c.channels, c.output_size(), {0, 1, 1}),
          grad_output(c.batch, c.channels, c.output_size(), {0, 0, 0}, {1, 2, 3}),
          activation(c.batch, c.channels, c.size, {0, 0, 0}, {2, 1, 1}),
          gradient(c.batch, c.channels, c.size, {1, 1, 1}) {
        Draw draw(3);
        input.fill([&] { return draw.whole(1); });  // every other window has a tie
        grad_output.fill([&] { return draw.whole(); });
        activation.fill([&] { return draw.whole(1); });
        gradient.fill([&] { return draw.whole(); });
    }
};

void run(const KernelTable& table, const Case& c, bool masked, bool accumulate, Tensors& t,
         int threads = 1) {
    Context context(threads);
    table.max_pool_forward(context, c.stride, std::as_const(t.input).view(), t.output.view());
    GradientTarget target;
    target.gradient = t.gradient.view();
    target.accumulate = accumulate;
    if (masked) {
        target.activation = std::as_const(t.activation).view();
        target.scale = 2.0f;
    }
    table.max_pool_backward(context, c.stride, std::as_const(t.input).view(),
                            std::as_const(t.output).view(), std::as_const(t.grad_output).view(),
                            target);
    ASSERT_TRUE(t.output.intact()) << table.name << ": " << c;
    ASSERT_TRUE(t.gradient.intact()) << table.name << ": " << c;
}

class MaxPoolTest : public TableTest {};

TEST_P(MaxPoolTest, EqualsReference) {
    for (const Case& c : cases())
        for (const bool masked : {false, true})
            for (const bool accumulate : {false, true}) {
                Tensors expected(c), actual(c);
                if (writes_padding()) actual.output.forget_padding();
                if (writes_padding() && !accumulate) actual.gradient.forget_padding();
                run(reference::table(), c, masked, accumulate, expected);
                run(table(), c, masked, accumulate, actual);
                ASSERT_TRUE(equal(actual.output, expected.output)) << c;
                ASSERT_TRUE(equal(actual.gradient, expected.gradient))
                    << c << ", masked " << masked << ", accumulated " << accumulate;
            }
}

TEST_P(MaxPoolTest, TheFirstOfEqualPixelsTakesTheGradient) {
    // Windows: [1 3 | 3 2] and [-5 -5 | -5 -5].
    const Case c{1, {1, 2, 4}};
    Tensors t(c);
    const float values[] = {1, 3, -5, -5, 3, 2, -5, -5}, gradients[] = {7, 9};
    const float expected[] = {0, 7, 9, 0, 0, 0, 0, 0};
    Context context(1);
    table().from_planar(context, values, {0, t.input.view().size.height}, t.input.view());
    table().from_planar(context, gradients, {0, t.grad_output.view().size.height},
                        t.grad_output.view());
    run(table(), c, false, false, t);
    EXPECT_EQ(t.output.view().at(0, 0, 0, 0, 0), 3.0f);
    EXPECT_EQ(t.output.view().at(0, 0, 0, 0, 1), -5.0f);
    for (int k = 0; k < 8; ++k)
        EXPECT_EQ(t.gradient.view().at(0, 0, 0, k / 4, k % 4), expected[k]) << "pixel " << k;
}

TEST_P(MaxPoolTest, BitsDoNotDependOnThreads) {
    const Case c{40, {3, 37, 33}, {1, 2, 2}, 2};
    Tensors one(c);
    run(table(), c, true, true, one);
    for (const int threads : {2, 3}) {
        Tensors many(c);
        run(table(), c, true, true, many, threads);
        EXPECT_TRUE(many.output == one.output) << threads;
        EXPECT_TRUE(many.gradient == one.gradient) << threads;
    }
}

UNET_FOR_EVERY_TABLE(MaxPoolTest);

}  // namespace
}  // namespace unet::kernels
