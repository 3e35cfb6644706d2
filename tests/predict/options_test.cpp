// What PredictOptions change and what they must not change.
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "small_models.h"
#include "unet/core/error.h"
#include "unet/pixels/region.h"
#include "unet/predict/predictor.h"

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

TEST(PredictOptionsTest, LessMemoryGivesSmallerTilesAndTheSameBits) {
    const Model model = drawn_model(small_network(Padding::same, 2));
    const Image image = drawn_image({1, 260, 310});
    PredictOptions options;
    options.memory = 3 << 20;
    options.threads = 1;
    Predictor whole(model), small(model, options);
    const std::int64_t scratch =
        static_cast<std::int64_t>(Context(options.threads).scratch_bytes());
    const auto kind = PredictionKind::logits;
    EXPECT_LE(small.planned_bytes(image.size, kind) - scratch, options.memory);
    EXPECT_GT(whole.planned_bytes(image.size, kind), small.planned_bytes(image.size, kind));
    EXPECT_EQ(logits_of(small, image).values, logits_of(whole, image).values);
    // What no tile fits is done with the smallest there is.
    options.memory = 1;
    Predictor smallest(model, options);
    EXPECT_EQ(logits_of(smallest, image).values, logits_of(whole, image).values);
}

#if !defined(__SANITIZE_ADDRESS__)
TEST(PredictOptionsTest, PlannedBytesAreAllocated) {
    const auto allocated = [] {
        const auto info = mallinfo2();
        return static_cast<std::int64_t>(info.uordblks + info.hblkhd);
    };
    for (const std::int64_t tile : {0, 100}) {
        const Image image = drawn_image({1, 500, 700});
        Image logits;
        ImageSource source(image);
        ImageSink sink(logits, 2, image.size);
        std::int64_t most = 0;
        PredictOptions options;
        options.threads = 1;
        options.tile = tile;
        options.progress = [&](std::int64_t, std::int64_t) { most = std::max(most, allocated()); };
        Predictor predictor(drawn_model(small_network(Padding::same, 3)), options);
        const std::int64_t planned =
            predictor.planned_bytes(image.size, PredictionKind::logits) -
            static_cast<std::int64_t>(Context(1).scratch_bytes());  // there since construction
        const std::int64_t before = allocated();
        predictor.predict(source, PredictionKind::logits, sink);
        // Layer lists and the allocator's page rounding come to less than this.
        constexpr std::int64_t small_things = 256 << 10;
        EXPECT_LE(most - before, planned + small_things) << "tile " << tile;
        EXPECT_GE(most - before, planned - small_things) << "tile " << tile;
        EXPECT_GT(planned, 2 << 20);
    }
}
#endif

TEST(PredictOptionsTest, ALimitMakesTilesSmallerAndTooLittleIsAnError) {
    for (const Averaging average : {Averaging::none, Averaging::mirrors4}) {
        const PredictionKind kind = PredictionKind::probabilities;
        PredictOptions options;
        options.average = average;
        const Image image = drawn_image({1, 300, 24});
        Predictor free(drawn_model(small_network(Padding::same, 3)), options);
        Predictor bounded(drawn_model(small_network(Padding::same, 3)), options);
        ImageSource source(image);
        const std::int64_t least = bounded.least_bytes(source, kind);
        EXPECT_LT(least, free.planned_bytes(image.size, kind));
        bounded.limit_memory(least);
        EXPECT_EQ(bounded.probabilities(image).values, free.probabilities(image).values);
        bounded.limit_memory(least - 1);
        try {
            bounded.probabilities(image);
            FAIL();
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::memory);
        }
    }
}

TEST(PredictOptionsTest, ProgressCountsTilesAndCancelStopsBetweenThem) {
    std::vector<std::pair<std::int64_t, std::int64_t>> calls;
    PredictOptions options;
    options.tile = 16;
    options.progress = [&](std::int64_t done, std::int64_t total) {
        calls.push_back({done, total});
    };
    options.cancelled = [&] { return calls.size() == 3; };
    Predictor predictor(drawn_model(small_network(Padding::valid, 1)), options);
    try {
        predictor.labels(drawn_image({2, 32, 48}));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::cancelled);
    }
    EXPECT_EQ(calls,
              (std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 12}, {2, 12}, {3, 12}}));
}

