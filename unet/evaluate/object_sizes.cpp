#include "unet/evaluate/object_sizes.h"

#include <algorithm>
#include <limits>

#include "unet/evaluate/matching.h"

namespace unet {
namespace {

std::optional<double> ratio(double part, std::int64_t whole) {
    if (whole == 0) return std::nullopt;
    return part / static_cast<double>(whole);
}

SizedObject& object_of(const std::vector<Overlaps::Object>& objects,
                       std::vector<SizedObject>& sized, std::uint32_t id) {
    const auto place = std::lower_bound(
        objects.begin(), objects.end(), id,
        [](const Overlaps::Object& object, std::uint32_t value) { return object.id < value; });
    return sized[place - objects.begin()];
}

}  // namespace

SizedObjects sized_objects(const Overlaps& overlaps) {
    SizedObjects objects;
    for (const Overlaps::Object& object : overlaps.truth)
        objects.truth.push_back({object.pixels, 0.0});
    for (const Overlaps::Object& object : overlaps.predicted)
        objects.predicted.push_back({object.pixels, 0.0});
    for (const Match& match : match_objects(overlaps, 0.5)) {
        object_of(overlaps.truth, objects.truth, match.truth).iou = match.iou;
        object_of(overlaps.predicted, objects.predicted, match.predicted).iou = match.iou;
    }
    return objects;
}

SizedObjects& SizedObjects::operator+=(const SizedObjects& other) {
    truth.insert(truth.end(), other.truth.begin(), other.truth.end());
    predicted.insert(predicted.end(), other.predicted.begin(), other.predicted.end());
    return *this;
}

std::array<std::int64_t, 2> tertiles(const SizedObjects& objects) {
    std::vector<std::int64_t> pixels;
    for (const SizedObject& object : objects.truth) pixels.push_back(object.pixels);
    if (pixels.empty()) return {1, 1};
    std::sort(pixels.begin(), pixels.end());
    return {pixels[pixels.size() / 3], pixels[pixels.size() * 2 / 3]};
}

std::array<SizeClass, 3> by_size(const SizedObjects& objects,
                                 const std::array<std::int64_t, 2>& limits) {
    std::array<SizeClass, 3> classes;
    classes[0].high = classes[1].low = limits[0];
    classes[1].high = classes[2].low = limits[1];
    classes[2].high = std::numeric_limits<std::int64_t>::max();
    const auto class_of = [&](const SizedObject& object) -> SizeClass& {
        return classes[object.pixels < limits[0] ? 0 : object.pixels < limits[1] ? 1 : 2];
    };
    for (const SizedObject& object : objects.truth) {
        SizeClass& size = class_of(object);
        ++size.true_objects;
        size.found += object.iou > 0.0 ? 1 : 0;
        size.iou_sum += object.iou;
    }
    for (const SizedObject& object : objects.predicted) {
        SizeClass& size = class_of(object);
        ++size.predicted_objects;
        size.wrong += object.iou > 0.0 ? 0 : 1;
    }
    return classes;
}

std::optional<double> SizeClass::recall() const {
    return ratio(static_cast<double>(found), true_objects);
}
std::optional<double> SizeClass::precision() const {
    return ratio(static_cast<double>(predicted_objects - wrong), predicted_objects);
}
std::optional<double> SizeClass::mean_iou() const { return ratio(iou_sum, true_objects); }

}  // namespace unet
