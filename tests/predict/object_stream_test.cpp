// Objects of a picture that is predicted in tiles, as a stream.
#include <gtest/gtest.h>

#include <algorithm>

#include "small_models.h"
#include "unet/core/error.h"
#include "unet/predict/predictor.h"

namespace unet {
namespace {

using test::drawn_image;
using test::drawn_model;
using test::small_network;

/// Its threshold makes `part` of the pixels foreground.
Model model_for(const Image& image, double part) {
    Model model = drawn_model(small_network(Padding::same, 2));
    const Image probabilities = Predictor(model).probabilities(image);
    const auto pixels = static_cast<std::size_t>(image.size.elements());
    std::vector<float> sorted(probabilities.plane(1), probabilities.plane(1) + pixels);
    std::sort(sorted.begin(), sorted.end());
    model.info.threshold = sorted[static_cast<double>(pixels) * (1.0 - part)];
    return model;
}

std::vector<std::uint32_t> streamed(Predictor& predictor, const Image& image) {
    ImageSource source(image);
    std::vector<std::uint32_t> ids(image.size.elements(), 7);
    LabelSink sink(ids, image.size);
    predictor.predict(source, PredictionKind::objects, sink);
    return ids;
}

TEST(ObjectStreamTest, AnObjectThatTilesCutIsOne) {
    const Image image = drawn_image({2, 70, 111});
    for (const double part : {0.5, 0.6, 0.75})
        for (const double depth : {0.0, 0.2}) {
            Model model = model_for(image, part);
            model.info.minimum_size = 3;
            model.info.split_depth = depth;
            const LabelMap whole = objects_of(Predictor(model).probabilities(image),
                                              model.info.threshold, rule_of(model.info));
            EXPECT_GT(*std::max_element(whole.values.begin(), whole.values.end()), 5u) << part;
            for (const std::int64_t tile : {0, 8, 32, 64}) {
                Predictor predictor(model, {.tile = tile});
                EXPECT_EQ(streamed(predictor, image), whole.values) << part << ", tile " << tile;
                EXPECT_EQ(predictor.objects(image).values, whole.values)
                    << part << ", tile " << tile;
            }
        }
}

TEST(ObjectStreamTest, OfAveragedAndMagnifiedPicturesToo) {
    const Image image = drawn_image({2, 60, 90});
    Model model = model_for(image, 0.6);
    model.info.split_depth = 0.3;
    PredictOptions averaged, larger, smaller;
    averaged.average = Averaging::mirrors4;
    larger.scale = 1.7;
    smaller.scale = 0.6;
    for (PredictOptions options : {averaged, larger, smaller}) {
        options.tile = 16;
        Predictor predictor(model, options);
        LabelMap expected = predictor.labels(image);
        const double scale = options.scale == 0.0 ? 1.0 : options.scale;
        // 60 and 90 times either factor are whole.
        ObjectFinder().find(expected.values, expected.size, {0.3 / scale, 0});
        EXPECT_GT(*std::max_element(expected.values.begin(), expected.values.end()), 1u) << scale;
        EXPECT_EQ(streamed(predictor, image), expected.values) << scale;
    }
}

TEST(ObjectStreamTest, HolesAndTheEdgeAreTheCallersChoice) {
    const Image image = drawn_image({1, 60, 90});
    const Model model = model_for(image, 0.6);
    const LabelMap labels = Predictor(model).labels(image);
    for (const bool fill : {false, true})
        for (const bool drop : {false, true}) {
            PredictOptions options;
            options.tile = 32;
            options.fill_holes = fill;
            options.drop_border = drop;
            LabelMap expected = labels;
            ObjectFinder().find(expected.values, expected.size,
                                {.fill_holes = fill, .drop_border = drop});
            Predictor predictor(model, options);
            EXPECT_EQ(streamed(predictor, image), expected.values) << fill << drop;
        }
}

TEST(ObjectStreamTest, BelowALimitTheyAreTheSameOrRefused) {
    const Image image = drawn_image({1, 300, 400});
    Model model = model_for(image, 0.6);
    model.info.split_depth = 0.2;
    // Larger ones would take what objects need: noise has more runs than a plan counts on.
    Predictor predictor(model, {.threads = 1, .tile = 32});
    ImageSource source(image);
    const std::vector<std::uint32_t> expected = streamed(predictor, image);
    const std::int64_t least = predictor.least_bytes(source, PredictionKind::objects);
    predictor.limit_memory(least + 8'000'000);
    const PredictionPlan plan = predictor.plan(source, PredictionKind::objects);
    EXPECT_EQ(plan.object_bytes, usual_object_bytes(image.size));
    EXPECT_LE(plan.bytes, least + 8'000'000);
    for (int round = 0; round < 2; ++round) EXPECT_EQ(streamed(predictor, image), expected);
    std::vector<std::uint32_t> ids(expected.size());
    EXPECT_GT(predictor.objects(source, ids), 100);
    EXPECT_EQ(ids, expected);

    predictor.limit_memory(least + 20'000);
    EXPECT_EQ(predictor.plan(source, PredictionKind::objects).object_bytes, 10'000);
    Image none;
    ImageSink sink(none, 1, image.size);
    try {
        predictor.predict(source, PredictionKind::objects, sink);
        FAIL() << "no error";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::memory);
        EXPECT_NE(std::string(error.what()).find("rows takes"), std::string::npos) << error.what();
    }
    EXPECT_EQ(*std::max_element(none.values.begin(), none.values.end()), 0.0f);
    // What tiles took is there for the last slice.
    predictor.limit_memory(0);
    EXPECT_EQ(streamed(predictor, image), expected);
}

}  // namespace
}  // namespace unet
