#include "unet/data/kinds.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "unet/core/math.h"
#include "unet/data/targets.h"

namespace unet {
namespace {

constexpr float one = 65536.0f;
constexpr double least_chroma = 0.04;  // mean difference of the largest and the smallest colour

std::int64_t whole(float value) {
    return static_cast<std::int64_t>(std::lround(std::clamp(value, -8.0f, 8.0f) * one));
}

double mean(std::int64_t sum, std::int64_t pixels) {
    return pixels == 0 ? 0.0 : static_cast<double>(sum) / static_cast<double>(pixels);
}

}  // namespace

void LookSums::add(std::span<const float> values, std::int64_t channels, bool rgb,
                   std::span<const std::uint8_t> targets) {
    const std::size_t pixels = targets.size();
    for (std::size_t i = 0; i < pixels; ++i) {
        if (targets[i] == ignored_target) continue;
        float sum = 0.0f, least = values[i], most = values[i];
        for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c) {
            const float value = values[c * pixels + i];
            sum += value;
            least = std::min(least, value);
            most = std::max(most, value);
        }
        const std::int64_t level = whole(sum / static_cast<float>(channels));
        (targets[i] == 0 ? background_ : foreground_) += level;
        ++(targets[i] == 0 ? background_pixels_ : foreground_pixels_);
        if (rgb && channels == 3) chroma_ += whole(most - least);
    }
}

void LookSums::add(const LookSums& other) {
    background_ += other.background_;
    background_pixels_ += other.background_pixels_;
    foreground_ += other.foreground_;
    foreground_pixels_ += other.foreground_pixels_;
    chroma_ += other.chroma_;
}

bool LookSums::colour() const {
    return mean(chroma_, background_pixels_ + foreground_pixels_) >
           least_chroma * static_cast<double>(one);
}

bool LookSums::bright_background() const {
    return background_pixels_ > 0 && foreground_pixels_ > 0 &&
           mean(background_, background_pixels_) > mean(foreground_, foreground_pixels_);
}

std::vector<std::int64_t> draws_by_kind(std::span<const ImageKind> images, double balance) {
    constexpr double most = 1 << 20;
    std::map<ImageKind, std::int64_t> count;
    for (const ImageKind& image : images) ++count[image];
    std::vector<std::int64_t> draws;
    for (const ImageKind& image : images)
        draws.push_back(std::max<std::int64_t>(
            1, std::llround(most * power_of(static_cast<double>(count[image]), -balance))));
    return draws;
}

}  // namespace unet
