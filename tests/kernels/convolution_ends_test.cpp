// The first and the last convolution of a network, which know the host's layout, against the
// conversions and the convolutions that they stand for.
#include <gtest/gtest.h>

#include <cstring>

#include "tests/kernels/convolution_case.h"
#include "unet/kernels/planar.h"

namespace unet::kernels {
namespace {

using Tensors = ConvolutionTensors<float>;

/// Also pictures that are cut into bands, and into columns.
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

class ConvolutionEndsTest : public TableTest {};

TEST_P(ConvolutionEndsTest, FirstHasTheBitsOfItsParts) {
    int taken = 0;
    for (const ConvolutionCase& c : end_cases()) {
        ConvolutionFromPlanar* const first = table().first_convolution(c.geometry(), c.in[0]);
        if (!first) continue;
        ++taken;
        Tensors expected(c, false), actual(c, false);
        const Size3 size = c.input_size();
        const Shape shape{c.batch, c.in[0], size.depth, size.height, size.width};
        std::vector<float> host(static_cast<std::size_t>(shape.elements()));
        Workplace one(1, 0);
        table().to_planar(one, expected.input().parts[0], {0, size.height}, host.data());
        const bool relu = taken % 2 == 0;
        const float* bias = taken % 3 == 0 ? nullptr : expected.bias.data();
        table().convolution_forward(one, c.geometry(), expected.input(), expected.weight.data(),
                                    bias, relu, expected.output.view());
        for (const int threads : {1, 3}) {
            Workplace place(threads, 0);
            actual.output.forget_padding();
            first(place, c.geometry(), host.data(), shape, actual.weight.data(), bias, relu,
                  actual.output.view());
            ASSERT_TRUE(actual.output.intact()) << c;
            ASSERT_TRUE(actual.output == expected.output) << c << ", threads " << threads;
        }
    }
    if (taken == 0) GTEST_SKIP() << "this table has no such way";
}

TEST_P(ConvolutionEndsTest, LastHasTheBitsOfItsParts) {
    int taken = 0;
    for (const ConvolutionCase& c : end_cases()) {
        ConvolutionToPlanar* const last = table().last_convolution(c.geometry(), c.in[0], c.out);
        if (!last) continue;
        ++taken;
        Tensors t(c, false);
        const bool relu = taken % 2 == 0;
        const float* bias = taken % 3 == 0 ? nullptr : t.bias.data();
        Workplace one(1, 0);
        table().convolution_forward(one, c.geometry(), t.input(), t.weight.data(), bias, relu,
                                    t.output.view());
        const auto values = static_cast<std::size_t>(c.batch * c.out * c.size.elements());
        std::vector<float> expected(values);
        table().to_planar(one, std::as_const(t.output).view(), {0, c.size.height}, expected.data());
        for (const int threads : {1, 3}) {
            Workplace place(threads, 0);
            std::vector<float> actual(values + 1, float_nan);
            last(place, c.geometry(), t.input().parts[0], t.weight.data(), bias, relu,
                 actual.data(), c.out);
            ASSERT_TRUE(std::isnan(actual.back())) << c;
            ASSERT_EQ(std::memcmp(actual.data(), expected.data(), values * sizeof(float)), 0)
                << c << ", threads " << threads;
        }
    }
    if (taken == 0) GTEST_SKIP() << "this table has no such way";
}

UNET_FOR_EVERY_TABLE(ConvolutionEndsTest);

}  // namespace
}  // namespace unet::kernels
