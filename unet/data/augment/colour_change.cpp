#include "unet/data/augment/colour_change.h"

#include <algorithm>
#include <vector>

#include "unet/core/math.h"

namespace unet {
namespace {

using Matrix = std::array<double, 9>;

/// Optical densities in red, green and blue of the three stains, one a row, each of length 1
/// (Ruifrok and Johnston 2001, as scikit-image's rgb_from_hed before it is normalised).
constexpr Matrix stains = {0.65, 0.70, 0.29, 0.07, 0.99, 0.11, 0.27, 0.57, 0.78};

Matrix inverse_of(const Matrix& m) {
    const auto minor = [&m](int a, int b, int c, int d) { return m[a] * m[d] - m[b] * m[c]; };
    const double determinant =
        m[0] * minor(4, 5, 7, 8) - m[1] * minor(3, 5, 6, 8) + m[2] * minor(3, 4, 6, 7);
    Matrix result = {minor(4, 5, 7, 8),  -minor(1, 2, 7, 8), minor(1, 2, 4, 5),
                     -minor(3, 5, 6, 8), minor(0, 2, 6, 8),  -minor(0, 2, 3, 5),
                     minor(3, 4, 6, 7),  -minor(0, 1, 6, 7), minor(0, 1, 3, 4)};
    for (double& value : result) value /= determinant;
    return result;
}

// Darkest value that has an optical density, and how finely both ways are tabulated: steps below
// a hundredth of a grey level of 8 bits.
constexpr int entries = 4096;
constexpr float darkest = 1.0f / 255.0f, largest_density = 8.0f;

struct Tables {
    std::vector<float> density = std::vector<float>(entries + 1);       ///< of 0 .. 1
    std::vector<float> transmission = std::vector<float>(entries + 1);  ///< of 0 .. largest

    Tables() {
        for (int i = 0; i <= entries; ++i) {
            const double part = static_cast<double>(i) / entries;
            density[i] = static_cast<float>(-log_of(std::max(part, static_cast<double>(darkest))));
            transmission[i] =
                static_cast<float>(exp_of(-part * static_cast<double>(largest_density)));
        }
    }
};

float at(const std::vector<float>& table, float part) {
    const float t = std::clamp(part, 0.0f, 1.0f) * static_cast<float>(entries);
    const auto i = std::min(static_cast<std::size_t>(t), static_cast<std::size_t>(entries - 1));
    return table[i] + (table[i + 1] - table[i]) * (t - static_cast<float>(i));
}

const Tables& tables() {
    static const Tables made;
    return made;
}

}  // namespace

ColourChange::ColourChange(const AugmentOptions& options, Random& random) {
    if (options.stain == 0.0 && options.grey_patches == 0.0) return;
    grey_ = static_cast<double>(random.uniform()) < options.grey_patches;
    stained_ = options.stain > 0.0;
    const auto draw = [&] {
        return options.stain * (2.0 * static_cast<double>(random.uniform()) - 1.0);
    };
    std::array<double, 3> factor{}, offset{};
    for (int stain = 0; stain < 3; ++stain) {
        factor[stain] = exp_of(draw());
        offset[stain] = 0.2 * draw();
    }
    // densities = amounts x stains, so densities' = densities x (inverse x factors x stains).
    const Matrix amounts = inverse_of(stains);
    for (int to = 0; to < 3; ++to) {
        double shift = 0.0;
        for (int stain = 0; stain < 3; ++stain) shift += offset[stain] * stains[3 * stain + to];
        shift_[to] = static_cast<float>(shift);
        for (int from = 0; from < 3; ++from) {
            double sum = 0.0;
            for (int stain = 0; stain < 3; ++stain)
                sum += amounts[3 * from + stain] * factor[stain] * stains[3 * stain + to];
            mixing_[3 * to + from] = static_cast<float>(sum);
        }
    }
}

void ColourChange::apply(float* red, std::int64_t stride, std::int64_t count) const {
    if (!stained_ && !grey_) return;
    float *green = red + stride, *blue = green + stride;
    if (stained_) {
        const Tables& table = tables();
        for (std::int64_t i = 0; i < count; ++i) {
            const float r = red[i], g = green[i], b = blue[i];
            const std::array<float, 3> density = {at(table.density, r), at(table.density, g),
                                                  at(table.density, b)};
            // What lies beyond 0 .. 1 keeps its distance to it: densities end there.
            const auto changed = [&](int to, float value) {
                const float* row = mixing_.data() + static_cast<std::ptrdiff_t>(3) * to;
                const float sum = row[0] * density[0] + row[1] * density[1] + row[2] * density[2];
                return at(table.transmission, (sum + shift_[to]) / largest_density) +
                       (value - std::clamp(value, 0.0f, 1.0f));
            };
            red[i] = changed(0, r);
            green[i] = changed(1, g);
            blue[i] = changed(2, b);
        }
    }
    if (grey_)
        for (std::int64_t i = 0; i < count; ++i)
            red[i] = green[i] = blue[i] = (red[i] + green[i] + blue[i]) / 3.0f;
}

}  // namespace unet
