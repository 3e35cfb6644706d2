// Tiles of a picture that hold one value: computed once, with the same result.
#include <gtest/gtest.h>

#include <vector>

#include "small_models.h"
#include "unet/predict/predictor.h"
#include "unet/predict/tile_network.h"

namespace unet {
namespace {

using test::drawn_image;
using test::drawn_model;
using test::small_network;

/// Noise in a corner of an otherwise even picture of two channels.
Image mostly_even(const Size3& size) {
    Image image = drawn_image(size, 2);
    for (std::int64_t c = 0; c < 2; ++c)
        for (std::int64_t y = 0; y < size.height; ++y)
            for (std::int64_t x = 0; x < size.width; ++x)
                if (y > 40 || x > 50)
                    image.plane(c)[y * size.width + x] = static_cast<float>(40 + 100 * c);
    return image;
}

Model two_channel_model(Padding padding) {
    UNetOptions options = small_network(padding, 2);
    options.in_channels = 2;
    return drawn_model(options);
}

TEST(BlankTilesTest, TheResultIsThatOfOnePiece) {
    for (const Padding padding : {Padding::same, Padding::valid}) {
        const Model model = two_channel_model(padding);
        const Image image = mostly_even({1, 210, 230});
        PredictOptions options;
        const Image whole = Predictor(model, options).probabilities(image);
        for (const std::int64_t tile : {16, 32, 48}) {
            options.tile = tile;
            Predictor predictor(model, options);
            EXPECT_EQ(predictor.probabilities(image).values, whole.values) << tile;
            // Another image after it.
            const Image other = drawn_image({1, 210, 230}, 2, 5);
            EXPECT_EQ(predictor.probabilities(other).values,
                      Predictor(model).probabilities(other).values)
                << tile;
        }
    }
}

TEST(BlankTilesTest, OnlyTheFirstOfEqualOnesIsComputed) {
    const Model model = two_channel_model(Padding::valid);
    predict::TileNetwork network(std::make_shared<const PreparedModel>(model, false));
    const Size3 size{1, 240, 240};
    Image image = mostly_even(size);
    ImageSource source(image);
    const predict::Tiling tiling(size, {1, 16, 16}, network.rules());
    Context context(1);
    Scaling scaling;
    scaling.low = {0.0f};
    scaling.high = {255.0f};
    const auto computed = [&](std::int64_t t) {
        return network.run(context, source, scaling, tiling.tile(t));
    };
    network.prepare(tiling, 2);
    const std::int64_t last = tiling.count() - 2;  // the very last may be of another size
    ASSERT_EQ(tiling.tile(last).core.size, tiling.tile(last - 1).core.size);
    EXPECT_TRUE(computed(0));
    EXPECT_TRUE(computed(last - 1));
    EXPECT_FALSE(computed(last));
    EXPECT_FALSE(computed(last - 1));
    network.forget_result();
    EXPECT_TRUE(computed(last));
    EXPECT_TRUE(computed(0));  // noise
    EXPECT_TRUE(computed(last));
    // One other pixel, and another value everywhere.
    image.plane(1)[size.elements() - 1 - 20 * size.width - 20] += 1.0f;
    EXPECT_TRUE(computed(last));
    EXPECT_TRUE(computed(last));
    std::fill(image.values.begin(), image.values.end(), 7.0f);
    EXPECT_TRUE(computed(last));
    EXPECT_FALSE(computed(last));
    std::fill(image.values.begin(), image.values.end(), 8.0f);
    EXPECT_TRUE(computed(last));
}

}  // namespace
}  // namespace unet
