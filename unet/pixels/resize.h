#pragma once

#include <cstdint>
#include <vector>

namespace unet {

/// How values between pixels are found.
enum class Interpolation {
    linear,  ///< a triangle: between 0 and 1 stays between 0 and 1
    cubic,   ///< Catmull-Rom (Catmull, Rom 1974; the cubic kernel with a = -1/2): keeps edges sharp
};

/// How the pixels of an axis are made of those of another length that spans the same distance.
/// Where the axis is made shorter the kernel is stretched, so that each pixel averages what it
/// covers and nothing finer folds back. Kernels are cut at the ends and their weights sum to 1:
/// what Pillow's resize does with BILINEAR and BICUBIC. A pixel depends on its own number alone,
/// never on what else is made.
class AxisResize {
public:
    /// Both lengths are at least 1. As many pixels as before are copies.
    AxisResize(std::int64_t from, std::int64_t to, Interpolation interpolation);

    std::int64_t size() const { return static_cast<std::int64_t>(first_.size()); }
    /// The pixels that a pixel is made of: [begin, end), never empty, both growing with `pixel`.
    std::int64_t begin(std::int64_t pixel) const { return first_[pixel]; }
    std::int64_t end(std::int64_t pixel) const { return begin(pixel) + taps_of(pixel); }
    /// Most pixels that one is made of.
    std::int64_t taps() const { return taps_; }
    static std::int64_t most_taps(std::int64_t from, std::int64_t to, Interpolation interpolation);

    /// made[k] = sum of weight * rows[(tap) * stride + k] over the pixels of `pixel`, for `count`
    /// values side by side: an axis across which rows lie. `rows` is that of begin(pixel).
    void across(std::int64_t pixel, const float* rows, std::int64_t stride, std::int64_t count,
                float* made) const;
    /// Pixels [first, first + count) out of a row whose value of begin(first) is `row`.
    void along(std::int64_t first, std::int64_t count, const float* row, float* made) const;

private:
    std::int64_t taps_of(std::int64_t pixel) const { return count_[pixel]; }
    const float* weights_of(std::int64_t pixel) const { return weights_.data() + pixel * taps_; }

    std::int64_t taps_ = 1;
    std::vector<std::int64_t> first_, count_;
    std::vector<float> weights_;  ///< taps_ for each pixel
};

}  // namespace unet
