// Times what the data thread does, on one core: the weight map of 512 x 512 pixels with 200
// objects, one patch of 572 x 572 (image, labels and weights), and whole batches. Each result is
// checked before it is timed.
//   data_bench [--benchmark_format=json] [--benchmark_repetitions=N]

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "unet/data/batches.h"
#include "unet/data/targets.h"

namespace unet {
namespace {

constexpr std::int64_t map_edge = 512, objects = 200, tile = 572;
const LabelMeaning instances{LabelKind::instances, {0, 1}, {}, ""};

/// Discs of radius 8 to 15 at random places; a later one covers an earlier one.
LabelMap random_cells(std::int64_t edge, std::int64_t count) {
    LabelMap map{{1, edge, edge}, {}, {}};
    map.values.resize(edge * edge);
    Random random(1, Purpose::test);
    for (std::int64_t i = 1; i <= count; ++i) {
        const std::int64_t cy = random.below(edge), cx = random.below(edge);
        const std::int64_t radius = 8 + random.below(8);
        for (std::int64_t y = std::max<std::int64_t>(0, cy - radius);
             y <= std::min(edge - 1, cy + radius); ++y)
            for (std::int64_t x = std::max<std::int64_t>(0, cx - radius);
                 x <= std::min(edge - 1, cx + radius); ++x)
                if ((y - cy) * (y - cy) + (x - cx) * (x - cx) <= radius * radius)
                    map.plane()[y * edge + x] = static_cast<std::uint32_t>(i);
    }
    return map;
}

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "wrong result: %s\n", what);
    std::exit(1);
}

/// The weight at one background pixel by equation 2, over all object pixels.
double weight_at(const LabelMap& labels, std::int64_t y, std::int64_t x) {
    std::vector<double> nearest(objects + 1, std::numeric_limits<double>::infinity());
    for (std::int64_t v = 0; v < map_edge; ++v)
        for (std::int64_t u = 0; u < map_edge; ++u) {
            const std::uint32_t id = labels.plane()[v * map_edge + u];
            const double distance =
                std::hypot(static_cast<double>(v - y), static_cast<double>(u - x));
            if (id != 0) nearest[id] = std::min(nearest[id], distance);
        }
    std::partial_sort(nearest.begin(), nearest.begin() + 2, nearest.end());
    const double sum = nearest[0] + nearest[1];
    return 1.0 + 10.0 * std::exp(-sum * sum / 50.0);
}

void weight_map(benchmark::State& state) {
    const LabelMap map = random_cells(map_edge, objects);
    const TargetOptions options{.class_balance = false};
    const std::vector<double> ones(2, 1.0);
    LabelMap labels = map;
    auto targets = make_targets(labels, instances, {}, "bench");
    auto weights = make_weights(labels, targets, instances, options, ones);
    for (std::int64_t i = 0; i < 40; ++i) {
        const std::int64_t y = (i * 97) % map_edge, x = (i * 211) % map_edge;
        const auto at = static_cast<std::size_t>(y * map_edge + x);
        if (targets[at] == 0)
            require(std::abs(static_cast<double>(weights[at]) - weight_at(labels, y, x)) < 2e-6,
                    "weight map");
    }
    for (auto _ : state) {
        labels = map;
        targets = make_targets(labels, instances, {}, "bench");
        weights = make_weights(labels, targets, instances, options, ones);
        benchmark::DoNotOptimize(weights.data());
    }
}
BENCHMARK(weight_map)->Unit(benchmark::kMillisecond);

TrainingSet made_set(std::int64_t edge) {
    Context context(1);
    Dataset set;
    set.meaning = instances;
    Image image{{1, edge, edge}, 1, {}, SampleType::u8, {}, false};
    Random random(2, Purpose::test);
    for (std::int64_t i = 0; i < edge * edge; ++i)
        image.values.push_back(static_cast<float>(random.below(256)));
    set.samples.push_back({"made", "made", image, random_cells(edge, objects)});
    return TrainingSet(context, std::move(set), {NormaliseRule::range, {}, {}}, {});
}

void patch(benchmark::State& state, const AugmentOptions& options) {
    const TrainingSet set = made_set(tile);
    const SliceView slice = set.slice(0);
    constexpr std::size_t pixels = tile * tile;
    std::vector<float> image(pixels), weights(pixels);
    std::vector<std::uint8_t> targets(pixels);
    const PatchGeometry geometry{{1, tile, tile}, {1, tile, tile}};
    Random cut(1, Purpose::augmentation);
    PatchSampler(AugmentOptions::none(), geometry)
        .sample(slice, 0, 0, cut, image.data(), targets.data(), weights.data());
    require(std::equal(image.begin(), image.end(), slice.image), "patch without augmentation");
    PatchSampler sampler(options, geometry);
    std::uint32_t step = 0;
    for (auto _ : state) {
        Random random(1, Purpose::augmentation, step++);
        sampler.sample(slice, 0, 0, random, image.data(), targets.data(), weights.data());
        benchmark::DoNotOptimize(image.data());
    }
}

void elastic_patch(benchmark::State& state) {
    AugmentOptions options = AugmentOptions::none();
    options.elastic_sigma = 10.0;
    patch(state, options);
}
BENCHMARK(elastic_patch)->Unit(benchmark::kMillisecond);

void patch_with_all_options(benchmark::State& state) {
    AugmentOptions options;
    options.gamma_min = 0.8;
    options.noise = 0.1;
    patch(state, options);
}
BENCHMARK(patch_with_all_options)->Unit(benchmark::kMillisecond);

void batch_of_4x192(benchmark::State& state) {
    const TrainingSet set = made_set(tile);
    BatchOptions options;
    options.geometry = {{1, 192, 192}, {1, 192, 192}};
    options.foreground = 0.333;
    BatchMaker maker(set, options);
    Batch batch;
    std::uint32_t step = 0;
    for (auto _ : state) maker.make(step++, batch);
}
BENCHMARK(batch_of_4x192)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace unet

BENCHMARK_MAIN();
