#include "unet/predict/objects.h"

#include <algorithm>
#include <vector>

#include "unet/core/error.h"
#include "unet/predict/classify.h"

namespace unet {
namespace {

/// Rows that are read or written at a time: enough for files that pack rows, about a megabyte.
std::int64_t rows_at_once(std::int64_t width) {
    constexpr std::int64_t pixels = 1 << 18, most = 32;
    return std::clamp<std::int64_t>(pixels / width, 1, most);
}

/// Calls rows(region) for whole rows of all slices, from top to bottom.
template <class Rows>
void for_rows(const Size3& size, Rows rows) {
    const std::int64_t step = rows_at_once(size.width);
    for (std::int64_t z = 0; z < size.depth; ++z)
        for (std::int64_t y = 0; y < size.height; y += step)
            rows(Region{z, y, 0, {1, std::min(step, size.height - y), size.width}});
}

}  // namespace

ObjectRule rule_of(const ModelInfo& info) {
    ObjectRule rule;
    rule.split_depth = info.split_depth;
    rule.minimum_pixels = info.minimum_size;
    rule.boundary = info.boundary > 0.0;
    return rule;
}

LabelMap objects_of(const Image& probabilities, double threshold, const ObjectRule& rule) {
    const std::int64_t expected = rule.boundary ? 3 : 2;
    if (probabilities.channels != expected)
        fail(ErrorCode::shape_mismatch, "objects: found probabilities of {} classes, expected {}",
             probabilities.channels,
             rule.boundary ? "3 (background, interior, boundary)" : "2 (background, foreground)");
    ImageSource source(probabilities);
    ObjectFinder finder;
    find_objects(source, threshold, rule, finder);
    LabelMap objects{probabilities.size, {}, probabilities.spacing};
    objects.values.resize(objects.size.elements());
    finder.draw(0, objects.values);
    return objects;
}

void find_objects(RegionSource& probabilities, double threshold, const ObjectRule& rule,
                  ObjectFinder& finder) {
    const Size3 size = probabilities.size();
    finder.start(size, rule);
    std::vector<float> values;
    std::vector<std::uint32_t> row(size.width);
    for_rows(size, [&](const Region& region) {
        const std::int64_t pixels = region.size.elements();
        values.resize(probabilities.channels() * pixels);
        probabilities.read(region, values);
        if (rule.boundary)
            predict::within_boundary({values.data(), probabilities.channels(), pixels, pixels},
                                     threshold, values.data());
        const float* rows = values.data() + (rule.boundary ? 0 : std::ssize(values) - pixels);
        for (std::int64_t y = 0; y < region.size.height; ++y, rows += size.width) {
            std::transform(rows, rows + size.width, row.begin(), [&](float value) {
                return rule.boundary                            ? static_cast<std::uint32_t>(value)
                       : static_cast<double>(value) > threshold ? 1u
                                                                : 0u;
            });
            finder.append(row.data());
        }
    });
    finder.finish();
    finder.shrink();
}

std::int64_t finding_bytes(const RegionSource& probabilities) {
    const Size3 size = probabilities.size();
    const std::int64_t rows = rows_at_once(size.width);
    return probabilities.window_bytes(rows) + (probabilities.channels() * rows + 1) * size.width *
                                                  static_cast<std::int64_t>(sizeof(float));
}

void write_objects(const ObjectFinder& finder, RegionSink& sink) {
    std::vector<std::uint32_t> ids;
    for_rows(finder.size(), [&](const Region& region) {
        ids.resize(region.size.elements());
        finder.draw(region.z * finder.size().height + region.y, ids);
        sink.write_labels(region, ids);
    });
}

std::int64_t usual_object_bytes(const Size3& size) {
    constexpr std::int64_t pixels_per_run = 64;
    return size.elements() / pixels_per_run *
               static_cast<std::int64_t>(sizeof(ComponentFinder::Run)) +
           (size.depth * size.height + 1) * static_cast<std::int64_t>(sizeof(std::size_t));
}

}  // namespace unet
