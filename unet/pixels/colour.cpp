#include "unet/pixels/colour.h"

#include <algorithm>

#include "unet/core/error.h"

namespace unet {
namespace {

void check_channels(const Image& image) {
    if (image.channels != 1 && !(image.rgb && image.channels == 3))
        fail(ErrorCode::shape_mismatch,
             "found {} channels that are not red, green, blue; expected a grey or an RGB image",
             image.channels);
}

/// All of an image but its values.
Image described_as(const Image& image, std::int64_t channels) {
    Image result;
    result.size = image.size;
    result.channels = channels;
    result.type = image.type;
    result.spacing = image.spacing;
    result.rgb = channels == 3;
    result.values.resize(channels * image.size.elements());
    return result;
}

}  // namespace

Image to_grey(const Image& image) {
    check_channels(image);
    if (image.channels == 1) return image;
    Image grey = described_as(image, 1);
    const float *red = image.plane(0), *green = image.plane(1), *blue = image.plane(2);
    for (std::size_t i = 0; i < grey.values.size(); ++i) {
        const double sum = static_cast<double>(red[i]) + green[i] + blue[i];
        grey.values[i] = static_cast<float>(sum / 3.0);
    }
    return grey;
}

Image to_rgb(const Image& image) {
    check_channels(image);
    if (image.channels == 3) return image;
    Image rgb = described_as(image, 3);
    for (std::int64_t c = 0; c < 3; ++c)
        std::copy(image.values.begin(), image.values.end(), rgb.plane(c));
    return rgb;
}

}  // namespace unet