TEST(PredictOptionsTest, NormalisationLooksAtTheWholeImage) {
    Model model = drawn_model(small_network(Padding::same, 2));
    model.info.normalisation.rule = NormaliseRule::image;
    Image image = drawn_image({1, 48, 48});
    for (std::size_t i = 0; i < 24 * 48; ++i) image.values[i] /= 16.0f;  // the upper half is dark
    Predictor whole(model), tiles(model, {.tile = 16});
    EXPECT_EQ(logits_of(tiles, image).values, logits_of(whole, image).values);
}

TEST(PredictOptionsTest, NormalisationCanBeOverridden) {
    Model model = drawn_model(small_network(Padding::same, 2));  // rule range
    const Image image = drawn_image({1, 20, 20});
    const auto logits = [&](const Normalisation& rule) {
        PredictOptions options;
        options.override_normalisation = true;
        options.normalisation = rule;
        Predictor predictor(model, options);
        return logits_of(predictor, image).values;
    };
    Predictor own(model);
    EXPECT_EQ(logits({NormaliseRule::fixed, {0}, {255}}), logits_of(own, image).values);
    EXPECT_NE(logits({NormaliseRule::fixed, {0}, {100}}), logits_of(own, image).values);
    EXPECT_THROW(logits({NormaliseRule::dataset, {}, {}}), Error);
    model.info.normalisation = {NormaliseRule::dataset, {10}, {99}};
    EXPECT_EQ(logits({NormaliseRule::dataset, {}, {}}), logits({NormaliseRule::fixed, {10}, {99}}));
}

TEST(PredictOptionsTest, ALimitStopsAHotPixelAndNothingElse) {
    Model model = drawn_model(small_network(Padding::same, 2));
    const Image clean = drawn_image({1, 40, 48});
    Image hot = clean, bright = clean;
    hot.type = bright.type = SampleType::f32;
    hot.values[900] = 3e38f;
    model.info.normalisation = {NormaliseRule::fixed, {0}, {255}};
    bright.values[900] = 5.0f * 255.0f;
    const auto logits = [&](const Image& image, std::optional<double> clip, double scale = 0.0) {
        PredictOptions options;
        options.clip = clip;
        options.scale = scale;
        Predictor predictor(model, options);
        return logits_of(predictor, image).values;
    };
    EXPECT_EQ(logits(clean, 4.0), logits(clean, {}));
    EXPECT_EQ(logits(hot, 4.0), logits(bright, {}));
    model.info.normalisation.clip = 4.0;
    EXPECT_EQ(logits(hot, {}), logits(hot, 4.0));
    EXPECT_NE(logits(hot, 0.0), logits(hot, 4.0));
    // Cubic resampling has negative weights: without a limit before it, infinities less infinities.
    for (const float value : logits(hot, {}, 1.5)) ASSERT_TRUE(std::isfinite(value));
}

TEST(PredictOptionsTest, BadModelsImagesAndOptionsAreRefused) {
    const Model good = drawn_model(small_network(Padding::same, 2));
    const auto code = [](auto run) {
        try {
            run();
        } catch (const Error& error) {
            return error.code();
        }
        return ErrorCode::cancelled;
    };
    EXPECT_EQ(code([&] {
                  Model model = good;
                  model.tensors[2].values[0] = std::numeric_limits<float>::infinity();
                  Predictor predictor(model);
              }),
              ErrorCode::unsupported);
    EXPECT_EQ(code([&] {
                  Model model = good;
                  model.tensors.pop_back();
                  Predictor predictor(model);
              }),
              ErrorCode::shape_mismatch);
    EXPECT_EQ(code([&] { Predictor(good, {.tile = -1}); }), ErrorCode::invalid_argument);
    EXPECT_EQ(code([&] { Predictor(good, {.memory = -1}); }), ErrorCode::invalid_argument);
    EXPECT_EQ(code([&] { Predictor(good, {.threads = -1}); }), ErrorCode::invalid_argument);
    EXPECT_EQ(code([&] {
                  Predictor(good).labels(drawn_image({1, 0, 5}));
              }),
              ErrorCode::shape_mismatch);
    EXPECT_EQ(code([&] {
                  Image image = drawn_image({1, 9, 9});
                  image.values[40] = std::numeric_limits<float>::quiet_NaN();
                  Predictor(good).labels(image);
              }),
              ErrorCode::unsupported);
}

}  // namespace
}  // namespace unet
