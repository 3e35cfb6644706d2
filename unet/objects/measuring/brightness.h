#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/objects/object_runs.h"

namespace unet {

/// Stored values of the pixels of an object in one channel; all NaN where one of them is no finite
/// number.
struct Brightness {
    double mean = 0.0;
    double std = 0.0;  ///< root of the mean squared difference to the mean (divided by n)
    double min = 0.0, max = 0.0;
    double median = 0.0;  ///< the mean of the two middle values for an even number
    double sum = 0.0;
    /// The mean less the median of the background (label 0, finite numbers only); NaN where there
    /// is none.
    double mean_corrected = 0.0;
};

/// One channel of one slice, or of all slices one after the other.
class BrightnessMeter {
public:
    /// `values` and `labels` have an entry for each pixel; `values` must outlive this.
    BrightnessMeter(std::span<const float> values, std::span<const std::uint32_t> labels,
                    std::int64_t width);

    /// Of all runs of one object; at least one. Summed in double, in raster order.
    Brightness measure(std::span<const PixelRun> runs);

private:
    std::span<const float> values_;
    std::int64_t width_;
    double background_;
    std::vector<float> picked_;
};

}  // namespace unet
