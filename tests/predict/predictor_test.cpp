#include "unet/predict/predictor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "small_models.h"
#include "unet/core/error.h"
#include "unet/core/math.h"
#include "unet/nn/executor.h"
#include "unet/pixels/colour.h"
#include "unet/pixels/region.h"

namespace unet {
namespace {

using test::drawn_image;
using test::drawn_model;
using test::small_network;

Image logits_of(Predictor& predictor, const Image& image) {
    ImageSource source(image);
    Image logits;
    ImageSink sink(logits, predictor.model().network.classes, image.size);
    predictor.predict(source, PredictionKind::logits, sink);
    return logits;
}

Model three_classes() {
    UNetOptions options = small_network(Padding::same, 3);
    options.classes = 3;
    return drawn_model(options);
}

TEST(PredictorTest, ProbabilitiesAreTheSoftmaxOfTheLogits) {
    Predictor predictor(three_classes());
    const Image image = drawn_image({2, 30, 50});
    const Image logits = logits_of(predictor, image), result = predictor.probabilities(image);
    ASSERT_EQ(result.channels, 3);
    ASSERT_EQ(result.size, image.size);
    const std::int64_t pixels = image.size.elements();
    for (std::int64_t i = 0; i < pixels; ++i) {
        double sum = 0.0;
        for (std::int64_t k = 0; k < 3; ++k) sum += exp_of(logits.values[k * pixels + i]);
        for (std::int64_t k = 0; k < 3; ++k)
            ASSERT_NEAR(result.values[k * pixels + i], exp_of(logits.values[k * pixels + i]) / sum,
                        1e-6);
    }
}

TEST(PredictorTest, LabelsOfManyClassesAreTheLargestLogit) {
    Predictor predictor(three_classes());
    const Image image = drawn_image({1, 30, 50});
    const Image logits = logits_of(predictor, image);
    const LabelMap labels = predictor.labels(image);
    std::array<int, 3> seen{};
    for (std::size_t i = 0; i < 1500; ++i) {
        const std::array<float, 3> at{logits.values[i], logits.values[1500 + i],
                                      logits.values[3000 + i]};
        const auto largest = std::max_element(at.begin(), at.end()) - at.begin();
        ASSERT_EQ(labels.values[i], largest);
        ++seen[largest];
    }
    EXPECT_GT(*std::min_element(seen.begin(), seen.end()), 0);
}

TEST(PredictorTest, LabelsOfTwoClassesFollowTheThreshold) {
    Model model = drawn_model(small_network(Padding::same, 3));
    const Image image = drawn_image({1, 40, 40});
    const Image probabilities = Predictor(model).probabilities(image);
    std::vector<float> sorted(probabilities.values.begin() + 1600, probabilities.values.end());
    std::sort(sorted.begin(), sorted.end());
    model.info.threshold = sorted[400];  // a probability that occurs: it is not above itself
    const LabelMap labels = Predictor(model).labels(image);
    for (std::size_t i = 0; i < 1600; ++i)
        ASSERT_EQ(labels.values[i], probabilities.values[1600 + i] > sorted[400] ? 1u : 0u);
}

TEST(PredictorTest, ObjectsAreComponentsOfTheLabels) {
    Model model = drawn_model(small_network(Padding::same, 2));
    const Image image = drawn_image({2, 40, 40});
    const Image probabilities = Predictor(model).probabilities(image);
    std::vector<float> sorted(probabilities.plane(1), probabilities.plane(1) + 3200);
    std::sort(sorted.begin(), sorted.end());
    model.info.threshold = sorted[1400];
    model.info.minimum_size = 3;
    Predictor predictor(model, {.tile = 16});
    const LabelMap objects = predictor.objects(image);
    EXPECT_EQ(objects.values,
              objects_of(probabilities, model.info.threshold, {.minimum_pixels = 3}).values);
    const auto largest_id = [](const LabelMap& map) {
        return *std::max_element(map.values.begin(), map.values.end());
    };
    EXPECT_GT(largest_id(objects), 5u);
    EXPECT_LT(largest_id(objects),
              largest_id(objects_of(probabilities, model.info.threshold, {.minimum_pixels = 0})));
}

TEST(PredictorTest, ObjectsOfAKnownMap) {
    // Two objects of four and three pixels, a speck, and two pixels that only share a corner.
    const char* rows[]{"##..#", "##..#", "....#", "#..#.", "..#.."};
    Image probabilities;
    probabilities.size = {1, 5, 5};
    probabilities.channels = 2;
    probabilities.values.assign(50, 0.25f);
    for (std::size_t y = 0; y < 5; ++y)
        for (std::size_t x = 0; x < 5; ++x)
            if (rows[y][x] == '#') probabilities.values[25 + y * 5 + x] = 0.75f;
    const std::vector<std::uint32_t> all{1, 1, 0, 0, 2, 1, 1, 0, 0, 2, 0, 0, 0,
                                         0, 2, 3, 0, 0, 4, 0, 0, 0, 5, 0, 0};
    EXPECT_EQ(objects_of(probabilities, 0.5, {.minimum_pixels = 0}).values, all);
    std::vector<std::uint32_t> large = all;
    for (std::uint32_t& id : large) id = id > 2 ? 0 : id;
    EXPECT_EQ(objects_of(probabilities, 0.5, {.minimum_pixels = 2}).values, large);
    EXPECT_EQ(objects_of(probabilities, 0.75, {.minimum_pixels = 0}).values,
              std::vector<std::uint32_t>(25, 0));
    EXPECT_THROW(objects_of(drawn_image({1, 5, 5}, 3), 0.5, {}), Error);
}

TEST(PredictorTest, ObjectsNeedTwoClassesAndTheWholeImage) {
    Predictor three(three_classes());
    const Image image = drawn_image({1, 8, 8});
    EXPECT_THROW(three.objects(image), Error);
    ImageSource source(image);
    Image result;
    ImageSink sink(result, 1, image.size);
    EXPECT_THROW(three.predict(source, PredictionKind::objects, sink), Error);
}

// Folding multiplies the weights of a convolution by a factor instead of its result: rounding of
// 2^-24 for each of 2 x 18 layers, errors of a layer adding up: below 1e-5 of the result.
TEST(PredictorTest, BatchNormIsFoldedWithoutChange) {
    UNetOptions options = small_network(Padding::same, 3);
    options.norm = Norm::batch;
    const Model model = drawn_model(options);
    const Image image = drawn_image({1, 32, 48});
    Predictor predictor(model);
    const Image folded = logits_of(predictor, image);

    const nn::Network network = nn::build_network(options);
    const kernels::Backend& backend = kernels::cpu_backend();
    nn::Parameters parameters(network, backend);
    parameters.load(model.tensors);
    nn::Executor executor(
        network, nn::make_plan(network, {1, 1, 1, 32, 48}, nn::Mode::inference, backend), backend);
    std::vector<float> input = image.values, logits(2 * 32 * 48);
    for (float& value : input) value /= 255.0f;
    Context context(1);
    executor.forward(context, parameters, input, logits);
    double difference = 0.0, norm = 0.0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        difference += std::pow(double(logits[i]) - double(folded.values[i]), 2);
        norm += std::pow(double(logits[i]), 2);
    }
    EXPECT_LT(std::sqrt(difference / norm), 1e-5);
    EXPECT_GT(norm, 1.0);
}

TEST(PredictorTest, GreyAndRgbMeetEachOther) {
    std::string notice;
    PredictOptions options;
    options.notice = [&](const std::string& text) { notice = text; };
    UNetOptions rgb_network = small_network(Padding::same, 2);
    rgb_network.in_channels = 3;
    Model rgb = drawn_model(rgb_network), grey = drawn_model(small_network(Padding::same, 2));
    rgb.info.rgb = true;
    rgb.info.normalisation.rule = grey.info.normalisation.rule = NormaliseRule::image;
    const Image image = drawn_image({1, 20, 20});
    Image coloured = drawn_image({1, 20, 20}, 3);
    coloured.rgb = true;
    Predictor for_rgb(rgb, options), for_grey(grey, options);
    EXPECT_EQ(logits_of(for_rgb, image).values, logits_of(for_rgb, to_rgb(image)).values);
    EXPECT_NE(notice.find("grey image"), std::string::npos);
    EXPECT_EQ(logits_of(for_grey, coloured).values, logits_of(for_grey, to_grey(coloured)).values);
    EXPECT_NE(notice.find("averaged"), std::string::npos);
    EXPECT_THROW(logits_of(for_grey, drawn_image({1, 20, 20}, 2)), Error);
}

TEST(PredictorTest, SlicesOfAStackArePredictedAlone) {
    const Model model = drawn_model(small_network(Padding::valid, 2));
    Predictor predictor(model);
    const Image stack = drawn_image({3, 21, 17});
    const Image logits = logits_of(predictor, stack);
    for (std::int64_t z = 0; z < 3; ++z) {
        Image slice = drawn_image({1, 21, 17});
        std::copy_n(stack.plane(0, z), 21 * 17, slice.values.begin());
        const Image alone = logits_of(predictor, slice);
        for (std::int64_t k = 0; k < 2; ++k)
            EXPECT_TRUE(std::equal(alone.plane(k), alone.plane(k) + 21 * 17, logits.plane(k, z)));
    }
}

TEST(PredictorTest, ImagesOfChangingSizeNeedNoNewPredictor) {
    const Model model = drawn_model(small_network(Padding::same, 3));
    Predictor predictor(model);
    for (const Size3& size : {Size3{1, 64, 64}, {1, 1, 1}, {1, 100, 30}, {1, 64, 64}}) {
        Predictor fresh(model);
        EXPECT_EQ(logits_of(predictor, drawn_image(size)).values,
                  logits_of(fresh, drawn_image(size)).values);
    }
}

TEST(PredictorTest, AConstantImageIsPredicted) {
    Model model = drawn_model(small_network(Padding::same, 3));
    model.info.normalisation.rule = NormaliseRule::image;
    Predictor predictor(model);
    Image image = drawn_image({1, 30, 30});
    image.values.assign(900, 17.0f);
    for (const float value : logits_of(predictor, image).values) ASSERT_TRUE(std::isfinite(value));
}

}  // namespace
}  // namespace unet
