// Where nothing is wanted nothing is computed, and what is wanted comes out as without a mask.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "small_models.h"
#include "unet/core/error.h"
#include "unet/predict/predictor.h"

namespace unet {
namespace {

using test::drawn_image;
using test::drawn_model;
using test::small_network;

/// Discs whose edges meet no tile's.
Image drawn_mask(const Size3& size) {
    Image mask{size, 1, {}, SampleType::u8, {}};
    for (std::int64_t z = 0; z < size.depth; ++z)
        for (std::int64_t y = 0; y < size.height; ++y)
            for (std::int64_t x = 0; x < size.width; ++x) {
                const auto inside = [&](std::int64_t cy, std::int64_t cx) {
                    return (y - cy) * (y - cy) + (x - cx) * (x - cx) < 23 * 23;
                };
                mask.values.push_back(inside(30, 37 + 9 * z) ? 1.0f : inside(81, 111) ? 200.f : 0);
            }
    return mask;
}

/// Counts the values that are read.
class CountedSource final : public RegionSource {
public:
    explicit CountedSource(const Image& image) : source_(image) {}
    Size3 size() const override { return source_.size(); }
    std::int64_t channels() const override { return source_.channels(); }
    SampleType type() const override { return source_.type(); }
    bool rgb() const override { return source_.rgb(); }
    Spacing spacing() const override { return source_.spacing(); }
    void read(const Region& region, std::span<float> values) override {
        ++reads;
        source_.read(region, values);
    }
    std::int64_t reads = 0;

private:
    ImageSource source_;
};

/// Keeps tiles in memory.
class TileMap final : public TileStore {
public:
    bool has(const Region& core) const override { return tiles_.contains(key_of(core)); }
    bool load(const Region& core, std::span<float> values) override {
        if (!has(core)) return false;
        std::copy_n(tiles_[key_of(core)].begin(), values.size(), values.begin());
        return true;
    }
    void save(const Region& core, std::span<const float> values) override {
        tiles_[key_of(core)].assign(values.begin(), values.end());
    }

private:
    static std::vector<std::int64_t> key_of(const Region& core) { return {core.z, core.y, core.x}; }
    std::map<std::vector<std::int64_t>, std::vector<float>> tiles_;
};

Image predicted(Predictor& predictor, RegionSource& source, PredictionKind kind) {
    Image image;
    ImageSink sink(image, kind == PredictionKind::labels ? 1 : 2, source.size());
    predictor.predict(source, kind, sink);
    return image;
}

/// What stands outside is background, what stands inside is `whole`'s.
Image with_background(Image whole, const Image& mask) {
    const std::int64_t plane = whole.size.height * whole.size.width;
    for (std::int64_t c = 0; c < whole.channels; ++c)
        for (std::int64_t i = 0; i < whole.size.elements(); ++i)
            if (mask.values[mask.size.depth == 1 ? i % plane : i] == 0.0f)
                whole.values[c * whole.size.elements() + i] =
                    c == 0 && whole.channels > 1 ? 1.0f : 0.0f;
    return whole;
}

TEST(MaskTest, TheResultIsThatWithoutItForFiveSizesOfTiles) {
    const Size3 size{2, 110, 140};
    const Image image = drawn_image(size);
    ImageSource source(image);
    for (const Padding padding : {Padding::same, Padding::valid})
        for (const auto& [kind, slices] :
             {std::pair{PredictionKind::labels, 2}, {PredictionKind::probabilities, 1}}) {
            const Model model = drawn_model(small_network(padding, 2));
            const Image mask = drawn_mask({slices, size.height, size.width});
            Predictor plain(model);
            const Image expected = with_background(predicted(plain, source, kind), mask);
            for (const std::int64_t tile : {0, 16, 32, 48, 64}) {
                PredictOptions options;
                options.tile = tile;
                Predictor predictor(model, options);
                ImageSource where(mask);
                predictor.predict_where(&where);
                EXPECT_EQ(predicted(predictor, source, kind).values, expected.values) << tile;
            }
        }
}

TEST(MaskTest, TheResultIsThatWithoutItForMagnifiedPictures) {
    const Size3 size{1, 110, 140};
    const Image image = drawn_image(size), mask = drawn_mask(size);
    ImageSource source(image);
    const Model model = drawn_model(small_network(Padding::valid, 2));
    for (const double scale : {0.6, 0.9, 1.3, 2.3})
        for (const PredictionKind kind : {PredictionKind::labels, PredictionKind::probabilities}) {
            PredictOptions options;
            options.scale = scale;
            Predictor plain(model, options);
            const Image expected = with_background(predicted(plain, source, kind), mask);
            for (const std::int64_t tile : {16, 48}) {
                options.tile = tile;
                Predictor predictor(model, options);
                ImageSource where(mask);
                predictor.predict_where(&where);
                EXPECT_EQ(predicted(predictor, source, kind).values, expected.values) << scale;
                if (tile == 16) {
                    EXPECT_GT(predictor.plan(source, kind).skipped, 0) << scale;
                }
            }
        }
}

TEST(MaskTest, APixelOfAMagnifiedPictureIsMadeOfTwoTiles) {
    const Model model = drawn_model(small_network(Padding::same, 2));
    for (const double scale : {0.2, 0.5, 1.7}) {
        const auto width = static_cast<std::int64_t>(100.0 / scale);
        const Image image = drawn_image({1, 6, width});
        ImageSource source(image);
        PredictOptions options;
        options.scale = scale;
        options.tile = 8;
        Predictor predictor(model, options);
        const Image whole = predicted(predictor, source, PredictionKind::probabilities);
        Image mask{image.size, 1, {}, SampleType::u8, {}};
        ImageSource where(mask);
        for (std::int64_t column = 0; column < width; ++column) {
            mask.values.assign(6 * width, 0.0f);
            for (std::int64_t y = 0; y < 6; ++y) mask.plane(0)[y * width + column] = 1.0f;
            predictor.predict_where(&where);
            ASSERT_EQ(predicted(predictor, source, PredictionKind::probabilities).values,
                      with_background(whole, mask).values)
                << scale << ' ' << column;
        }
        EXPECT_GT(predictor.plan(source, PredictionKind::probabilities).skipped, 1);
    }
}

TEST(MaskTest, AveragedSlicesWithoutWantedPixelsAreLeftOut) {
    const Size3 size{2, 60, 70};
    const Image image = drawn_image(size);
    CountedSource source(image);
    Image mask = drawn_mask(size);
    std::fill(mask.values.begin(), mask.values.begin() + 60 * 70, 0.0f);
    const Model model = drawn_model(small_network(Padding::same, 2));
    PredictOptions options;
    options.average = Averaging::mirrors4;
    for (const PredictionKind kind : {PredictionKind::labels, PredictionKind::probabilities}) {
        Predictor predictor(model, options);
        const Image whole = predicted(predictor, source, kind);
        const PredictionPlan all = predictor.plan(source, kind);
        ImageSource where(mask);
        predictor.predict_where(&where);
        EXPECT_EQ(predicted(predictor, source, kind).values, with_background(whole, mask).values);
        const PredictionPlan plan = predictor.plan(source, kind);
        EXPECT_EQ(plan.tiles, all.tiles / 2);
        EXPECT_EQ(plan.skipped, all.tiles / 2);
        EXPECT_EQ(plan.pixels, all.pixels / 2);
    }
}

TEST(MaskTest, TilesWithoutWantedPixelsAreNotEvenRead) {
    const Size3 size{1, 160, 160};
    const Image image = drawn_image(size);
    const Model model = drawn_model(small_network(Padding::valid, 2));
    Image mask{size, 1, {}, SampleType::u8, {}};
    mask.values.assign(160 * 160, 0.0f);
    mask.values[40 * 160 + 70] = 1.0f;
    ImageSource where(mask);
    PredictOptions options;
    options.tile = 32;
    std::int64_t told = 0;
    options.progress = [&](std::int64_t done, std::int64_t) { told = done; };
    Predictor predictor(model, options);
    CountedSource source(image);
    predicted(predictor, source, PredictionKind::labels);
    const std::int64_t all = source.reads;
    EXPECT_EQ(predictor.plan(source, PredictionKind::labels).tiles, all);
    EXPECT_EQ(predictor.plan(source, PredictionKind::labels).skipped, 0);
    predictor.predict_where(&where);
    source.reads = 0;
    predicted(predictor, source, PredictionKind::labels);
    EXPECT_EQ(source.reads, 1);
    EXPECT_EQ(told, all);
    const PredictionPlan plan = predictor.plan(source, PredictionKind::labels);
    EXPECT_EQ(plan.tiles, 1);
    EXPECT_EQ(plan.skipped, all - 1);
    predictor.predict_where(nullptr);
    source.reads = 0;
    predicted(predictor, source, PredictionKind::labels);
    EXPECT_EQ(source.reads, all);
}

TEST(MaskTest, SharesAreCompleteWithTheTilesThatAreLeftOut) {
    const Size3 size{1, 150, 190};
    const Image image = drawn_image(size), mask = drawn_mask(size);
    const Model model = drawn_model(small_network(Padding::valid, 2));
    ImageSource source(image), where(mask);
    for (const double scale : {1.0, 0.7}) {
        PredictOptions options;
        options.tile = 32;
        options.scale = scale;
        Predictor predictor(model, options);
        predictor.predict_where(&where);
        const auto kind = PredictionKind::probabilities;
        const Image whole = predicted(predictor, source, kind);
        TileMap tiles;
        predictor.keep_tiles(&tiles);
        EXPECT_GT(predictor.compute_share(source, kind, 1, 2), 0);
        EXPECT_EQ(predictor.compute_share(source, kind, 2, 2), 0);
        EXPECT_EQ(predicted(predictor, source, kind).values, whole.values);
    }
}

TEST(MaskTest, MemoryForItIsPlanned) {
    const Image image = drawn_image({1, 300, 500}), mask = drawn_mask({1, 300, 500});
    Predictor predictor(drawn_model(small_network(Padding::same, 2)), {});
    ImageSource source(image), where(mask);
    const PredictionPlan plain = predictor.plan(source, PredictionKind::probabilities);
    predictor.predict_where(&where);
    const PredictionPlan plan = predictor.plan(source, PredictionKind::probabilities);
    EXPECT_GE(plan.bytes - plain.bytes, plan.core.elements() * std::int64_t{sizeof(float)});
}

TEST(MaskTest, MasksThatDoNotFitAreRefused) {
    const Image image = drawn_image({3, 40, 50});
    ImageSource source(image);
    Predictor predictor(drawn_model(small_network(Padding::same, 2)), {});
    const auto message = [&](const Image& mask, PredictionKind kind) -> std::string {
        ImageSource where(mask);
        predictor.predict_where(&where);
        try {
            predicted(predictor, source, kind);
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    };
    const auto kind = PredictionKind::labels;
    EXPECT_EQ(message(drawn_mask({3, 40, 50}), kind), "");
    EXPECT_EQ(message(drawn_mask({3, 50, 40}), kind),
              "predict: the mask has 3 slice(s) of 50 x 40 pixels, expected 1 or 3 of 40 x 50 as "
              "the image");
    EXPECT_NE(message(drawn_mask({2, 40, 50}), kind).find("has 2 slice(s)"), std::string::npos);
    EXPECT_NE(message(drawn_image({1, 40, 50}, 2), kind).find("2 channels"), std::string::npos);
    EXPECT_NE(message(drawn_mask({1, 40, 50}), PredictionKind::logits).find("no background"),
              std::string::npos);
}

}  // namespace
}  // namespace unet
