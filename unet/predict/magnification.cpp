#include "unet/predict/magnification.h"

#include <algorithm>
#include <cmath>

#include "unet/core/error.h"

namespace unet::predict {
namespace {

// Patches are drawn enlarged and made smaller by about as much.
constexpr double least_factor = 1.1;
// What a network makes up for by itself, which has seen objects of several sizes. Enlarging takes
// time; a little less of it finds as much (docs/design.md, objects of another size).
constexpr double least_size_factor = 1.5, saved = 1.2;
constexpr double most_size_factor = 32.0;
// A unit taken for another one is a thousand; nobody images the same objects 30 times larger.
constexpr double most_factor = 30.0;

double factor_of(double image, double trained) {
    const double factor = image / trained;
    return std::max(factor, 1.0 / factor) < least_factor ? 1.0 : factor;
}

std::int64_t scaled(std::int64_t length, double factor) {
    return std::max<std::int64_t>(1, std::llround(static_cast<double>(length) * factor));
}

}  // namespace

double metres_of(const Spacing& spacing) {
    return spacing.known()
               ? std::sqrt(spacing.size[1] * spacing.size[2]) * metres_per_unit(spacing.unit)
               : 0.0;
}

Size3 Magnification::size_of(const Size3& image) const {
    return {image.depth, scaled(image.height, height), scaled(image.width, width)};
}

Magnification magnification_of(double asked, const Spacing& trained, const Spacing& image) {
    if (asked > 0.0) return {asked, asked};
    const double there = metres_per_unit(trained.unit), here = metres_per_unit(image.unit);
    if (!trained.known() || !image.known() || there == 0.0 || here == 0.0) return {};
    const Magnification result{factor_of(image.size[1] * here, trained.size[1] * there),
                               factor_of(image.size[2] * here, trained.size[2] * there)};
    for (const double factor : {result.height, result.width})
        if (std::max(factor, 1.0 / factor) > most_factor)
            fail_setting(
                "scale", ErrorCode::invalid_argument,
                "predict: the image's pixels are {:g} x {:g} {}, those of the training images "
                "{:g} x {:g} {}: {:.3g} times as large, one of them must be wrong; `scale` 1 "
                "predicts the image as it is",
                image.size[1], image.size[2], image.unit, trained.size[1], trained.size[2],
                trained.unit, factor);
    return result;
}

Magnification magnification_by_size(double trained, double diameter) {
    const double factor = trained / diameter;
    if (std::max(factor, 1.0 / factor) <= least_size_factor) return {};
    const double kept = std::clamp(factor > 1.0 ? factor / saved : factor, 1.0 / most_size_factor,
                                   most_size_factor);
    return {kept, kept};
}

}  // namespace unet::predict
