#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "unet/core/shape.h"
#include "unet/data/augment/augment.h"
#include "unet/data/patches.h"
#include "unet/data/training_set.h"

namespace unet {

/// What one training step sees. Host arrays, planar.
struct Batch {
    std::uint32_t step = 0;
    Shape image_shape, target_shape;  ///< N, C, D, H, W; targets have one channel
    std::vector<float> images;
    std::vector<std::uint8_t> targets;  ///< class index; 0 where the weight is 0
    std::vector<float> weights;
    std::vector<std::int64_t> slices;  ///< which slice of the training set each patch is from
};

struct BatchOptions {
    std::int64_t batch_size = 4;
    PatchGeometry geometry;
    double foreground = 0.0;  ///< part of the patches centred on a pixel of an evenly drawn class
    AugmentOptions augment;
    std::uint64_t seed = 0;
};

/// Makes batches: the batch of a step is a pure function of set, options and step.
///
/// A patch comes from a slice drawn evenly, at a place drawn evenly such that its output lies
/// inside the slice (or the slice inside the output, where it is smaller); with probability
/// `foreground` from around a pixel of TrainingSet::draw_pixel instead. A patch in which no pixel
/// counts, as where annotation is sparse, is drawn again: a few times as before, then around such a
/// pixel, at last unvaried, so that the pixel is in it. Purposes: sampling and augmentation, sample
/// = index in the batch.
class BatchMaker {
public:
    /// `set` must outlive it. Throws Error(invalid_argument) for options out of range; see
    /// PatchSampler.
    BatchMaker(const TrainingSet& set, const BatchOptions& options);

    /// Fills `batch`, allocating only if it does not have its size yet.
    void make(std::uint32_t step, Batch& batch);

    /// Bytes that patches of a set on disk are read through, at most; 0 of a set in memory.
    std::int64_t window_bytes() const;

private:
    void make_patch(std::uint32_t step, std::int64_t index, Batch& batch);
    TrainingSet::Place draw_place(bool around_a_pixel, Random& random) const;

    SliceView slice_for(PatchSampler& sampler, const TrainingSet::Place& place,
                        const Random& change);

    const TrainingSet& set_;
    BatchOptions options_;
    Shape image_shape_, target_shape_;
    PatchSampler sampler_, unvaried_;
    SliceWindow window_;
};

/// Batches made ahead by a thread of its own, in the order of steps.
class BatchQueue {
public:
    static constexpr std::size_t default_depth = 4;

    /// Starts making the batches of first_step, first_step + 1, ...; holds `depth` batches, at
    /// least 2. `set` must outlive it. Throws as BatchMaker.
    BatchQueue(const TrainingSet& set, const BatchOptions& options, std::uint32_t first_step,
               std::size_t depth = default_depth);
    /// Stops after the patch in the making.
    ~BatchQueue();
    BatchQueue(const BatchQueue&) = delete;
    BatchQueue& operator=(const BatchQueue&) = delete;

    /// The next step's batch, valid until the following call. Waits until it is made; throws what
    /// making it threw.
    const Batch& next();

    /// Seconds that next() has waited in all.
    double waited_seconds() const noexcept { return waited_seconds_; }
    /// Bytes of all batches.
    static std::int64_t bytes(const BatchOptions& options, std::int64_t channels,
                              std::size_t depth = default_depth);

private:
    void produce(std::uint32_t step);

    BatchMaker maker_;
    std::vector<Batch> ring_;
    std::mutex mutex_;
    std::condition_variable made_one_, took_one_;
    std::uint64_t made_ = 0, taken_ = 0;  ///< batches finished; batches handed out
    bool stop_ = false;
    std::exception_ptr error_;
    double waited_seconds_ = 0.0;
    std::thread producer_;
};

}  // namespace unet
