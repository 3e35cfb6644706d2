#include "unet/report/shown_image.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "unet/core/error.h"
#include "unet/evaluate/overlaps.h"

namespace unet {
namespace {

// Outlines of more corners would make the report large and the browser slow.
constexpr std::size_t most_corners = 16'000;
constexpr std::int64_t smallest_edge = 64;

/// What became of the objects of one slice.
class SliceFates {
public:
    SliceFates(const ShownMaps& maps, std::int64_t z) {
        if (maps.truth == nullptr || maps.kind != LabelKind::instances) return;
        const auto area =
            static_cast<std::size_t>(maps.truth->size.height * maps.truth->size.width);
        overlaps_ = count_overlaps({maps.predicted.plane(z), area}, {maps.truth->plane(z), area},
                                   maps.ignore);
        fates_ = fates_of(overlaps_);
    }

    ObjectFate of_true(std::uint32_t id) const { return find(overlaps_.truth, fates_.truth, id); }
    ObjectFate of_predicted(std::uint32_t id) const {
        return find(overlaps_.predicted, fates_.predicted, id);
    }

private:
    /// Matched where nothing is known: classes, no truth, an object of ignored pixels only.
    static ObjectFate find(const std::vector<Overlaps::Object>& objects,
                           const std::vector<ObjectFate>& fates, std::uint32_t id) {
        const auto place = std::lower_bound(
            objects.begin(), objects.end(), id,
            [](const Overlaps::Object& object, std::uint32_t value) { return object.id < value; });
        if (place == objects.end() || place->id != id) return ObjectFate::matched;
        return fates[place - objects.begin()];
    }

