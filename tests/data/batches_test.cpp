#include "unet/data/batches.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <map>
#include <thread>

#include "tests/data/made.h"
#include "unet/core/error.h"

namespace unet {
namespace {

/// Two pictures of one class map each; normalised values are the stored ones.
Dataset made_set(std::int64_t height = 40, std::int64_t width = 48) {
    Dataset set;
    set.meaning = {LabelKind::instances, {0, 1}, {}, ""};
    for (std::int64_t i = 0; i < 2; ++i)
        set.samples.push_back({fmt::format("s{}", i), "", made::image_of({1, height, width}, 1, i),
                               made::cells(height, width, 6, 3)});
    return set;
}

TrainingSet training_set(Dataset set) {
    Context context(2);
    return TrainingSet(context, std::move(set), {NormaliseRule::fixed, {0.0}, {1.0}}, {});
}

BatchOptions small_batches() {
    BatchOptions options;
    options.batch_size = 3;
    options.geometry = {{1, 20, 24}, {1, 12, 16}};
    options.seed = 11;
    return options;
}

bool equal(const Batch& a, const Batch& b) {
    return a.step == b.step && a.images == b.images && a.targets == b.targets &&
           a.weights == b.weights && a.slices == b.slices;
}

TEST(PatchSamplerTest, WithoutAugmentationAPatchIsTheExactCut) {
    const TrainingSet set = training_set(made_set());
    PatchSampler sampler(AugmentOptions::none(), {{1, 20, 24}, {1, 12, 16}});
    std::vector<float> image(20 * 24), weights(12 * 16);
    std::vector<std::uint8_t> targets(12 * 16);
    const SliceView slice = set.slice(1);
    Random random(1, Purpose::augmentation);
    sampler.sample(slice, 9, 30, random, image.data(), targets.data(), weights.data());
    for (std::int64_t y = 0; y < 20; ++y)
        for (std::int64_t x = 0; x < 24; ++x) {
            const std::int64_t sy = mirrored(9 - 4 + y, 40), sx = mirrored(30 - 4 + x, 48);
            ASSERT_EQ(image[y * 24 + x], slice.image[sy * 48 + sx]);
        }
    for (std::int64_t y = 0; y < 12; ++y)
        for (std::int64_t x = 0; x < 16; ++x) {
            const auto at = static_cast<std::size_t>(y * 16 + x);
            ASSERT_EQ(targets[at], slice.targets[(9 + y) * 48 + 30 + x]);
            ASSERT_EQ(weights[at], slice.weights[(9 + y) * 48 + 30 + x]);
        }
}

TEST(PatchSamplerTest, ImageTargetsAndWeightsMoveTogether) {
    // A picture whose values are its targets: after any shape change the image, rounded, is the
    // target, but for pixels at an edge, where Catmull-Rom and nearest may differ.
    Dataset set = made_set(64, 64);
    const TrainingSet first = training_set(set);
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t p = 0; p < 64 * 64; ++p)
            set.samples[i].image.values[p] = first.slice(static_cast<std::int64_t>(i)).targets[p];
    const TrainingSet training = training_set(std::move(set));
    AugmentOptions options = AugmentOptions::none();
    options.elastic_sigma = 5.0;
    options.rotation = 180.0;
    options.flips = true;
    options.scale_min = 0.7;
    options.scale_max = 1.4;
    PatchSampler sampler(options, {{1, 64, 64}, {1, 48, 48}});
    std::vector<float> image(64 * 64), weights(48 * 48);
    std::vector<std::uint8_t> targets(48 * 48);
    int wrong = 0, foreground = 0;
    for (std::uint32_t step = 0; step < 20; ++step) {
        Random random(1, Purpose::augmentation, step);
        sampler.sample(training.slice(step % 2), 8, 8, random, image.data(), targets.data(),
                       weights.data());
        for (std::size_t y = 0; y < 48; ++y)
            for (std::size_t x = 0; x < 48; ++x) {
                const float value = image[(y + 8) * 64 + x + 8];
                wrong += std::abs(value - targets[y * 48 + x]) > 0.75f;
                foreground += targets[y * 48 + x];
            }
    }
    EXPECT_GT(foreground, 2000);
    EXPECT_LT(wrong, 46);  // 0.1 % of 20 x 48 x 48
}

TEST(PatchSamplerTest, IgnoredPixelsWeighNothingAfterResampling) {
    Dataset set = made_set();
    set.meaning = {LabelKind::classes, {0, 1}, 9, ""};
    for (auto& sample : set.samples)
        for (std::size_t i = 0; i < sample.labels.values.size(); ++i)
            sample.labels.values[i] = i % 48 < 24 ? 9 : 1;
    const TrainingSet training = training_set(std::move(set));
    PatchSampler sampler(AugmentOptions{}, {{1, 32, 32}, {1, 32, 32}});
    std::vector<float> image(32 * 32), weights(32 * 32);
    std::vector<std::uint8_t> targets(32 * 32);
    int zero = 0, counted = 0;
    for (std::uint32_t step = 0; step < 10; ++step) {
        Random random(1, Purpose::augmentation, step);
        sampler.sample(training.slice(0), 4, 8, random, image.data(), targets.data(),
                       weights.data());
        for (std::size_t i = 0; i < targets.size(); ++i) {
            // The only class that counts here is 1; ignored pixels are 0 and must weigh nothing.
            ASSERT_EQ(targets[i] == 0, weights[i] == 0.0f);
            (weights[i] == 0.0f ? zero : counted) += 1;
        }
    }
    EXPECT_GT(zero, 1000);
    EXPECT_GT(counted, 1000);
}

TEST(PatchSamplerTest, AnOutputThatIsNotCentredIsAnError) {
    EXPECT_THROW(PatchSampler({}, {{1, 20, 20}, {1, 15, 20}}), Error);
    EXPECT_THROW(PatchSampler({}, {{1, 20, 20}, {1, 22, 22}}), Error);
    EXPECT_THROW(PatchSampler({}, {{2, 20, 20}, {2, 20, 20}}), Error);
}

TEST(BatchMakerTest, ABatchDependsOnItsStepAlone) {
    const TrainingSet set = training_set(made_set());
    BatchMaker maker(set, small_batches()), other(set, small_batches());
    Batch first, again, next;
    maker.make(7, first);
    maker.make(8, next);
    other.make(8, again);
    EXPECT_TRUE(equal(next, again));
    other.make(7, again);
    EXPECT_TRUE(equal(first, again));
    EXPECT_NE(first.images, next.images);
    EXPECT_EQ(first.image_shape, (Shape{3, 1, 1, 20, 24}));
    EXPECT_EQ(first.target_shape, (Shape{3, 1, 1, 12, 16}));
    BatchOptions seeded = small_batches();
    seeded.seed = 12;
    BatchMaker(set, seeded).make(7, again);
    EXPECT_NE(first.images, again.images);
}

TEST(BatchMakerTest, ImagesSmallerThanThePatchAreMirrored) {
    const TrainingSet set = training_set(made_set(5, 1));
    BatchMaker maker(set, small_batches());
    Batch batch;
    for (std::uint32_t step = 0; step < 20; ++step) {
        maker.make(step, batch);
        for (const float value : batch.images) ASSERT_TRUE(std::isfinite(value));
    }
}

TEST(BatchMakerTest, ForegroundPatchesAreCentredOnAnEvenlyDrawnClass) {
    Dataset set = made_set(200, 200);
    set.meaning = {LabelKind::classes, {0, 1, 2}, {}, ""};
    for (auto& sample : set.samples) {
        std::fill(sample.labels.values.begin(), sample.labels.values.end(), 0u);
        sample.labels.values[150 * 200 + 31] = 1;  // one pixel each
        sample.labels.values[20 * 200 + 170] = 2;
    }
    const TrainingSet training = training_set(std::move(set));
    BatchOptions options = small_batches();
    options.augment = AugmentOptions::none();
    options.foreground = 1.0;
    options.batch_size = 10;
    BatchMaker maker(training, options);
    Batch batch;
    std::map<int, int> centres;
    for (std::uint32_t step = 0; step < 60; ++step) {
        maker.make(step, batch);
        for (std::size_t i = 0; i < 10; ++i) ++centres[batch.targets[i * 192 + 6 * 16 + 8]];
    }
    // Binomial of 600 draws: deviation 11.5; five of them.
    for (int c = 0; c < 3; ++c) EXPECT_NEAR(centres[c], 200, 58) << c;
}

TEST(BatchMakerTest, PatchesThatAreWhollyIgnoredAreDrawnAgain) {
    Dataset set = made_set(200, 200);
    set.meaning = {LabelKind::classes, {0, 1}, 9, ""};
    for (auto& sample : set.samples)
        for (std::size_t i = 0; i < sample.labels.values.size(); ++i)
            sample.labels.values[i] = i % 200 < 100 ? 9 : 1;
    const TrainingSet training = training_set(std::move(set));
    BatchOptions options = small_batches();
    options.augment = AugmentOptions::none();
    BatchMaker maker(training, options);
    Batch batch;
    for (std::uint32_t step = 0; step < 100; ++step) {
        maker.make(step, batch);
        for (std::size_t i = 0; i < 3; ++i) {
            float sum = 0.0f;
            for (std::size_t p = 0; p < 192; ++p) sum += batch.weights[i * 192 + p];
            ASSERT_GT(sum, 0.0f) << step;
        }
    }
}

// One pixel counts in 80,000, and shrinking to a quarter jumps over it: only a draw that is centred
// on it and left unvaried is sure to hold it.
TEST(BatchMakerTest, NoPatchIsWhollyIgnoredHoweverSparseTheAnnotationIs) {
    Dataset set = made_set(200, 200);
    set.meaning = {LabelKind::classes, {0, 1}, 9, ""};
    for (auto& sample : set.samples)
        std::fill(sample.labels.values.begin(), sample.labels.values.end(), 9u);
    set.samples[1].labels.values[150 * 200 + 31] = 1;
    const TrainingSet training = training_set(std::move(set));
    BatchOptions options = small_batches();
    options.augment.scale_min = 0.25;
    options.augment.scale_max = 0.3;
    BatchMaker maker(training, options);
    Batch batch;
    for (std::uint32_t step = 0; step < 200; ++step) {
        maker.make(step, batch);
        for (std::size_t i = 0; i < 3; ++i) {
            const auto first = batch.weights.begin() + static_cast<std::ptrdiff_t>(i * 192);
            ASSERT_GT(*std::max_element(first, first + 192), 0.0f) << step;
            ASSERT_EQ(batch.slices[i], 1);
        }
    }
}

TEST(BatchMakerTest, GreyImagesInAColourSetFillThreeEqualChannels) {
    Dataset set = made_set();
    set.channels = 3;
    set.rgb = set.mixed = true;
    set.samples[1].image = made::image_of({1, 40, 48}, 3);
    const TrainingSet training = training_set(std::move(set));
    BatchMaker maker(training, small_batches());
    Batch batch;
    for (std::uint32_t step = 0; step < 5; ++step) {
        maker.make(step, batch);
        ASSERT_EQ(batch.image_shape.channels, 3);
        for (std::size_t i = 0; i < 3; ++i) {
            const auto first = batch.images.begin() + static_cast<std::ptrdiff_t>(i * 3 * 480);
            EXPECT_EQ(std::equal(first, first + 480, first + 480), batch.slices[i] == 0);
            EXPECT_EQ(std::equal(first, first + 480, first + 960), batch.slices[i] == 0);
        }
    }
}

TEST(BatchMakerTest, OptionsOutOfRangeAreAnError) {
    const TrainingSet set = training_set(made_set());
    BatchOptions options = small_batches();
    options.batch_size = 0;
    EXPECT_THROW(BatchMaker(set, options), Error);
    options = small_batches();
    options.foreground = 1.5;
    EXPECT_THROW(BatchMaker(set, options), Error);
    options = small_batches();
    options.augment.scale_min = 2.0;
    EXPECT_THROW(BatchMaker(set, options), Error);
    options = small_batches();
    options.augment.elastic_grid = 1;
    EXPECT_THROW(BatchMaker(set, options), Error);
}

TEST(BatchQueueTest, GivesTheBatchesOfTheMakerFromAnyStepOn) {
    const TrainingSet set = training_set(made_set());
    BatchMaker maker(set, small_batches());
    Batch expected;
    for (const std::uint32_t first : {0u, 5u}) {
        BatchQueue queue(set, small_batches(), first);
        for (std::uint32_t step = first; step < first + 12; ++step) {
            const Batch& batch = queue.next();
            // Time for the producer to run ahead: it must not write into what is being read.
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            maker.make(step, expected);
            ASSERT_TRUE(equal(batch, expected)) << step;
        }
    }
}

TEST(BatchQueueTest, MemoryIsAsPlannedAndNothingIsAllocatedAfterTheFirstRound) {
    const TrainingSet set = training_set(made_set());
    BatchQueue queue(set, small_batches(), 0, 3);
    EXPECT_EQ(BatchQueue::bytes(small_batches(), set.channels(), 3),
              3 * (3 * (20 * 24 * 4 + 12 * 16 * 5) + 3 * 8));
    std::vector<const float*> places;
    for (int i = 0; i < 9; ++i) places.push_back(queue.next().images.data());
    for (std::size_t i = 3; i < 9; ++i) EXPECT_EQ(places[i], places[i - 3]);
}

TEST(BatchQueueTest, StopsAtOnceWhileNobodyTakes) {
    const TrainingSet set = training_set(made_set());
    for (int i = 0; i < 20; ++i) BatchQueue queue(set, small_batches(), 0);
    BatchQueue queue(set, small_batches(), 0);
    queue.next();
    EXPECT_GE(queue.waited_seconds(), 0.0);
}

}  // namespace
}  // namespace unet
