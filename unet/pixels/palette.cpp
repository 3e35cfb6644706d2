#include "unet/pixels/palette.h"

#include <limits>

#include "unet/core/math.h"

namespace unet {
namespace {

struct Lab {
    double lightness, a, b;
};

double squared_distance(const Lab& p, const Lab& q) {
    const double dl = p.lightness - q.lightness, da = p.a - q.a, db = p.b - q.b;
    return dl * dl + da * da + db * db;
}

/// sRGB (IEC 61966-2-1) to CIE L*a*b* under D65.
Lab lab_of(const Colour& colour) {
    double linear[3];
    for (std::size_t c = 0; c < 3; ++c) {
        const double v = colour[c] / 255.0;
        linear[c] = v <= 0.04045 ? v / 12.92 : power_of((v + 0.055) / 1.055, 2.4);
    }
    const auto [r, g, b] = linear;
    const auto curve = [](double t) {
        return t > 216.0 / 24389.0 ? power_of(t, 1.0 / 3.0) : (24389.0 / 27.0 * t + 16.0) / 116.0;
    };
    const double x = curve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
    const double y = curve(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
    const double z = curve((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
    return {116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)};
}

std::vector<Colour> choose_colours() {
    constexpr std::size_t count = 255;
    constexpr int levels = 18, step = 15;  // 0, 15, ..., 255
    constexpr double darkest = 45.0, palest = 92.0, least_chroma = 30.0;
    std::vector<Colour> candidates;
    std::vector<Lab> positions;
    for (int i = 0; i < levels * levels * levels; ++i) {
        const Colour colour{static_cast<std::uint8_t>(i / (levels * levels) * step),
                            static_cast<std::uint8_t>(i / levels % levels * step),
                            static_cast<std::uint8_t>(i % levels * step)};
        const Lab lab = lab_of(colour);
        const double chroma = sqrt_of(lab.a * lab.a + lab.b * lab.b);
        if (lab.lightness < darkest || lab.lightness > palest || chroma < least_chroma) continue;
        candidates.push_back(colour);
        positions.push_back(lab);
    }
    std::vector<double> nearest(candidates.size(), std::numeric_limits<double>::max());
    std::vector<Colour> chosen{{255, 165, 0}};  // any colour may begin; orange shows on grey
    Lab last = lab_of(chosen.front());
    while (chosen.size() < count) {
        std::size_t best = 0;
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            nearest[i] = std::min(nearest[i], squared_distance(positions[i], last));
            if (nearest[i] > nearest[best]) best = i;
        }
        chosen.push_back(candidates[best]);
        last = positions[best];
    }
    return chosen;
}

}  // namespace

const std::vector<Colour>& distinct_colours() {
    static const std::vector<Colour> colours = choose_colours();
    return colours;
}

Colour label_colour(std::uint32_t label) {
    if (label == 0) return {0, 0, 0};
    const auto& colours = distinct_colours();
    return colours[(label - 1) % colours.size()];
}

Colour label_colour(std::uint32_t label, std::span<const Colour> known) {
    return label < known.size() ? known[label] : label_colour(label);
}

}  // namespace unet
