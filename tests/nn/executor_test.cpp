#include "unet/nn/executor.h"

#include <gtest/gtest.h>

#include <vector>

#include "unet/core/random.h"
#include "unet/kernels/dispatch.h"

namespace unet::nn {
namespace {

/// A forward pass of one image of `channels` x `height` x `width`.
std::vector<float> logits_of(const Network& network, const Parameters& parameters, Shape shape,
                             const std::vector<float>& image) {
    const kernels::Backend& backend = kernels::cpu_backend();
    Executor executor(network, make_plan(network, shape, Mode::inference, backend), backend);
    Context context(2);
    std::vector<float> logits(static_cast<std::size_t>(executor.plan().output.elements()));
    executor.forward(context, parameters, image, logits);
    return logits;
}

/// Rows [first, first + rows) of every channel.
std::vector<float> rows_of(const std::vector<float>& values, const Shape& shape, std::int64_t first,
                           std::int64_t rows) {
    std::vector<float> part;
    for (std::int64_t c = 0; c < shape.channels; ++c) {
        const auto start = values.begin() + (c * shape.height + first) * shape.width;
        part.insert(part.end(), start, start + rows * shape.width);
    }
    return part;
}

// Input and logits pass through bands of about 292 rows here, whose edges 700 rows cross twice. The
// rows around an edge, taken alone, are one band: same bits, in both ways of padding, for 1 channel
// (a direct first layer) and 9 (a Winograd one, on its grid of 4).
TEST(ExecutorTest, BandsOfRowsLeaveNoSeam) {
    for (const Padding padding : {Padding::same, Padding::valid})
        for (const std::int64_t channels : {1, 9}) {
            UNetOptions options{.in_channels = channels,
                                .classes = 3,
                                .levels = 1,
                                .base_channels = 8,
                                .convolutions = 1,
                                .padding = padding};
            const Network network = build_network(options);
            Parameters parameters(network, kernels::cpu_backend());
            parameters.load(initial_weights(network, 5));
            const Shape whole{1, channels, 1, 700, 224};
            std::vector<float> image(static_cast<std::size_t>(whole.elements()));
            Random random(7, Purpose::augmentation);
            for (float& value : image) value = random.uniform();
            const auto all = logits_of(network, parameters, whole, image);
            const std::int64_t lost = padding == Padding::valid ? 2 : 0, context = 1 - lost / 2;
            const Shape all_shape{1, 3, 1, 700 - lost, 224 - lost};
            for (const std::int64_t first : {240, 536}) {
                const Shape part{1, channels, 1, 100, 224};
                const auto some =
                    logits_of(network, parameters, part, rows_of(image, whole, first, 100));
                const Shape some_shape{1, 3, 1, 100 - lost, 224 - lost};
                const std::int64_t rows = 92;
                EXPECT_EQ(rows_of(some, some_shape, 4 * context, rows),
                          rows_of(all, all_shape, first + 4 * context, rows))
                    << "rows from " << first << ", " << channels << " channels";
            }
        }
}

}  // namespace
}  // namespace unet::nn
