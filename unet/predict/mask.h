#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/pixels/region.h"
#include "unet/predict/planner.h"
#include "unet/predict/prediction_plan.h"

namespace unet::predict {

/// Which pixels of an image are predicted: all, or those where an image of one channel is neither 0
/// nor NaN.
/// It has the image's height and width and one slice for all of the image's, or as many.
class Mask {
public:
    /// All pixels.
    Mask() = default;
    /// `source` must outlive this; null: all pixels.
    explicit Mask(RegionSource* source) : source_(source) {}

    /// Throws Error(shape_mismatch) if the mask does not fit, Error(invalid_argument) for logits,
    /// which have no background.
    void check(const Size3& image, PredictionKind kind) const;

    /// Puts the background into `result`, planar values of `core`, a part of the image as the
    /// network is shown it in the size `shown`, if no wanted pixel depends on it; true if it did.
    /// Fastest in raster order.
    bool leaves_out(const Region& core, const Size3& shown, std::span<float> result);

    /// Which pixels of a row of the image, in its own size, are wanted: 0 those that are not;
    /// empty: all are. Valid until the next call.
    std::span<const float> row(std::int64_t z, std::int64_t y, std::int64_t x, std::int64_t width) {
        return source_ ? values({z, y, x, {1, 1, width}}) : std::span<const float>();
    }

    /// Counts only the tiles of `cut` that hold something wanted (with averaging: all tiles of such
    /// slices).
    void leave_out(PredictionPlan& plan, const Cut& cut, bool averages);

    /// Bytes that leaves_out() takes for cores of this size.
    std::int64_t bytes(const Size3& core, const Size3& shown) const;

private:
    friend class MaskedFootprint;
    friend class MaskedSink;

    bool wants(const Region& core, const Size3& shown);
    std::span<const float> values(const Region& region);
    Region own_pixels(const Region& core, const Size3& shown) const;

    RegionSource* source_ = nullptr;
    Region region_{};
    std::vector<float> values_;  ///< of region_
};

/// What a MaskedSink keeps, and the sink that it writes to. Both must outlive this.
class MaskedFootprint final : public Footprint {
public:
    MaskedFootprint(const Footprint& sink, const Mask& mask, std::int64_t channels)
        : sink_(sink), mask_(mask), channels_(channels) {}
    std::int64_t window_bytes(const Size3& region) const override;

private:
    const Footprint& sink_;
    const Mask& mask_;
    std::int64_t channels_;
};

/// Puts the background (label 0; of classes the first, with probability 1) where a mask is 0 before
/// another sink gets a region.
class MaskedSink final : public RegionSink {
public:
    /// Both must outlive this.
    MaskedSink(RegionSink& sink, Mask& mask, std::int64_t channels)
        : sink_(sink), mask_(mask), channels_(channels) {}

    void write(const Region& region, std::span<const float> values) override;
    std::int64_t window_bytes(const Size3& region) const override {
        return MaskedFootprint(sink_, mask_, channels_).window_bytes(region);
    }

private:
    RegionSink& sink_;
    Mask& mask_;
    std::int64_t channels_;
    std::vector<float> masked_;
};

}  // namespace unet::predict
