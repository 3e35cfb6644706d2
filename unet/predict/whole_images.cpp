// Predictor for images in memory.
#include "unet/predict/predictor.h"

namespace unet {
namespace {

LabelMap map_for(const Image& image) {
    const auto pixels = static_cast<std::size_t>(image.size.elements());
    return {image.size, std::vector<std::uint32_t>(pixels), image.spacing};
}

}  // namespace

Image Predictor::probabilities(const Image& image) {
    ImageSource source(image);
    Image result;
    ImageSink sink(result, model().network.classes, image.size);
    result.spacing = image.spacing;
    predict(source, PredictionKind::probabilities, sink);
    return result;
}

LabelMap Predictor::labels(const Image& image) {
    LabelMap map = map_for(image);
    ImageSource source(image);
    labels(source, map.values);
    return map;
}

LabelMap Predictor::objects(const Image& image) {
    LabelMap map = map_for(image);
    ImageSource source(image);
    objects(source, map.values);
    return map;
}

}  // namespace unet
