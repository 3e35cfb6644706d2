#include "unet/evaluate/surface.h"

#include <algorithm>
#include <cmath>

#include "unet/core/error.h"
#include "unet/core/quantiles.h"
#include "unet/objects/spaced_distance.h"

namespace unet {
namespace {

/// The part of an image that holds a structure on either side.
struct Box {
    std::array<std::int64_t, 3> low, high;  ///< D, H, W; `high` is the last one

    Size3 size() const {
        return {high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1};
    }
};

using Map = std::span<const std::uint32_t>;

std::optional<Box> box_around(Map predicted, Map truth, std::uint32_t structure,
                              const Size3& size) {
    Box box{{size.depth, size.height, size.width}, {-1, -1, -1}};
    for (std::size_t i = 0; i < truth.size(); ++i) {
        if (predicted[i] != structure && truth[i] != structure) continue;
        const auto place = static_cast<std::int64_t>(i);
        const std::int64_t row = place / size.width;
        const std::array<std::int64_t, 3> at{row / size.height, row % size.height,
                                             place % size.width};
        for (std::size_t axis = 0; axis < 3; ++axis) {
            box.low[axis] = std::min(box.low[axis], at[axis]);
            box.high[axis] = std::max(box.high[axis], at[axis]);
        }
    }
    if (box.high[0] < 0) return std::nullopt;
    return box;
}

/// 1 on the surface of the structure, inside the box.
std::vector<std::uint8_t> surface_in(Map map, std::uint32_t structure, const Size3& size,
                                     const Box& box) {
    const auto inside = [&](std::int64_t z, std::int64_t y, std::int64_t x) {
        return z >= 0 && y >= 0 && x >= 0 && z < size.depth && y < size.height && x < size.width &&
               map[(z * size.height + y) * size.width + x] == structure;
    };
    const bool volume = size.depth > 1;
    std::vector<std::uint8_t> surface;
    surface.reserve(box.size().elements());
    for (std::int64_t z = box.low[0]; z <= box.high[0]; ++z)
        for (std::int64_t y = box.low[1]; y <= box.high[1]; ++y)
            for (std::int64_t x = box.low[2]; x <= box.high[2]; ++x) {
                const bool within = inside(z, y - 1, x) && inside(z, y + 1, x) &&
                                    inside(z, y, x - 1) && inside(z, y, x + 1) &&
                                    (!volume || (inside(z - 1, y, x) && inside(z + 1, y, x)));
                surface.push_back(inside(z, y, x) && !within ? 1 : 0);
            }
    return surface;
}

/// From every pixel of one surface to the other, rising.
std::vector<double> distances(const std::vector<std::uint8_t>& from,
                              const std::vector<std::uint8_t>& to, const Size3& size,
                              const std::array<double, 3>& spacing) {
    const std::vector<double> squared = spaced_squared_distances(to, size, spacing);
    std::vector<double> found;
    for (std::size_t i = 0; i < from.size(); ++i)
        if (from[i] != 0) found.push_back(std::sqrt(squared[i]));
    std::sort(found.begin(), found.end());
    return found;
}

double sum_of(const std::vector<double>& values) {
    double sum = 0.0;
    for (const double value : values) sum += value;
    return sum;
}

std::int64_t within(const std::vector<double>& sorted, double tolerance) {
    return std::upper_bound(sorted.begin(), sorted.end(), tolerance) - sorted.begin();
}

std::optional<double> mean(double sum, std::int64_t count) {
    if (count == 0) return std::nullopt;
    return sum / static_cast<double>(count);
}

void check(Map predicted, Map truth, const Size3& size, const SurfaceOptions& options) {
    const auto pixels = static_cast<std::size_t>(size.elements());
    if (predicted.size() != pixels || truth.size() != pixels)
        fail(ErrorCode::shape_mismatch,
             "surfaces: {} predicted and {} true pixels, expected {}; give two maps of one image",
             predicted.size(), truth.size(), pixels);
    for (const double step : options.spacing)
        if (!(step > 0.0 && std::isfinite(step)))
            fail(ErrorCode::invalid_argument,
                 "surfaces: the spacing is {}, expected a number above 0 for each axis", step);
}

}  // namespace

SurfaceSum compare_surfaces(Map predicted, Map truth, std::uint32_t structure, const Size3& size,
                            const SurfaceOptions& options) {
    check(predicted, truth, size, options);
    const std::optional<Box> box = box_around(predicted, truth, structure, size);
    if (!box) return {};
    const auto holds = [&](Map map) {
        return std::find(map.begin(), map.end(), structure) != map.end();
    };
    if (!holds(predicted) || !holds(truth)) return {.one_sided = 1};
    const auto ours = surface_in(predicted, structure, size, *box);
    const auto theirs = surface_in(truth, structure, size, *box);
    const auto there = distances(ours, theirs, box->size(), options.spacing);
    const auto back = distances(theirs, ours, box->size(), options.spacing);
    const auto pixels = static_cast<double>(there.size() + back.size());
    const auto near =
        static_cast<double>(within(there, options.tolerance) + within(back, options.tolerance));
    return {.hd95_sum = std::max(quantile(there, 0.95), quantile(back, 0.95)),
            .assd_sum = (sum_of(there) + sum_of(back)) / pixels,
            .surface_dice_sum = near / pixels,
            .measured = 1};
}

std::optional<double> SurfaceSum::hd95() const { return mean(hd95_sum, measured); }
std::optional<double> SurfaceSum::assd() const { return mean(assd_sum, measured); }
std::optional<double> SurfaceSum::surface_dice() const {
    return mean(surface_dice_sum, measured + one_sided);
}

SurfaceSum& SurfaceSum::operator+=(const SurfaceSum& other) {
    hd95_sum += other.hd95_sum;
    assd_sum += other.assd_sum;
    surface_dice_sum += other.surface_dice_sum;
    measured += other.measured;
    one_sided += other.one_sided;
    return *this;
}

}  // namespace unet
