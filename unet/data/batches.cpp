#include "unet/data/batches.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "unet/core/error.h"
#include "unet/core/math.h"

namespace unet {
namespace {

// Of a patch, until one pixel counts: anywhere, then around a pixel that counts. Variation may move
// that one out (a single pixel, shrunk); the last draw does without.
constexpr int draws_anywhere = 4, most_draws = 8;

void check(const BatchOptions& options) {
    if (options.batch_size < 1)
        fail(ErrorCode::invalid_argument, "batch_size: found {}, expected at least 1",
             options.batch_size);
    if (!(options.foreground >= 0.0 && options.foreground <= 1.0))
        fail(ErrorCode::invalid_argument, "foreground: found {}, expected a number from 0 to 1",
             options.foreground);
}

/// Where a patch of `length` pixels starts on an axis of `size`: evenly where it lies inside, or
/// around the axis where it is longer.
std::int64_t draw_start(std::int64_t size, std::int64_t length, Random& random) {
    const std::int64_t room = size - length;
    return room >= 0 ? random.below(room + 1) : -random.below(-room + 1);
}

Shape shape_of(std::int64_t batch, std::int64_t channels, const Size3& size) {
    return {batch, channels, size.depth, size.height, size.width};
}

}  // namespace

BatchMaker::BatchMaker(const TrainingSet& set, const BatchOptions& options)
    : set_(set),
      options_(options),
      image_shape_(shape_of(options.batch_size, set.channels(), options.geometry.input)),
      target_shape_(shape_of(options.batch_size, 1, options.geometry.output)),
      sampler_(options.augment, options.geometry),
      unvaried_(AugmentOptions::none(), options.geometry) {
    check(options);
}

std::int64_t BatchMaker::window_bytes() const {
    if (set_.in_memory()) return 0;
    // A turned patch lies in the square of its diagonal. Normal displacements above six standard
    // deviations do not come.
    const Size3& in = options_.geometry.input;
    const double diagonal =
        sqrt_of(static_cast<double>(in.height * in.height + in.width * in.width));
    const double edge =
        diagonal / options_.augment.scale_min + 2.0 * 6.0 * options_.augment.elastic_sigma + 4.0;
    const auto pixels = static_cast<std::int64_t>(edge * edge);
    const std::int64_t pixel = 4 * set_.channels() + 4 + 1;
    return pixel * (pixels + TrainingPixels::block_edge * TrainingPixels::block_edge);
}

void BatchMaker::make(std::uint32_t step, Batch& batch) {
    batch.step = step;
    batch.image_shape = image_shape_;
    batch.target_shape = target_shape_;
    batch.images.resize(image_shape_.elements());
    batch.targets.resize(target_shape_.elements());
    batch.weights.resize(target_shape_.elements());
    batch.slices.resize(options_.batch_size);
    for (std::int64_t i = 0; i < options_.batch_size; ++i) make_patch(step, i, batch);
}

void BatchMaker::make_patch(std::uint32_t step, std::int64_t index, Batch& batch) {
    const auto sample = static_cast<std::uint32_t>(index);
    Random place(options_.seed, Purpose::sampling, step, sample);
    Random change(options_.seed, Purpose::augmentation, step, sample);
    const Size3& out = options_.geometry.output;
    float* image = batch.images.data() + index * image_shape_.elements() / image_shape_.batch;
    std::uint8_t* targets = batch.targets.data() + index * out.elements();
    float* weights = batch.weights.data() + index * out.elements();
    for (int draw = 1; draw <= most_draws; ++draw) {
        const TrainingSet::Place at = draw_place(draw > draws_anywhere, place);
        PatchSampler& sampler = draw < most_draws ? sampler_ : unvaried_;
        sampler.sample(slice_for(sampler, at, change), at.y, at.x, change, image, targets, weights);
        batch.slices[index] = at.slice;
        if (std::any_of(weights, weights + out.elements(), [](float w) { return w > 0.0f; }))
            return;
    }
}

/// What a patch at that place is made of.
SliceView BatchMaker::slice_for(PatchSampler& sampler, const TrainingSet::Place& place,
                                const Random& change) {
    if (set_.in_memory()) return set_.slice(place.slice);
    const Size3 size = set_.size_of_slice(place.slice);
    return set_.slice(place.slice, sampler.reads(size.height, size.width, place.y, place.x, change),
                      window_);
}

/// The first pixel of a patch's output.
TrainingSet::Place BatchMaker::draw_place(bool around_a_pixel, Random& random) const {
    const Size3& out = options_.geometry.output;
    if (static_cast<double>(random.uniform()) < options_.foreground || around_a_pixel) {
        const TrainingSet::Place pixel = set_.draw_pixel(random);
        return {pixel.slice, pixel.y - out.height / 2, pixel.x - out.width / 2};
    }
    const std::int64_t slice = set_.draw_slice(random);
    const Size3 size = set_.size_of_slice(slice);
    const std::int64_t top = draw_start(size.height, out.height, random);
    return {slice, top, draw_start(size.width, out.width, random)};
}

BatchQueue::BatchQueue(const TrainingSet& set, const BatchOptions& options,
                       std::uint32_t first_step, std::size_t depth)
    : maker_(set, options),
      ring_(std::max<std::size_t>(depth, 2)),
      producer_([this, first_step] { produce(first_step); }) {}

std::int64_t BatchQueue::bytes(const BatchOptions& options, std::int64_t channels,
                               std::size_t depth) {
    const std::int64_t in = options.geometry.input.elements();
    const std::int64_t out = options.geometry.output.elements();
    return static_cast<std::int64_t>(depth) * options.batch_size *
           (4 * channels * in + 5 * out + 8);
}

BatchQueue::~BatchQueue() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    took_one_.notify_one();
    producer_.join();
}

void BatchQueue::produce(std::uint32_t step) {
    for (;; ++step) {
        std::uint64_t slot = 0;
        {
            std::unique_lock lock(mutex_);
            // The batch handed out last is still being read: one slot stays untouched.
            took_one_.wait(lock, [&] {
                return stop_ || made_ - taken_ + (taken_ > 0 ? 1 : 0) < ring_.size();
            });
            if (stop_) return;
            slot = made_ % ring_.size();
        }
        try {
            maker_.make(step, ring_[slot]);
        } catch (...) {
            const std::lock_guard lock(mutex_);
            error_ = std::current_exception();
        }
        {
            const std::lock_guard lock(mutex_);
            ++made_;
        }
        made_one_.notify_one();
        if (error_) return;
    }
}

const Batch& BatchQueue::next() {
    std::unique_lock lock(mutex_);
    if (made_ == taken_) {
        const auto start = std::chrono::steady_clock::now();
        made_one_.wait(lock, [&] { return made_ > taken_; });
        waited_seconds_ +=
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    // A batch that could not be made is the last one, and stays so for later calls.
    if (error_ && made_ == taken_ + 1) std::rethrow_exception(error_);
    const Batch& batch = ring_[taken_ % ring_.size()];
    ++taken_;
    lock.unlock();
    took_one_.notify_one();
    return batch;
}

}  // namespace unet
