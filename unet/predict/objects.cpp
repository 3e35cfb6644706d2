#include "unet/core/error.h"
#include "unet/predict/predictor.h"

namespace unet {

ObjectRule rule_of(const ModelInfo& info) { return {info.split_depth, info.minimum_size}; }

LabelMap objects_of(const Image& probabilities, double threshold, const ObjectRule& rule) {
    if (probabilities.channels != 2)
        fail(ErrorCode::shape_mismatch,
             "objects: found probabilities of {} classes, expected 2 (background, foreground)",
             probabilities.channels);
    LabelMap objects;
    objects.size = probabilities.size;
    objects.spacing = probabilities.spacing;
    const auto pixels = static_cast<std::size_t>(probabilities.size.elements());
    objects.values.resize(pixels);
    const float* values = probabilities.plane(1);
    for (std::size_t i = 0; i < pixels; ++i)
        objects.values[i] = static_cast<double>(values[i]) > threshold ? 1 : 0;
    ObjectFinder().find(objects.values, objects.size, rule);
    return objects;
}

}  // namespace unet
