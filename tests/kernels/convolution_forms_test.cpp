// Convolutions that do more at once, against their parts: at a network's ends, where they know the
// host's layout, and before a max-pooling.
#include <gtest/gtest.h>

#include <cstring>

#include "tests/kernels/convolution_case.h"
#include "unet/kernels/planar.h"

namespace unet::kernels {
namespace {

using Tensors = ConvolutionTensors<float>;

/// Also images that are cut into bands, and into columns.
std::vector<ConvolutionCase> end_cases() {
    std::vector<ConvolutionCase> cases;
    for (const ConvolutionCase& c : convolution_cases())
        if (c.in.size() == 1) cases.push_back(c);
    for (const std::int64_t width : {512, 513, 1100, 6000})
        cases.push_back({.in = {1}, .out = 17, .size = {1, 9, width}, .same = true});
    cases.push_back({.in = {1}, .out = 3, .size = {1, 300, 300}, .same = true, .batch = 2});
    cases.push_back({.in = {4}, .out = 33, .size = {2, 40, 700}, .kernel = {3, 3, 3}});
    cases.push_back({.in = {7}, .out = 2, .size = {2, 11, 1100}, .kernel = {1, 1, 1}, .batch = 2});
    return cases;
}

class ConvolutionFormsTest : public TableTest {};

TEST_P(ConvolutionFormsTest, FirstHasTheBitsOfItsParts) {
    int taken = 0;
    for (const ConvolutionCase& c : end_cases()) {
        ConvolutionShape question = c.shape();
        question.planar_source = true;
        const ConvolutionCandidate* const first = table().convolution(question);
        if (!first) continue;
        ++taken;
        Tensors expected(c, false), actual(c, false);
        const Size3 size = c.input_size();
        const Shape shape{c.batch, c.in[0], size.depth, size.height, size.width};
        std::vector<float> host(static_cast<std::size_t>(shape.elements()));
        Workplace one(1, 0);
        table().to_planar(one, expected.input().parts[0], {0, size.height}, host.data());
        auto call = expected.call(taken % 2 == 0);
        if (taken % 3 == 0) call.bias = nullptr;
        table().convolve(one, call);
        call.source = ConstPlanar{host.data(), shape};
        call.target = actual.output.view();
        for (const int threads : {1, 3}) {
            Workplace place(threads, 0);
            actual.output.forget_padding();
            first->run(place, call);
            ASSERT_TRUE(actual.output.intact()) << c;
            ASSERT_TRUE(actual.output == expected.output) << c << ", threads " << threads;
        }
    }
    if (taken == 0) GTEST_SKIP() << "this table has no such way";
}

TEST_P(ConvolutionFormsTest, LastHasTheBitsOfItsParts) {
    int taken = 0;
    for (const ConvolutionCase& c : end_cases()) {
        ConvolutionShape question = c.shape();
        question.planar_target = true;
        const ConvolutionCandidate* const last = table().convolution(question);
        if (!last) continue;
        ++taken;
        Tensors t(c, false);
        auto call = t.call(taken % 2 == 0);
        if (taken % 3 == 0) call.bias = nullptr;
        Workplace one(1, 0);
        table().convolve(one, call);
        const auto values = static_cast<std::size_t>(c.batch * c.out * c.size.elements());
        std::vector<float> expected(values);
        table().to_planar(one, std::as_const(t.output).view(), {0, c.size.height}, expected.data());
        for (const int threads : {1, 3}) {
            Workplace place(threads, 0);
            std::vector<float> actual(values + 1, float_nan);
            call.target =
                Planar{actual.data(), {c.batch, c.out, c.size.depth, c.size.height, c.size.width}};
            last->run(place, call);
            ASSERT_TRUE(std::isnan(actual.back())) << c;
            ASSERT_EQ(std::memcmp(actual.data(), expected.data(), values * sizeof(float)), 0)
                << c << ", threads " << threads;
        }
    }
    if (taken == 0) GTEST_SKIP() << "this table has no such way";
}

// Pooling on the way gives the bits of the two operators one after the other; of the result itself
// the middle is stored, whole tiles or not.
TEST_P(ConvolutionFormsTest, PoolsAsMaxPoolingDoes) {
    for (const ConvolutionCase& c : std::initializer_list<ConvolutionCase>{
             {.in = {16}, .out = 17, .size = {1, 6, 22}, .same = true},
             {.in = {40}, .out = 40, .size = {2, 12, 14}, .batch = 2},
             {.in = {280}, .out = 36, .size = {1, 10, 8}}})
        for (const std::int64_t less : {0, 2, 4}) {
            ConvolutionShape shape = c.shape();
            shape.pool = {1, 2, 2};
            ASSERT_EQ(table().convolution(shape) != nullptr, table().footprint > 1) << c;
            if (table().footprint == 1) continue;
            const Size3 middle{c.size.depth, c.size.height - less, c.size.width - less};
            const Size3 half{c.size.depth, c.size.height / 2, c.size.width / 2};
            Tensors t(c, false);
            FramedTensor<float> expected(c.batch, c.out, half), pooled(c.batch, c.out, half);
            FramedTensor<float> stored(c.batch, c.out, middle);
            Workplace place(2, table().convolution_workspace(c.shape(), c.batch, c.size, false));
            auto call = t.call(true);
            table().convolve(place, call);
            table().max_pool_forward(place, {1, 2, 2}, std::as_const(t.output).view(),
                                     expected.view());
            call.target = stored.view();
            call.pool = shape.pool;
            call.pooled = pooled.view();
            table().convolve(place, call);
            EXPECT_TRUE(t.output.intact() && pooled.intact() && stored.intact())
                << c << ", " << less << " less";
            EXPECT_TRUE(equal(pooled, expected, 0.0)) << c << ", " << less << " less";
            ConstView whole = std::as_const(t.output).view();
            whole.data = &whole.at(0, 0, 0, less / 2, less / 2);
            whole.size = middle;
            EXPECT_TRUE(
                within<float>(std::as_const(stored).view(), whole, [](auto...) { return 0.0; }))
                << c << ", " << less << " less";
        }
}

UNET_FOR_EVERY_TABLE(ConvolutionFormsTest);

}  // namespace
}  // namespace unet::kernels
