#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <utility>

#include "tests/kernels/blocked.h"
#include "tests/kernels/convolution_case.h"
#include "unet/core/error.h"
#include "unet/kernels/backend.h"
#include "unet/kernels/reference/table.h"

namespace unet::kernels {
namespace {

using Tensor = FramedTensor<BFloat16>;
using Tensors = ConvolutionTensors<BFloat16>;

/// Half the distance from 1 to the next bfloat16.
constexpr double half_ulp = 0x1p-8;

TEST(BFloat16Test, RoundsToTheNearestAndToEvenBetweenTwo) {
    // By hand: 7 bits of fraction, so from 1 on numbers are 2^-7 apart.
    const std::pair<float, float> cases[] = {{1.0f, 1.0f},
                                             {1.0f + 0x1p-8f, 1.0f},
                                             {1.0f + 0x1.8p-8f, 1.0f + 0x1p-7f},
                                             {1.0f + 0x1.8p-7f, 1.0f + 0x1p-6f},
                                             {-1.0f - 0x1.2p-8f, -1.0f - 0x1p-7f},
                                             {0.0f, 0.0f},
                                             {0x1p-133f, 0x1p-133f},
                                             {0x1.fep127f, 0x1.fep127f},
                                             {0x1.ffp127f, std::numeric_limits<float>::infinity()}};
    for (const auto& [value, rounded] : cases) EXPECT_EQ(float(BFloat16(value)), rounded) << value;
    EXPECT_TRUE(std::isnan(float(BFloat16(float_nan))));
    EXPECT_TRUE(std::isnan(float(BFloat16(std::bit_cast<float>(0x7f800001u)))));
}

TEST(BFloat16Test, WeightsComeBackFromTheOrderOfTiles) {
    const std::int64_t parts[] = {17, 33};
    for (const bool up : {false, true}) {
        const WeightShape shape{.out = 35, .in = parts, .taps = 4, .up = up};
        std::vector<float> file(35 * 50 * 4), back(file.size());
        for (std::size_t k = 0; k < file.size(); ++k) file[k] = float(k % 251);
        const KernelTable& table = reference::table(Element::bfloat16);
        Buffer stored(static_cast<std::size_t>(table.weight_bytes(shape)));
        EXPECT_EQ(stored.size(), 2u * 3 * 4 * 32 * 32 * 2);  // blocks out, in; taps; a block; bytes
        table.pack_weights(shape, file.data(), stored.data());
        table.unpack_weights(shape, stored.data(), back.data());
        EXPECT_EQ(file, back);
    }
    // A row of a tile of weights: 16 channels out, each with two neighbours of those in.
    EXPECT_EQ(place_in_block<BFloat16>(1, 0), 1);
    EXPECT_EQ(place_in_block<BFloat16>(0, 1), 2);
    EXPECT_EQ(place_in_block<BFloat16>(2, 0), 32);
    EXPECT_EQ(place_in_block<BFloat16>(0, 16), 512);
}

TEST(BFloat16Test, WhoDoesNotNameTheReferenceIsNotGivenIt) {
    if (std::getenv("UNET_KERNELS")) GTEST_SKIP() << "kernels are named";
    if (available(Element::bfloat16).size() > 1) {
        EXPECT_EQ(cpu_backend({}, Element::bfloat16).kernels->name, std::string("amx"));
    } else {
        EXPECT_THROW(cpu_backend({}, Element::bfloat16), Error);
    }
    const Backend& named = cpu_backend("reference", Element::bfloat16);
    EXPECT_EQ(named.kernels->element, Element::bfloat16);
    EXPECT_EQ(named.channel_block, 32);
    EXPECT_EQ(named.pixel_bytes, 64);
    EXPECT_EQ(&direct_backend(named), &named);
}

/// The kernels for AMX against the plain loops, both on bfloat16.
class AmxTest : public testing::Test {
protected:
    void SetUp() override {
        if (available(Element::bfloat16).size() < 2)
            GTEST_SKIP() << "this machine has no AMX tiles for bfloat16";
    }
    static const KernelTable& amx() { return *available(Element::bfloat16).front(); }
    static const KernelTable& plain() { return reference::table(Element::bfloat16); }
};

void convolve(const KernelTable& table, Tensors& t, bool relu, int threads = 1) {
    Context context(threads);
    table.convolve(context, t.call(relu));
}

/// What a float32 sum of products may differ by from one in double, and then each rounded once.
auto bound(const ConvolutionCase& c, const Tensor& expected) {
    double in = 0.0;
    for (const auto channels : c.in) in += double(channels);
    // Values and weights are from -1 to 1: so is the bias.
    const double products = in * double(c.kernel.elements()) + 1.0;
    return [=, view = expected.view()](auto... at) {
        return gamma_of(products) * products * (1.0 + half_ulp) +
               2.0 * half_ulp * std::abs(double(view.at(at...)));
    };
}

TEST_F(AmxTest, ConvolutionsOfWholeNumbersHaveTheReferencesBits) {
    bool relu = false;
    for (const ConvolutionCase& c : convolution_cases()) {
        Tensors expected(c, true), actual(c, true);
        actual.output.forget_padding();
        relu = !relu;
        convolve(plain(), expected, relu);
        convolve(amx(), actual, relu);
        ASSERT_TRUE(equal(actual.output, expected.output)) << c;
        ASSERT_TRUE(actual.output.intact()) << c;
    }
}

TEST_F(AmxTest, ConvolutionsOfManyChannelsAreAsNearAsTheirRoundingAllows) {
    for (ConvolutionCase c : {ConvolutionCase{.in = {64, 96}, .out = 80, .size = {1, 9, 37}},
                              ConvolutionCase{.in = {48}, .out = 272, .size = {1, 6, 18}},
                              ConvolutionCase{.in = {300}, .out = 33, .size = {2, 4, 16}},
                              ConvolutionCase{.in = {8, 8}, .out = 16, .size = {1, 40, 70}}}) {
        c.same = true;
        Tensors expected(c, false), actual(c, false);
        actual.output.forget_padding();
        convolve(plain(), expected, true);
        convolve(amx(), actual, true, 2);
        ASSERT_TRUE(within<BFloat16>(std::as_const(actual.output).view(),
                                     std::as_const(expected.output).view(),
                                     bound(c, expected.output)))
            << c;
        ASSERT_TRUE(actual.output.intact()) << c;
    }
}

TEST_F(AmxTest, APixelIsTheSameInAnyTileAndOnAnyThread) {
    const ConvolutionCase c{.in = {40}, .out = 50, .size = {1, 24, 61}};
    Tensors whole(c, false), threads(c, false);
    convolve(amx(), whole, false);
    convolve(amx(), threads, false, 3);
    ASSERT_TRUE(whole.output == threads.output);
    for (const std::int64_t width : {1, 7, 16, 23, 40})
        for (const std::int64_t x : {0, 5, 20}) {
            Tensors part(c, false);
            AnyConvolutionCall call = part.call();
            const std::int64_t y = 3;
            auto input = std::as_const(part.inputs[0]).view();
            input.data = &input.at(0, 0, 0, y, x);
            auto output = part.output.view();
            output.data = &output.at(0, 0, 0, y, x);
            output.size.height = 11;
            output.size.width = width;
            call.source = AnyConcat{{input, {}}, 1};
            call.target = AnyView(output);
            Context context(2);
            amx().convolve(context, call);
            for (std::int64_t r = 0; r < 11; ++r)
                for (std::int64_t k = 0; k < width; ++k)
                    for (std::int64_t o = 0; o < c.out; ++o)
                        ASSERT_EQ(whole.output.view().at(0, o, 0, y + r, x + k).bits,
                                  part.output.view().at(0, o, 0, y + r, x + k).bits)
                            << width << " from " << x;
        }
}

TEST_F(AmxTest, ImagesOfTheHostAreReadAsTheTensorOfTheirRoundedValues) {
    for (const std::int64_t channels : {1, 3, 4, 14})
        for (const bool same : {false, true})
            for (const Size3& size : {Size3{1, 9, 3}, Size3{2, 3, 40}, Size3{1, 2, 1030}}) {
                ConvolutionCase c{.in = {channels}, .out = 40, .size = size, .batch = 2};
                c.same = same;
                Tensors expected(c, true), actual(c, true);
                convolve(plain(), expected, true);
                const Size3 in = c.input_size();
                const Shape shape{2, channels, in.depth, in.height, in.width};
                std::vector<float> host(static_cast<std::size_t>(shape.elements()));
                plain().to_planar(*std::make_unique<Context>(1),
                                  std::as_const(expected.inputs[0]).view(), {0, in.height},
                                  host.data());
                AnyConvolutionCall call = actual.call(true);
                call.source = ConstPlanar{host.data(), shape};
                actual.output.forget_padding();
                Context context(2);
                ASSERT_NE(amx().convolution(call.shape()), nullptr);
                amx().convolve(context, call);
                ASSERT_TRUE(equal(actual.output, expected.output)) << c << " of images";
                ASSERT_TRUE(actual.output.intact()) << c << " of images";
            }
}

TEST_F(AmxTest, LogitsGoToTheHostAsFloat32) {
    for (const std::int64_t classes : {1, 2, 16, 17, 32})
        for (const Size3& size : {Size3{1, 5, 3}, Size3{2, 4, 35}}) {
            const ConvolutionCase c{
                .in = {40}, .out = classes, .size = size, .kernel = {1, 1, 1}, .batch = 2};
            Tensors t(c, true);
            convolve(plain(), t, false);
            AnyConvolutionCall call = t.call();
            const Shape shape{2, classes, size.depth, size.height, size.width};
            std::vector<float> host(static_cast<std::size_t>(shape.elements()));
            call.target = Planar{host.data(), shape};
            Context context(2);
            amx().convolve(context, call);
            std::vector<float> expected(host.size());
            plain().to_planar(context, std::as_const(t.output).view(), {0, size.height},
                              expected.data());
            // 40 products of numbers up to 4 and one more: not rounded in float32.
            for (std::size_t k = 0; k < host.size(); ++k)
                ASSERT_EQ(float(BFloat16(host[k])), expected[k]) << classes << ": " << k;
        }
}

TEST_F(AmxTest, UpConvolutionsOfWholeNumbersHaveTheReferencesBits) {
    for (const std::int64_t in : {3, 32, 70})
        for (const std::int64_t out : {5, 16, 33})
            for (const std::int64_t width : {1, 6, 16, 21}) {
                const Size3 stride{1, 2, 2}, size{1, 3, width}, large{1, 6, 2 * width};
                Draw draw(static_cast<std::uint32_t>(in + out));
                const auto whole = [&] { return draw.whole(); };
                Tensor input(2, in, size), expected(2, out, large, {0, 1, 1}),
                    actual(2, out, large, {0, 1, 1});
                input.fill(whole);
                const auto weight = up_convolution_weights<BFloat16>(in, out, 4, whole);
                const auto bias = channel_values<BFloat16>(out, whole);
                Context context(2);
                actual.forget_padding();
                for (const bool relu : {false, true}) {
                    for (Tensor* tensor : {&expected, &actual})
                        (tensor == &actual ? amx() : plain())
                            .up_convolution_forward(context, stride, std::as_const(input).view(),
                                                    weight.data(), bias.data(), relu,
                                                    tensor->view());
                    ASSERT_TRUE(equal(actual, expected)) << in << " to " << out << ", " << width;
                    ASSERT_TRUE(actual.intact()) << in << " to " << out << ", " << width;
                }
            }
}

TEST_F(AmxTest, PoolsAndChangesTheLayoutAsTheReference) {
    Draw draw(5);
    Tensor input(2, 40, {2, 6, 10});
    input.fill([&] { return draw.real(); });
    for (const Size3& stride : {Size3{1, 2, 2}, Size3{2, 2, 2}, Size3{1, 3, 5}}) {
        const Size3 half{2 / stride.depth, 6 / stride.height, 10 / stride.width};
        Tensor expected(2, 40, half), actual(2, 40, half);
        Context context(2);
        plain().max_pool_forward(context, stride, std::as_const(input).view(), expected.view());
        amx().max_pool_forward(context, stride, std::as_const(input).view(), actual.view());
        ASSERT_TRUE(equal(actual, expected));
    }
    std::vector<float> host(2 * 40 * 2 * 9 * 10), back(host.size());
    for (float& value : host) value = float(draw.real());
    Tensor expected(2, 40, {2, 6, 10}), actual(2, 40, {2, 6, 10});
    Context context(2);
    for (const std::int64_t first : {-2, 0, 5}) {  // rows above and below the image among them
        plain().from_planar(context, host.data(), {first, 9}, expected.view());
        amx().from_planar(context, host.data(), {first, 9}, actual.view());
        ASSERT_TRUE(expected == actual) << first;
    }
    std::vector<float> other(host.size());
    plain().to_planar(context, std::as_const(actual).view(), {2, 9}, back.data());
    amx().to_planar(context, std::as_const(actual).view(), {2, 9}, other.data());
    EXPECT_EQ(back, other);
}

}  // namespace
}  // namespace unet::kernels
