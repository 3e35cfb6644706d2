#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "unet/core/context.h"
#include "unet/core/image.h"
#include "unet/pixels/region.h"
#include "unet/predict/views/views.h"

namespace unet::predict {

/// Means of the probabilities that are predicted for all views of a slice, one slice and one view
/// at a time. Memory is kept from slice to slice.
class ViewAverage {
public:
    /// Predicts view `v`, which is read from `source`, into `sink`.
    using PredictView = std::function<void(std::size_t v, RegionSource& source, RegionSink& sink)>;

    explicit ViewAverage(Averaging averaging) : views_(views_of(averaging)) {}

    const std::vector<View>& views() const { return views_; }

    /// Allocates what slices of this kind need; `largest_view` counts pixels.
    void prepare(const Size3& slice, std::int64_t channels, std::int64_t classes,
                 std::int64_t largest_view);
    /// Room for so many values of the slice at hand; a mean has to begin there, too.
    std::span<float> room(std::int64_t values);
    /// The mean for `region`, a whole slice, into room(): planar, a channel per class.
    void mean(Context& context, RegionSource& source, const Region& region,
              const PredictView& predict);

private:
    std::vector<View> views_;
    std::int64_t classes_ = 0, largest_view_ = 0;
    Image slice_, shown_, probabilities_;
    ViewSums sums_;
};

}  // namespace unet::predict
