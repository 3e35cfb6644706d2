#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "unet/core/image.h"
#include "unet/core/normalisation.h"

namespace unet {

/// Percentile, 0 <= `percent` <= 100, of at least one finite value: linear between the two nearest
/// ranks, as numpy.percentile of the values in double. Whole numbers from 0 to 65535 are counted
/// (one pass); others are copied and partly sorted.
/// Throws Error(invalid_argument) for no values or a percentage out of range.
double percentile(std::span<const float> values, double percent);

/// Values of many images, for percentiles of them all. Exact: whole numbers from 0 to 65535 are
/// counted in 512 KiB; once another value comes, all are kept (4 bytes each).
class ValueCounts {
public:
    void add(std::span<const float> values);
    /// Forgets all values and keeps the memory.
    void clear();
    std::int64_t size() const noexcept { return size_; }
    /// As the function above; reorders kept values.
    double percentile(double percent);
    /// How many are equal to `value`.
    std::int64_t count(double value) const;

private:
    double ranked(std::int64_t rank);

    std::vector<std::int64_t> counts_;
    std::vector<float> values_;
    std::int64_t size_ = 0;
    bool counting_ = true;
};

/// The stored values that become 0 and 1, per channel or one entry for all channels.
struct Scaling {
    std::vector<double> low, high;
    double clip = 0.0;  ///< as that of Normalisation
    bool operator==(const Scaling&) const = default;
};

/// Percentages of rules `image` and `dataset`.
inline constexpr double low_percent = 1.0, high_percent = 99.8;

/// The stored values of one channel that become 0 and 1.
struct ValueRange {
    double low = 0.0, high = 0.0;
};

/// Low and high of values that were counted. Where both percentiles are one value (an image that is
/// empty but for a few pixels), the least and the largest value.
ValueRange range_of(ValueCounts& values);

/// Low and high of an image: percentiles 1 and 99.8 per channel, or of its three colours together
/// (rgb), which are never stretched apart.
Scaling percentile_scaling(const Image& image);

/// Low 0 and high the largest value of the type; 1 for f32.
Scaling range_scaling(SampleType type);

/// What a rule means for an image. `image` of an RGB image stretches its three colours together, so
/// that a grey image that was made RGB looks as before (a set of RGB images alone takes `range`).
/// Throws Error(shape_mismatch) if the rule has numbers for another count of channels, and
/// Error(invalid_argument) if rule dataset or fixed has no numbers.
Scaling scaling_of(const Image& image, const Normalisation& rule);

/// (v - low) / (high - low), limited to -clip .. 1 + clip where clip is above 0; v - low where high
/// is not above low, so that a constant image becomes zeros.
void normalise(std::span<float> values, double low, double high, double clip = 0.0);
/// The same for each of `channels` planes that follow each other, and for those of an image.
/// Throws Error(shape_mismatch) if `scaling` has neither one entry nor one per channel.
void normalise(std::span<float> values, std::int64_t channels, const Scaling& scaling);
void normalise(Image& image, const Scaling& scaling);

/// The stored values of a channel that become -clip and 1 + clip; all that floats hold where there
/// is no limit.
ValueRange limits_of(const Scaling& scaling, std::size_t channel);

/// Throws Error(unsupported) if a value is not finite, with their number and the first place.
/// `where` names the file.
void check_finite(const Image& image, std::string_view where);

}  // namespace unet
