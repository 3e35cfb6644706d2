#include "unet/kernels/loss.h"

#include <gtest/gtest.h>

#include "tests/kernels/blocked.h"
#include "unet/kernels/reference/table.h"

namespace unet::kernels {
namespace {

struct Case {
    std::int64_t classes;
    Size3 size{1, 9, 13};
    std::int64_t batch = 2;
    double dice_weight = 0.0;
};

struct Tensors {
    Case c;
    FramedTensor<float> logits, gradient;
    std::vector<std::uint8_t> targets;
    std::vector<float> weights;

    explicit Tensors(const Case& made_for)
        : c(made_for),
          logits(c.batch, c.classes, c.size),
          gradient(c.batch, c.classes, c.size, {0, 2, 2}) {
        Draw draw(6);
        logits.fill([&] { return 4.0 * draw.real(); });
        gradient.forget_padding();
        for (std::int64_t k = 0; k < c.batch * c.size.elements(); ++k) {
            targets.push_back(static_cast<std::uint8_t>(draw.below(c.classes)));
            weights.push_back(k % 3 == 0 ? 0.0f : static_cast<float>(1.5 + draw.real()));
        }
    }
    LossInput input() const {
        return {logits.view(), targets.data(), weights.data(), c.dice_weight};
    }
};

LossValue run(const KernelTable& table, Tensors& t, int threads = 1) {
    Workplace place(threads, table.softmax_loss_workspace(t.c.classes, t.c.batch, t.c.size));
    const LossValue value = table.softmax_loss(place, t.input(), t.gradient.view());
    EXPECT_TRUE(place.intact()) << table.name;
    EXPECT_TRUE(t.gradient.intact()) << table.name;
    return value;
}

class LossTest : public TableTest {};

TEST_P(LossTest, EqualsReference) {
    for (const std::int64_t classes : {2, 3, 16, 17, 20, 256})
        for (const double dice_weight : {0.0, 1.0, 0.3}) {
            const Case c{.classes = classes, .dice_weight = dice_weight};
            Tensors expected(c), actual(c);
            const LossValue e = run(reference::table(), expected), a = run(table(), actual);
            // Sums of a few hundred doubles in another order: 1e-13. A gradient is a product with
            // p - 1 or p, where p may have been kept as float32, and is rounded itself: each error
            // is at most u of what the largest gradient has.
            EXPECT_NEAR(a.cross_entropy, e.cross_entropy, 1e-12 * e.cross_entropy);
            EXPECT_NEAR(a.dice, e.dice, 1e-12);
            EXPECT_NEAR(a.total, e.total, 1e-12 * e.total);
            const ConstView gradient = std::as_const(expected.gradient).view();
            double largest = 0.0;
            reference::for_pixels(c.batch, c.size, [&](auto n, auto z, auto y, auto x) {
                for (std::int64_t k = 0; k < classes; ++k)
                    largest = std::max<double>(largest, std::abs(gradient.at(n, k, z, y, x)));
            });
            EXPECT_TRUE(equal(actual.gradient, expected.gradient, 4.0 * unit_roundoff * largest))
                << classes << " classes, dice weight " << dice_weight;
        }
}

TEST_P(LossTest, VolumesAndOddWidths) {
    for (const Size3& size : {Size3{3, 4, 5}, Size3{1, 1, 1}, Size3{1, 35, 1}, Size3{1, 2, 35}}) {
        const Case c{.classes = 3, .size = size, .batch = 1, .dice_weight = 1.0};
        Tensors expected(c), actual(c);
        EXPECT_NEAR(run(table(), actual).total, run(reference::table(), expected).total, 1e-12);
        EXPECT_TRUE(equal(actual.gradient, expected.gradient, 2.0 * unit_roundoff));
    }
}

TEST_P(LossTest, EqualLogitsCostTheLogarithmOfTheirNumber) {
    for (const std::int64_t classes : {2, 20}) {
        Tensors t({.classes = classes});
        t.logits.fill([] { return 3.0; });
        EXPECT_NEAR(run(table(), t).total, std::log(double(classes)), 1e-12);
    }
}

TEST_P(LossTest, LargeLogitsDoNotOverflow) {
    Tensors t({.classes = 2, .size = {1, 1, 1}, .batch = 1, .dice_weight = 1.0});
    t.weights = {1.0f};
    t.targets = {1};
    const float logits[] = {30000.0f, -30000.0f};
    Context context(1);
    table().from_planar(context, logits, {0, 1}, t.logits.view());
    EXPECT_EQ(run(table(), t).cross_entropy, 60000.0);
    EXPECT_EQ(t.gradient.view().at(0, 0, 0, 0, 0), 1.0f);
    EXPECT_EQ(t.gradient.view().at(0, 1, 0, 0, 0), -1.0f);
}

TEST_P(LossTest, PixelsOfWeightZeroTakeNoPart) {
    const Case c{.classes = 3, .dice_weight = 0.5};
    Tensors one(c), other(c);
    // Whatever stands there: other targets, far logits.
    std::size_t k = 0;
    reference::for_pixels(c.batch, c.size, [&](auto n, auto z, auto y, auto x) {
        if (other.weights[k] == 0.0f) {
            other.targets[k] = static_cast<std::uint8_t>((other.targets[k] + 1) % 3);
            other.logits.view().at(n, 1, z, y, x) = 50.0f;
        }
        ++k;
    });
    const LossValue a = run(table(), one), b = run(table(), other);
    EXPECT_EQ(a.total, b.total);
    EXPECT_TRUE(one.gradient == other.gradient);
    EXPECT_EQ(one.gradient.view().at(0, 0, 0, 0, 0), 0.0f);
}

TEST_P(LossTest, ABatchWithoutWeightCostsNothing) {
    Tensors t({.classes = 3, .dice_weight = 1.0});
    std::fill(t.weights.begin(), t.weights.end(), 0.0f);
    const LossValue value = run(table(), t);
    EXPECT_EQ(value.total, 0.0);
    EXPECT_EQ(value.cross_entropy, 0.0);
    EXPECT_EQ(value.dice, 0.0);
    FramedTensor<float> zeros(t.c.batch, t.c.classes, t.c.size);
    EXPECT_TRUE(equal(t.gradient, zeros.fill([] { return 0.0; })));
}

TEST_P(LossTest, BitsDoNotDependOnThreads) {
    const Case c{.classes = 3, .size = {2, 37, 35}, .dice_weight = 1.0};
    Tensors one(c);
    const LossValue value = run(table(), one);
    for (const int threads : {2, 3}) {
        Tensors many(c);
        EXPECT_EQ(run(table(), many, threads).total, value.total) << threads;
        EXPECT_TRUE(many.gradient == one.gradient) << threads;
    }
}

UNET_FOR_EVERY_TABLE(LossTest);

}  // namespace
}  // namespace unet::kernels
