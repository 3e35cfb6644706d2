#include "unet/core/error.h"
#include "unet/objects/components.h"
#include "unet/predict/predictor.h"

namespace unet {

LabelMap objects_of(const LabelMap& foreground, std::int64_t minimum_size) {
    LabelMap objects = foreground;
    ComponentFinder().find(objects.values, objects.size, Connectivity::four, minimum_size);
    return objects;
}

LabelMap objects_of(const Image& probabilities, double threshold, std::int64_t minimum_size) {
    if (probabilities.channels != 2)
        fail(ErrorCode::shape_mismatch,
             "objects: found probabilities of {} classes, expected 2 (background, foreground)",
             probabilities.channels);
    LabelMap foreground;
    foreground.size = probabilities.size;
    foreground.spacing = probabilities.spacing;
    const auto pixels = static_cast<std::size_t>(probabilities.size.elements());
    foreground.values.resize(pixels);
    const float* values = probabilities.plane(1);
    for (std::size_t i = 0; i < pixels; ++i)
        foreground.values[i] = static_cast<double>(values[i]) > threshold ? 1 : 0;
    return objects_of(foreground, minimum_size);
}

}  // namespace unet
