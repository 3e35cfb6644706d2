#include "unet/data/augment/grey_values.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "unet/core/math.h"

namespace unet {
namespace {

constexpr std::size_t noise_entries = 4096;

/// A fixed sample of the normal distribution, shifted and scaled to mean 0 and deviation 1: picking
/// from it costs a hundredth of a draw, and noise needs no more.
const std::vector<float>& normal_sample() {
    static const std::vector<float> sample = [] {
        std::vector<float> values(noise_entries);
        Random random(0, Purpose::augmentation);
        double sum = 0.0, squares = 0.0;
        for (float& value : values) {
            value = random.normal();
            sum += static_cast<double>(value);
            squares += static_cast<double>(value) * static_cast<double>(value);
        }
        const double count = static_cast<double>(noise_entries), mean = sum / count;
        const double deviation = sqrt_of(squares / count - mean * mean);
        for (float& value : values)
            value = static_cast<float>((static_cast<double>(value) - mean) / deviation);
        return values;
    }();
    return sample;
}

}  // namespace

GreyChange::GreyChange(const AugmentOptions& options, Random& random) {
    const auto draw = [&](double low, double high) {
        return low + (high - low) * static_cast<double>(random.uniform());
    };
    const double gamma = exp_of(draw(log_of(options.gamma_min), log_of(options.gamma_max)));
    const double contrast = draw(options.contrast_min, options.contrast_max);
    const double brightness = draw(-options.brightness, options.brightness);
    const bool inverted = static_cast<double>(random.uniform()) < options.invert;
    noise_ = static_cast<float>(draw(0.0, options.noise));
    factor_ = static_cast<float>(inverted ? -contrast : contrast);
    offset_ = static_cast<float>(inverted ? 1.0 - brightness : brightness);
    curved_ = gamma != 1.0;
    if (curved_)
        for (int i = 0; i <= knots; ++i)
            curve_[i] = static_cast<float>(power_of(static_cast<double>(i) / knots, gamma));
}

void GreyChange::apply(std::span<float> values) const {
    if (curved_)
        for (float& value : values) {
            // Straight on below 0 and above 1, where the power is steep or undefined.
            const float t = value * static_cast<float>(knots);
            const auto i =
                static_cast<std::size_t>(std::clamp(t, 0.0f, static_cast<float>(knots - 1)));
            const float low = curve_[i];
            const float high = curve_[i + 1];
            value = low + (high - low) * (t - static_cast<float>(i));
        }
    if (factor_ != 1.0f || offset_ != 0.0f)
        for (float& value : values) value = value * factor_ + offset_;
}

void GreyChange::add_noise(std::span<float> values, Random& random) const {
    if (noise_ == 0.0f) return;
    const std::vector<float>& sample = normal_sample();
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        word = i % 2 == 0 ? random.bits() : word >> 16;  // two pixels a word
        values[i] += noise_ * sample[word % noise_entries];
    }
}

}  // namespace unet