    Overlaps overlaps_;
    ObjectFates fates_;
};

/// 1 for each pixel of a slice that belongs to something wrong; without a truth that was predicted.
std::vector<std::uint8_t> wrong_plane(const ShownMaps& maps, const SliceFates& fates,
                                      std::int64_t z) {
    const Size3& size = maps.predicted.size;
    std::vector<std::uint8_t> wrong(size.height * size.width);
    const std::uint32_t* predicted = maps.predicted.plane(z);
    const std::uint32_t* truth = maps.truth ? maps.truth->plane(z) : nullptr;
    for (std::size_t i = 0; i < wrong.size(); ++i) {
        if (truth == nullptr)
            wrong[i] = predicted[i] != 0;
        else if (truth[i] == maps.ignore)
            wrong[i] = 0;
        else if (maps.kind != LabelKind::instances)
            wrong[i] = predicted[i] != truth[i];
        else
            wrong[i] =
                (truth[i] != 0 && fates.of_true(truth[i]) != ObjectFate::matched) ||
                (predicted[i] != 0 && fates.of_predicted(predicted[i]) != ObjectFate::matched);
    }
    return wrong;
}

/// Sums of all rectangles that begin at the upper left corner.
class RectangleSums {
public:
    RectangleSums(const std::vector<std::uint8_t>& plane, std::int64_t height, std::int64_t width)
        : width_(width + 1), sums_(static_cast<std::size_t>((height + 1) * (width + 1))) {
        for (std::int64_t y = 0; y < height; ++y)
            for (std::int64_t x = 0; x < width; ++x)
                at(y + 1, x + 1) = plane[y * width + x] + at(y, x + 1) + at(y + 1, x) - at(y, x);
    }
    std::int64_t inside(const Region& region) {
        const std::int64_t bottom = region.y + region.size.height,
                           right = region.x + region.size.width;
        return at(bottom, right) - at(region.y, right) - at(bottom, region.x) +
               at(region.y, region.x);
    }

private:
    std::int64_t& at(std::int64_t y, std::int64_t x) { return sums_[y * width_ + x]; }
    std::int64_t width_;
    std::vector<std::int64_t> sums_;
};

/// The part of a slice, at most `edge` high and wide, with the most that is wrong.
Region worst_part(const std::vector<std::uint8_t>& wrong, const Size3& size, std::int64_t z,
                  std::int64_t edge) {
    Region region{z, 0, 0, {1, std::min(edge, size.height), std::min(edge, size.width)}};
    const std::int64_t last_y = size.height - region.size.height,
                       last_x = size.width - region.size.width,
                       stride = std::max<std::int64_t>(edge / 4, 1);
    if (last_y == 0 && last_x == 0) return region;
    RectangleSums sums(wrong, size.height, size.width);
    Region best = region;
    for (std::int64_t y = 0; y < last_y + stride; y += stride)
        for (std::int64_t x = 0; x < last_x + stride; x += stride) {
            region.y = std::min(y, last_y);
            region.x = std::min(x, last_x);
            if (sums.inside(region) > sums.inside(best)) best = region;
        }
    return best;
}

LabelMap cut(const LabelMap& labels, const Region& region, std::optional<std::uint32_t> ignore) {
    LabelMap part{region.size, {}, labels.spacing};
    for (std::int64_t y = 0; y < region.size.height; ++y) {
        const std::uint32_t* row =
            labels.plane(region.z) + (region.y + y) * labels.size.width + region.x;
        part.values.insert(part.values.end(), row, row + region.size.width);
    }
    if (ignore) std::replace(part.values.begin(), part.values.end(), *ignore, 0u);
    return part;
}

RgbImage cut(const RgbImage& drawn, const Region& region) {
    RgbImage part(region.size.height, region.size.width);
    for (std::int64_t y = 0; y < region.size.height; ++y)
        std::copy_n(drawn.pixels.begin() + ((region.y + y) * drawn.width + region.x) * 3,
                    region.size.width * 3, part.pixels.begin() + y * region.size.width * 3);
    return part;
}

std::size_t corners_of(const std::vector<ShownObject>& objects) {
    std::size_t count = 0;
    for (const ShownObject& object : objects)
        for (const Polygon& piece : object.outline.pieces)
            for (const Ring& ring : piece.rings) count += ring.size();
    return count;
}

template <class FateOf>
std::vector<ShownObject> outlined(const LabelMap& part, FateOf fate_of) {
    std::vector<ShownObject> objects;
    for (ObjectOutline& outline : object_outlines(part)) {
        const ObjectFate fate = fate_of(outline.label);
        objects.push_back({fate, std::move(outline)});
    }
    return objects;
}

void outline(ShownImage& shown, const ShownMaps& maps, const SliceFates& fates) {
    shown.predicted = outlined(cut(maps.predicted, shown.region, {}),
                               [&](std::uint32_t id) { return fates.of_predicted(id); });
    if (maps.truth)
        shown.truth = outlined(cut(*maps.truth, shown.region, maps.ignore),
                               [&](std::uint32_t id) { return fates.of_true(id); });
}

void check_sizes(const std::string& name, const Image* image, const ShownMaps& maps) {
    const auto check = [&](const Size3& size, const char* what) {
        if (size != maps.predicted.size)
            fail(ErrorCode::shape_mismatch,
                 "{}: predicted {} pixels, the {} is {}; show a prediction with what belongs to it",
                 name, to_string(maps.predicted.size), what, to_string(size));
    };
    if (image) check(image->size, "image");
    if (maps.truth) check(maps.truth->size, "truth");
}

}  // namespace

ShownImage show_image(const std::string& name, const Image* image, const ShownMaps& maps) {
    check_sizes(name, image, maps);
    ShownImage shown;
    shown.name = name;
    shown.size = maps.predicted.size;
    std::int64_t most = -1, worst = 0;
    std::vector<std::uint8_t> wrong;
    for (std::int64_t z = 0; z < shown.size.depth; ++z) {
        auto plane = wrong_plane(maps, SliceFates(maps, z), z);
        const auto sum = std::accumulate(plane.begin(), plane.end(), std::int64_t{0});
        if (sum <= most) continue;
        most = sum;
        worst = z;
        wrong = std::move(plane);
    }
    const SliceFates fates(maps, worst);
    for (std::int64_t edge = shown_edge;; edge /= 2) {
        shown.region = worst_part(wrong, shown.size, worst, edge);
        outline(shown, maps, fates);
        if (edge <= smallest_edge ||
            corners_of(shown.truth) + corners_of(shown.predicted) <= most_corners)
            break;
    }
    const Region& region = shown.region;
    shown.drawn = image ? cut(rgb_image_of(*image, worst), region)
                        : RgbImage(region.size.height, region.size.width);
    if (!maps.truth || maps.kind == LabelKind::instances) return shown;
    for (std::int64_t y = 0; y < region.size.height; ++y) {
        const auto row = wrong.begin() + (region.y + y) * shown.size.width + region.x;
        shown.wrong_pixels.insert(shown.wrong_pixels.end(), row, row + region.size.width);
    }
    return shown;
}

}  // namespace unet
