// Frames that come again and again: one model for all threads, and no memory asked for after the
// first frame. Every way of the C library to get memory is counted while `counting` is set,
// OpenMP's own threads included.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <thread>

#include "small_models.h"
#include "unet/core/error.h"
#include "unet/pixels/frame.h"
#include "unet/predict/predictor.h"

namespace {

std::atomic<bool> counting{false};
std::atomic<long> allocations{0};

void count() {
    if (counting.load(std::memory_order_relaxed)) ++allocations;
}

}  // namespace

// glibc's own functions behind those that are replaced here.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier, readability-identifier-naming): glibc's names
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
// NOLINTEND(bugprone-reserved-identifier, readability-identifier-naming)

void* malloc(std::size_t size) {
    count();
    return __libc_malloc(size);
}
void* calloc(std::size_t n, std::size_t size) {
    count();
    return __libc_calloc(n, size);
}
void* realloc(void* memory, std::size_t size) {
    count();
    return __libc_realloc(memory, size);
}
void* memalign(std::size_t alignment, std::size_t size) {
    count();
    return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
    *memory = memalign(alignment, size);
    return *memory ? 0 : ENOMEM;
}
}

namespace unet {
namespace {

TEST(AllocationsTest, AreCounted) {
    counting = true;
    allocations = 0;
    std::vector<int>* numbers = new std::vector<int>(100);
    void* aligned = std::aligned_alloc(64, 640);
    counting = false;
    EXPECT_EQ(allocations, 3);
    EXPECT_NE(aligned, nullptr);
    delete numbers;
    std::free(aligned);
}

/// A camera's memory: 16 bit samples (or 8), each row followed by bytes that are no pixels.
struct Camera {
    std::int64_t height, width, channels;
    SampleType type;
    std::vector<std::uint8_t> memory{};

    std::ptrdiff_t sample() const { return type == SampleType::u16 ? 2 : 1; }
    std::ptrdiff_t stride() const { return width * channels * sample() + 24; }
    FrameView view() const {
        return {.data = memory.data(),
                .type = type,
                .height = height,
                .width = width,
                .channels = channels,
                .rgb = channels == 3,
                .row_stride = stride()};
    }
    /// Discs on noise: another number of objects for each `number`.
    void take(std::uint64_t number) {
        memory.resize(stride() * height);
        for (std::size_t i = 0; i < memory.size(); ++i)
            memory[i] = static_cast<std::uint8_t>((i + number * 7919) * 2654435761u >> 13);
    }
    Image image() const {
        FrameSource source(view());
        Image result{.size = source.size(),
                     .channels = channels,
                     .values = {},
                     .type = type,
                     .spacing = {},
                     .rgb = channels == 3};
        result.values.resize(channels * result.size.elements());
        source.read({0, 0, 0, result.size}, result.values);
        return result;
    }
};

struct Case {
    const char* name;
    Padding padding;
    NormaliseRule rule;
    std::int64_t tile;
    std::int64_t channels;  ///< of the frames; the model is grey
    double split_depth = 0.0;
};

class FramesTest : public ::testing::TestWithParam<Case> {};

TEST_P(FramesTest, OneModelOnTwoThreadsAllocatesNothingAfterTheFirstFrame) {
    const Case& c = GetParam();
    Model model = test::drawn_model(test::small_network(c.padding, 3));
    model.info.normalisation.rule = c.rule;
    model.info.minimum_size = 3;
    model.info.split_depth = c.split_depth;
    // Half of the pixels are foreground, in many pieces.
    Camera first{61, 90, c.channels, SampleType::u16};
    first.take(0);
    const Image probabilities = Predictor(model).probabilities(first.image());
    std::vector<float> foreground(probabilities.plane(1), probabilities.plane(1) + 61 * 90);
    std::nth_element(foreground.begin(), foreground.begin() + 2000, foreground.end());
    model.info.threshold = foreground[2000];

    const auto shared = std::make_shared<const PreparedModel>(model);
    constexpr int frames = 6;
    std::barrier gate(3);
    std::vector<std::vector<std::uint32_t>> found[2];
    std::vector<std::int64_t> counts[2];
    std::atomic<std::int64_t> tiles{0};
    const auto work = [&](int thread) {
        Camera camera{61, 90, c.channels, thread == 0 ? SampleType::u16 : SampleType::u8};
        PredictOptions options{.threads = 3, .tile = c.tile};  // more than some loops have items
        options.progress = [&](std::int64_t, std::int64_t) { ++tiles; };
        options.cancelled = [] { return false; };
        Predictor predictor(shared, options);
        found[thread].assign(frames, std::vector<std::uint32_t>(61 * 90));
        counts[thread].assign(frames, 0);
        for (std::size_t i = 0; i < frames; ++i) {
            if (i == 1) {
                gate.arrive_and_wait();  // both had their first
                gate.arrive_and_wait();  // counting began
            }
            camera.take(i);
            FrameSource frame(camera.view());
            counts[thread][i] = predictor.objects(frame, found[thread][i]);
        }
        gate.arrive_and_wait();  // counting ends before the threads do
        gate.arrive_and_wait();
    };
    std::thread a(work, 0), b(work, 1);
    gate.arrive_and_wait();
    allocations = 0;
    counting = true;
    gate.arrive_and_wait();
    gate.arrive_and_wait();
    counting = false;
    gate.arrive_and_wait();
    a.join();
    b.join();
    EXPECT_EQ(allocations, 0);
    EXPECT_GE(tiles, 2 * frames);

    for (int thread = 0; thread < 2; ++thread)
        for (std::size_t i = 0; i < frames; ++i) {
            Camera camera{61, 90, c.channels, thread == 0 ? SampleType::u16 : SampleType::u8};
            camera.take(i);
            const LabelMap expected = Predictor(model).objects(camera.image());
            ASSERT_EQ(found[thread][i], expected.values) << c.name << ' ' << thread << ' ' << i;
            ASSERT_EQ(counts[thread][i],
                      *std::max_element(expected.values.begin(), expected.values.end()));
        }
    EXPECT_GT(counts[0][1], 3);
    EXPECT_NE(counts[0][1], counts[0][2]);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, FramesTest,
    ::testing::Values(Case{"same", Padding::same, NormaliseRule::image, 0, 1},
                      Case{"parted", Padding::same, NormaliseRule::image, 0, 1, 0.2},
                      Case{"valid_tiles", Padding::valid, NormaliseRule::range, 16, 1},
                      Case{"colours_averaged", Padding::same, NormaliseRule::image, 32, 3}),
    [](const auto& test) { return test.param.name; });

TEST(SharedModelTest, ExactHasToBePrepared) {
    const Model model = test::drawn_model(test::small_network(Padding::same, 1));
    EXPECT_THROW(Predictor(std::make_shared<const PreparedModel>(model), {.exact = true}), Error);
    Predictor(std::make_shared<const PreparedModel>(model, true), {.exact = true});
}

}  // namespace
}  // namespace unet
