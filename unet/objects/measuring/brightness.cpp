#include "unet/objects/measuring/brightness.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "unet/core/math.h"
#include "unet/core/quantiles.h"

namespace unet {

BrightnessMeter::BrightnessMeter(std::span<const float> values,
                                 std::span<const std::uint32_t> labels, std::int64_t width)
    : values_(values), width_(width), background_(std::numeric_limits<double>::quiet_NaN()) {
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] == 0 && std::isfinite(values[i])) picked_.push_back(values[i]);
    if (!picked_.empty()) background_ = median_of(std::span(picked_));
}

Brightness BrightnessMeter::measure(std::span<const PixelRun> runs) {
    picked_.clear();
    for (const PixelRun& run : runs) {
        const float* row = values_.data() + run.y * width_;
        picked_.insert(picked_.end(), row + run.begin, row + run.end);
    }
    if (!std::all_of(picked_.begin(), picked_.end(), [](float v) { return std::isfinite(v); })) {
        constexpr double none = std::numeric_limits<double>::quiet_NaN();
        return {none, none, none, none, none, none, none};
    }
    const auto count = static_cast<double>(picked_.size());
    Brightness result;
    for (const float value : picked_) result.sum += value;
    result.mean = result.sum / count;
    double squares = 0.0;
    for (const float value : picked_) squares += (value - result.mean) * (value - result.mean);
    result.std = sqrt_of(squares / count);
    const auto [least, most] = std::minmax_element(picked_.begin(), picked_.end());
    result.min = *least;
    result.max = *most;
    result.median = median_of(std::span(picked_));
    result.mean_corrected = result.mean - background_;
    return result;
}

}  // namespace unet
