// Averaging over mirrored and turned pictures: what it is the mean of, and the promises it keeps.
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>

#include "small_models.h"
#include "unet/core/error.h"
#include "unet/objects/components.h"
#include "unet/pixels/region.h"
#include "unet/predict/predictor.h"

namespace unet {
namespace {

using test::drawn_image;
using test::drawn_model;
using test::small_network;

constexpr Averaging both[] = {Averaging::mirrors4, Averaging::rotations7};

Image mirrored(const Image& image, bool along_y, bool along_x) {
    Image result = image;
    const auto [depth, height, width] = image.size;
    for (std::int64_t c = 0; c < image.channels; ++c)
        for (std::int64_t z = 0; z < depth; ++z)
            for (std::int64_t y = 0; y < height; ++y)
                for (std::int64_t x = 0; x < width; ++x)
                    result.plane(c, z)[y * width + x] = image.plane(
                        c,
                        z)[(along_y ? height - 1 - y : y) * width + (along_x ? width - 1 - x : x)];
    return result;
}

Image probabilities(const Model& model, const Image& image, PredictOptions options) {
    return Predictor(model, std::move(options)).probabilities(image);
}

TEST(AveragingTest, MirrorsAreTheMeanOfFourPredictions) {
    const Model model = drawn_model(small_network(Padding::valid, 3));
    const Image image = drawn_image({2, 41, 30});
    const Image mean = probabilities(model, image, {.average = Averaging::mirrors4});
    std::vector<double> expected(mean.values.size(), 0.0);
    for (const bool y : {false, true})
        for (const bool x : {false, true}) {
            const Image one = mirrored(probabilities(model, mirrored(image, y, x), {}), y, x);
            for (std::size_t i = 0; i < expected.size(); ++i)
                expected[i] += static_cast<double>(one.values[i]) / 4.0;
        }
    for (std::size_t i = 0; i < expected.size(); ++i)
        ASSERT_EQ(mean.values[i], static_cast<float>(expected[i])) << i;
}

TEST(AveragingTest, AMirroredPictureGivesTheMirroredResultBitForBit) {
    for (const Padding padding : {Padding::same, Padding::valid}) {
        Model model = drawn_model(small_network(padding, 3));
        model.info.normalisation.rule = NormaliseRule::image;
        const Image image = drawn_image({1, 53, 38});
        const PredictOptions options{.average = Averaging::mirrors4};
        const Image result = probabilities(model, image, options);
        for (const auto& [y, x] : {std::pair{false, true}, {true, false}, {true, true}})
            EXPECT_EQ(probabilities(model, mirrored(image, y, x), options).values,
                      mirrored(result, y, x).values);
        EXPECT_NE(probabilities(model, image, {}).values, result.values);
    }
}

TEST(AveragingTest, TilesAndThreadsLeaveNoTrace) {
    const Model model = drawn_model(small_network(Padding::same, 2));
    const Image image = drawn_image({2, 70, 45});
    for (const Averaging average : both) {
        const Image whole = probabilities(model, image, {.threads = 1, .average = average});
        for (const std::int64_t tile : {16, 40})
            EXPECT_EQ(probabilities(model, image, {.threads = 3, .tile = tile, .average = average})
                          .values,
                      whole.values)
                << to_string(average) << ' ' << tile;
    }
}

TEST(AveragingTest, ANetworkThatSeesOneValueIsNotChanged) {
    // Weights of 0: every pixel has the head's biases as logits.
    Model model = drawn_model(small_network(Padding::same, 2));
    for (NamedTensor& tensor : model.tensors)
        if (tensor.name.ends_with("weight"))
            std::fill(tensor.values.begin(), tensor.values.end(), 0.0f);
    const Image image = drawn_image({1, 20, 33});
    for (const Averaging average : both)
        EXPECT_EQ(probabilities(model, image, {.average = average}).values,
                  probabilities(model, image, {}).values);
}

TEST(AveragingTest, LabelsAndObjectsFollowTheMean) {
    for (const std::int64_t classes : {2, 3}) {
        UNetOptions network = small_network(Padding::same, 3);
        network.classes = classes;
        Model model = drawn_model(network);
        const Image image = drawn_image({1, 40, 50});
        for (const Averaging average : both) {
            const Image mean = probabilities(model, image, {.average = average});
            std::vector<float> foreground(mean.plane(1), mean.plane(1) + 2000);
            std::nth_element(foreground.begin(), foreground.begin() + 1000, foreground.end());
            model.info.threshold = foreground[1000];
            Predictor predictor(model, {.average = average});
            const LabelMap labels = predictor.labels(image);
            for (std::int64_t i = 0; i < 2000; ++i) {
                std::uint32_t best = 0;
                for (std::uint32_t k = 1; k < classes; ++k)
                    if (mean.plane(k)[i] > mean.plane(best)[i]) best = k;
                if (classes == 2)
                    best = static_cast<double>(mean.plane(1)[i]) > model.info.threshold;
                ASSERT_EQ(labels.values[i], best);
            }
            if (classes > 2) continue;
            EXPECT_EQ(predictor.objects(image).values, connected_components(labels).values);
        }
    }
}

TEST(AveragingTest, LogitsAreRefused) {
    Predictor predictor(drawn_model(small_network(Padding::same, 1)),
                        {.average = Averaging::mirrors4});
    const Image image = drawn_image({1, 8, 8});
    ImageSource source(image);
    Image logits;
    ImageSink sink(logits, 2, image.size);
    try {
        predictor.predict(source, PredictionKind::logits, sink);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
        EXPECT_NE(std::string(error.what()).find("probabilities"), std::string::npos);
    }
}

TEST(AveragingTest, ProgressCountsTheTilesOfAllViews) {
    std::int64_t calls = 0, last = 0;
    PredictOptions options{.tile = 16, .average = Averaging::rotations7};
    options.progress = [&](std::int64_t done, std::int64_t total) {
        EXPECT_EQ(done, ++calls);
        last = total;
    };
    Predictor(drawn_model(small_network(Padding::same, 2)), options)
        .labels(drawn_image({2, 150, 140}));
    EXPECT_EQ(calls, last);
    EXPECT_GT(calls, 14);
}

#if !defined(__SANITIZE_ADDRESS__)
TEST(AveragingTest, PlannedBytesAreNotExceeded) {
    const auto allocated = [] {
        const auto info = mallinfo2();
        return static_cast<std::int64_t>(info.uordblks + info.hblkhd);
    };
    const Image image = drawn_image({1, 400, 500});
    for (const Averaging average : both) {
        std::int64_t most = 0;
        PredictOptions options{.threads = 1, .tile = 128, .average = average};
        options.progress = [&](std::int64_t, std::int64_t) { most = std::max(most, allocated()); };
        Predictor predictor(drawn_model(small_network(Padding::same, 2)), options);
        const std::int64_t planned =
            predictor.planned_bytes(image.size, PredictionKind::probabilities) -
            static_cast<std::int64_t>(Context(1).scratch_bytes());  // there since construction
        Image result;
        ImageSource source(image);
        ImageSink sink(result, 2, image.size);
        const std::int64_t before = allocated();
        predictor.predict(source, PredictionKind::probabilities, sink);
        constexpr std::int64_t small_things = 256 << 10;
        EXPECT_LE(most - before, planned + small_things) << to_string(average);
        EXPECT_GE(most - before, planned - small_things) << to_string(average);
    }
}
#endif

}  // namespace
}  // namespace unet
