// Promise 2: the prediction of an image does not depend on how it was tiled. The reference here
// is made without any tiling code: the image is mirrored pixel by pixel and goes through the
// network in one piece.
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "small_models.h"
#include "unet/core/error.h"
#include "unet/nn/executor.h"
#include "unet/pixels/region.h"
#include "unet/predict/predictor.h"

namespace unet {
namespace {

using test::drawn_image;
using test::drawn_model;
using test::small_network;

/// Walks from pixel 0 to `position` and turns round at every end.
std::int64_t walked(std::int64_t position, std::int64_t length) {
    std::int64_t pixel = 0, step = 1;
    for (std::int64_t k = 0; k != (position < 0 ? -position : position); ++k) {
        if (length == 1) return 0;
        if (pixel + step < 0 || pixel + step >= length) step = -step;
        pixel += step;
    }
    return pixel;
}

/// Smallest edge of an input whose output has `length` pixels or more.
std::int64_t fitting_edge(const nn::Network& network, std::int64_t length) {
    for (std::int64_t edge = length;; ++edge) {
        try {
            if (nn::output_size(network, {1, edge, edge}).width >= length) return edge;
        } catch (const Error&) {
        }
    }
}

/// Logits of the whole image, slice by slice.
Image in_one_piece(const Model& model, const Image& image, bool exact) {
    const nn::Network network = nn::build_network(model.network);
    const kernels::Backend& chosen = kernels::cpu_backend();
    const kernels::Backend& backend = exact ? kernels::direct_backend(chosen) : chosen;
    nn::Parameters parameters(network, backend);
    parameters.load(model.tensors);
    const Size3 window{1, fitting_edge(network, image.size.height),
                       fitting_edge(network, image.size.width)};
    const std::int64_t margin =
        model.network.padding == Padding::valid ? nn::context_of(model.network).width : 0;
    const Shape shape{1, image.channels, 1, window.height, window.width};
    nn::Executor executor(network, nn::make_plan(network, shape, nn::Mode::inference, backend),
                          backend);
    const Shape out = executor.plan().output;
    std::vector<float> input(shape.elements()), logits(static_cast<std::size_t>(out.elements()));
    Image result;
    ImageSink sink(result, out.channels, image.size);
    Context context(1);
    for (std::int64_t z = 0; z < image.size.depth; ++z) {
        std::size_t place = 0;
        for (std::int64_t c = 0; c < image.channels; ++c)
            for (std::int64_t y = 0; y < window.height; ++y)
                for (std::int64_t x = 0; x < window.width; ++x) {
                    const float value =
                        image.plane(c, z)[walked(y - margin, image.size.height) * image.size.width +
                                          walked(x - margin, image.size.width)];
                    input[place++] = static_cast<float>(static_cast<double>(value) * (1.0 / 255.0));
                }
        executor.forward(context, parameters, input, logits);
        std::vector<float> row(image.size.width * out.channels);
        for (std::int64_t y = 0; y < image.size.height; ++y) {
            for (std::int64_t k = 0; k < out.channels; ++k)
                std::copy_n(logits.data() + (k * out.height + y) * out.width, image.size.width,
                            row.data() + k * image.size.width);
            sink.write({z, y, 0, {1, 1, image.size.width}}, row);
        }
    }
    return result;
}

Image tiled(const Model& model, const Image& image, std::int64_t tile, bool exact = false,
            int threads = 1) {
    PredictOptions options;
    options.exact = exact;
    options.tile = tile;
    options.threads = threads;
    ImageSource source(image);
    Image result;
    ImageSink sink(result, model.network.classes, image.size);
    Predictor(model, options).predict(source, PredictionKind::logits, sink);
    return result;
}

struct Case {
    const char* name;
    Padding padding;
    bool exact;
};

class SeamsTest : public ::testing::TestWithParam<Case> {
protected:
    void SetUp() override {
        if (GetParam().exact && kernels::cpu_backend().kernels->footprint == 1)
            GTEST_SKIP() << "these kernels are direct anyway";
    }
    /// The plain loops would take minutes for large images.
    static bool slow() { return kernels::cpu_backend().kernels->name == std::string("reference"); }

    /// Fails unless every tile size gives the bits of the image in one piece.
    void check(const UNetOptions& options, const Size3& size,
               std::initializer_list<std::int64_t> tiles) {
        const Model model = drawn_model(options);
        const Image image = drawn_image(size, options.in_channels);
        const Image expected = in_one_piece(model, image, GetParam().exact);
        for (const std::int64_t tile : tiles)
            ASSERT_EQ(tiled(model, image, tile, GetParam().exact).values, expected.values)
                << options.levels << " levels, " << options.convolutions << " convolutions, "
                << to_string(size) << ", tile " << tile;
    }
};

TEST_P(SeamsTest, CannotBeSeenForAnySize) {
    for (const Size3& size :
         {Size3{1, 1, 1}, {1, 1, 9}, {1, 3, 5}, {1, 17, 33}, {1, 64, 2}, {1, 48, 48}, {2, 31, 40}})
        for (std::int64_t levels = 1; levels <= 3; ++levels)
            check(small_network(GetParam().padding, levels), size, {0, 1, 16});
}

TEST_P(SeamsTest, CannotBeSeenForOtherNetworks) {
    for (std::int64_t convolutions = 1; convolutions <= 3; convolutions += 2) {
        UNetOptions options = small_network(GetParam().padding, 2, convolutions);
        options.in_channels = 3;
        options.classes = 5;
        options.base_channels = 17;  // more than one block of channels, the last one not full
        check(options, slow() ? Size3{1, 9, 41} : Size3{1, 53, 71}, {0, 8, 24});
    }
    if (slow()) return;
    check(small_network(GetParam().padding, 4), {1, 300, 290}, {32, 96, 200});
    check(small_network(GetParam().padding, 5), {1, 200, 700}, {64, 300});
}

TEST_P(SeamsTest, ThreadsChangeNothing) {
    const auto [name, padding, exact] = GetParam();
    const Model model = drawn_model(small_network(padding, 3));
    const Image image = drawn_image({1, 90, 70});
    const Image one = tiled(model, image, 32, exact, 1);
    EXPECT_EQ(tiled(model, image, 32, exact, 2).values, one.values);
    EXPECT_EQ(tiled(model, image, 0, exact, 3).values, one.values);
}

INSTANTIATE_TEST_SUITE_P(Cases, SeamsTest,
                         ::testing::Values(Case{"valid", Padding::valid, false},
                                           Case{"valid_exact", Padding::valid, true},
                                           Case{"same", Padding::same, false},
                                           Case{"same_exact", Padding::same, true}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace unet
