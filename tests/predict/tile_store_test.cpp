#include "unet/predict/tile_store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <tuple>

#include "small_models.h"
#include "unet/core/error.h"
#include "unet/predict/predictor.h"

namespace unet {
namespace {

using test::drawn_image;
using test::drawn_model;
using test::small_network;

/// Keeps tiles in memory, and counts what is asked of it.
class CountedStore final : public TileStore {
public:
    bool has(const Region& core) const override { return tiles.contains(key(core)); }
    bool load(const Region& core, std::span<float> values) override {
        if (!has(core)) return false;
        ++loaded;
        const auto& kept = tiles[key(core)];
        std::copy(kept.begin(), kept.end(), values.begin());
        return true;
    }
    void save(const Region& core, std::span<const float> values) override {
        ++saved;
        tiles[key(core)].assign(values.begin(), values.end());
    }

    using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t>;
    static Key key(const Region& core) { return {core.z, core.y, core.x}; }
    std::map<Key, std::vector<float>> tiles;
    int loaded = 0, saved = 0;
};

TEST(TileStore, WhatIsKeptIsTakenAndTheRestComputed) {
    const Image image = drawn_image({2, 40, 60});
    for (const Averaging average : {Averaging::none, Averaging::mirrors4}) {
        Predictor predictor(drawn_model(small_network(Padding::same, 2)),
                            {.threads = 1, .tile = 32, .average = average});
        const Image whole = predictor.probabilities(image);
        CountedStore store;
        predictor.keep_tiles(&store);
        EXPECT_EQ(predictor.probabilities(image).values, whole.values);
        const int all = store.saved;
        EXPECT_EQ(store.loaded, 0);
        EXPECT_EQ(all,
                  average == Averaging::none
                      ? static_cast<int>(
                            predictor.plan(ImageSource(image), PredictionKind::probabilities).tiles)
                      : 2);
        store.tiles.erase(store.tiles.begin());
        EXPECT_EQ(predictor.probabilities(image).values, whole.values);
        EXPECT_EQ(store.loaded, all - 1);
        EXPECT_EQ(store.saved, all + 1);
        // It is taken, not computed: a changed value comes out.
        store.tiles.begin()->second[0] = 7.0f;
        EXPECT_EQ(predictor.probabilities(image).values[0], 7.0f);
        predictor.keep_tiles(nullptr);
        EXPECT_EQ(predictor.probabilities(image).values, whole.values);
    }
}

TEST(TileStore, SharesMakeTheWhole) {
    const Image image = drawn_image({1, 130, 150});
    Predictor predictor(drawn_model(small_network(Padding::same, 2)), {.threads = 1, .tile = 16});
    ASSERT_GE(predictor.plan(ImageSource(image), PredictionKind::labels).tiles, 3);
    const LabelMap whole = predictor.labels(image);
    CountedStore store;
    predictor.keep_tiles(&store);
    ImageSource source(image);
    EXPECT_GT(predictor.compute_share(source, PredictionKind::labels, 3, 3), 0);
    EXPECT_GT(predictor.compute_share(source, PredictionKind::labels, 1, 3), 0);
    EXPECT_EQ(predictor.compute_share(source, PredictionKind::labels, 2, 3), 0);
    const int all = store.saved;
    const double network = predictor.network_seconds();
    EXPECT_GT(network, 0.0);
    EXPECT_EQ(predictor.labels(image).values, whole.values);
    EXPECT_EQ(store.saved, all);
    EXPECT_EQ(predictor.network_seconds(), network);  // it had nothing to compute
    EXPECT_THROW(predictor.compute_share(source, PredictionKind::labels, 4, 3), Error);
    predictor.keep_tiles(nullptr);
    EXPECT_THROW(predictor.compute_share(source, PredictionKind::labels, 1, 3), Error);
}

TEST(TileStore, AFolderGivesBackWhatIsCompleteAndNothingElse) {
    const auto path =
        std::filesystem::path(testing::TempDir()) / ("unet_tiles_" + std::to_string(::getpid()));
    const Region core{1, 2, 3, {1, 2, 2}};
    const std::vector<float> values{0.0f, 0.25f, -1.0f, 3e8f};
    TileFolder(path).save(core, values);
    TileFolder folder(path);
    std::vector<float> back(4);
    EXPECT_TRUE(folder.has(core));
    EXPECT_TRUE(folder.load(core, back));
    EXPECT_EQ(back, values);
    EXPECT_FALSE(folder.load({1, 2, 3, {1, 2, 1}}, back));
    std::vector<float> more(5);
    EXPECT_FALSE(folder.load(core, more));  // of another number of channels
    for (const auto& entry : std::filesystem::directory_iterator(path))
        std::ofstream(entry.path()) << "damaged";
    EXPECT_FALSE(folder.load(core, back));
    std::filesystem::remove_all(path);
}

}  // namespace
}  // namespace unet
