// Pictures whose pixels are not those of the training images: PredictOptions::scale.
#include "unet/predict/magnified.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "small_models.h"
#include "unet/core/error.h"
#include "unet/predict/magnification.h"
#include "unet/predict/predictor.h"

namespace unet {
namespace {

using test::drawn_image;
using test::drawn_model;
using test::small_network;

/// All channels of a slice, rows and then columns made longer or shorter.
Image resized(const Image& image, const Size3& size, Interpolation interpolation) {
    const AxisResize rows(image.size.height, size.height, interpolation);
    const AxisResize columns(image.size.width, size.width, interpolation);
    Image result{size, image.channels, {}, image.type, image.spacing, image.rgb};
    result.values.resize(image.channels * size.elements());
    std::vector<float> line(image.size.width);
    for (std::int64_t c = 0; c < image.channels; ++c)
        for (std::int64_t z = 0; z < size.depth; ++z)
            for (std::int64_t y = 0; y < size.height; ++y) {
                rows.across(y, image.plane(c, z) + rows.begin(y) * image.size.width,
                            image.size.width, image.size.width, line.data());
                columns.along(0, size.width, line.data(), result.plane(c, z) + y * size.width);
            }
    return result;
}

TEST(MagnifiedTest, ARegionHasTheValuesOfTheWhole) {
    Context context(2);
    const Image image = drawn_image({2, 70, 53}, 2);
    for (const Size3& size : {Size3{2, 161, 122}, Size3{2, 24, 17}, Size3{2, 100, 20}}) {
        const Image whole = resized(image, size, Interpolation::cubic);
        ImageSource source(image);
        predict::MagnifiedSource magnified(context, source, size);
        for (const Region& region : {Region{0, 0, 0, {2, size.height, size.width}},
                                     Region{1, 7, 5, {1, size.height - 9, size.width - 8}},
                                     Region{0, size.height - 1, size.width - 1, {1, 1, 1}}}) {
            std::vector<float> values(2 * region.size.elements());
            magnified.read(region, values);
            std::size_t place = 0;
            for (std::int64_t c = 0; c < 2; ++c)
                for (std::int64_t z = 0; z < region.size.depth; ++z)
                    for (std::int64_t y = 0; y < region.size.height; ++y)
                        for (std::int64_t x = 0; x < region.size.width; ++x)
                            ASSERT_EQ(
                                values[place++],
                                whole.plane(
                                    c, region.z + z)[(region.y + y) * size.width + region.x + x])
                                << to_string(size) << " at " << z << ", " << y << ", " << x;
        }
    }
}

// The network is shown the resized picture, and its probabilities are resized back; in tiles of
// three sizes and in one piece.
TEST(MagnifiedTest, TiledIsUntiled) {
    const Model model = drawn_model(small_network(Padding::same, 3));
    const Image image = drawn_image({2, 150, 111});
    for (const double scale : {0.37, 2.3}) {
        PredictOptions options;
        options.scale = 1.0;
        options.threads = 1;
        const Size3 size = predict::Magnification{scale, scale}.size_of(image.size);
        const Image shown = resized(image, size, Interpolation::cubic);
        const Image expected = resized(Predictor(model, options).probabilities(shown), image.size,
                                       Interpolation::linear);
        options.scale = scale;
        for (const std::int64_t tile : {0, 16, 40, 100}) {
            options.tile = tile;
            options.threads = tile == 40 ? 2 : 1;
            Predictor predictor(model, options);
            EXPECT_EQ(predictor.probabilities(image).values, expected.values)
                << "scale " << scale << ", tile " << tile;
            const LabelMap labels = predictor.labels(image);
            for (std::size_t i = 0; i < labels.values.size(); ++i)
                ASSERT_EQ(labels.values[i],
                          static_cast<double>(expected.values[labels.values.size() + i]) >
                                  model.info.threshold
                              ? 1u
                              : 0u)
                    << "scale " << scale << ", tile " << tile << ", pixel " << i;
        }
    }
}

TEST(MagnifiedTest, PixelSizesGiveTheScale) {
    Model model = drawn_model(small_network(Padding::same, 2));
    model.info.spacing = {{0, 0.5, 0.5}, "um"};
    Image image = drawn_image({1, 60, 80});
    PredictOptions by_hand, by_size;
    by_hand.scale = 2.0;
    std::vector<std::string> notices;
    by_size.notice = [&](const std::string& text) { notices.push_back(text); };
    image.spacing = {{0, 1000, 1000}, "nm"};
    EXPECT_EQ(Predictor(model, by_size).probabilities(image).values,
              Predictor(model, by_hand).probabilities(image).values);
    ASSERT_EQ(notices.size(), 1u);
    EXPECT_NE(notices[0].find("2 x 2 times"), std::string::npos) << notices[0];
    by_hand.scale = 1.0;
    for (const Spacing& spacing : {Spacing{}, Spacing{{0, 0.53, 0.47}, "um"},
                                   Spacing{{0, 2, 2}, ""}, Spacing{{0, 2, 2}, "furlong"}}) {
        image.spacing = spacing;
        EXPECT_EQ(Predictor(model, by_size).probabilities(image).values,
                  Predictor(model, by_hand).probabilities(image).values);
    }
    image.spacing = {{0, 0.5, 0.5}, "mm"};
    try {
        Predictor(model, by_size).probabilities(image);
        FAIL() << "no error";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
        EXPECT_NE(std::string(error.what()).find("`scale` 1"), std::string::npos) << error.what();
    }
    Predictor(model, by_hand).probabilities(image);
}

// Sizes of objects are fitted in pixels of the training images.
TEST(MagnifiedTest, TheSmallestObjectIsMeasuredInPixelsOfTheTrainingImages) {
    Model model = drawn_model(small_network(Padding::same, 2));
    model.info.minimum_size = 36;
    const Image image = drawn_image({1, 90, 120});
    PredictOptions options;
    options.scale = 3.0;
    Predictor predictor(model, options);
    const LabelMap objects = predictor.objects(image), labels = predictor.labels(image);
    LabelMap expected = labels;
    EXPECT_GT(ObjectFinder().find(expected.values, expected.size, {0.0, 4}), 0);
    EXPECT_EQ(objects.values, expected.values);
}

TEST(MagnifiedTest, PlansCountWhatIsKept) {
    const Model model = drawn_model(small_network(Padding::same, 2));
    const Image image = drawn_image({1, 700, 900});
    PredictOptions options;
    options.scale = 0.5;
    options.threads = 1;
    Predictor predictor(model, options);
    ImageSource source(image);
    const auto kind = PredictionKind::objects;
    const std::int64_t least = predictor.least_bytes(source, kind);
    // A row of tiles in floats, two classes.
    EXPECT_GT(least, 2 * 4 * 16 * image.size.width / 2);
    predictor.limit_memory(least - 1);
    std::vector<std::uint32_t> objects(image.size.elements());
    EXPECT_THROW(predictor.objects(source, objects), Error);
    // What is counted for objects is more than these take.
    const std::int64_t enough = least + 2 * usual_object_bytes(image.size);
    predictor.limit_memory(enough);
    EXPECT_LE(predictor.plan(source, kind).bytes, enough);
    predictor.objects(source, objects);
}

TEST(MagnifiedTest, AScaleOutOfRangeIsAnError) {
    const Model model = drawn_model(small_network(Padding::same, 2));
    for (const double scale : {-1.0, 0.001, 1000.0, std::nan("")}) {
        PredictOptions options;
        options.scale = scale;
        EXPECT_THROW(Predictor(model, options), Error) << scale;
    }
}

}  // namespace
}  // namespace unet
