#include "unet/data/augment/augment.h"

#include "unet/core/error.h"

namespace unet {
namespace {

void check_range(const char* name, double low, double high) {
    if (low > high)
        fail(
            ErrorCode::invalid_argument,
            "{0}_min: found {1} with {0}_max {2}, expected a minimum that is not above the maximum",
            name, low, high);
}

}  // namespace

AugmentOptions AugmentOptions::none() {
    AugmentOptions options;
    options.elastic_sigma = 0.0;
    options.rotation = 0.0;
    options.scale_min = options.scale_max = 1.0;
    options.flips = false;
    options.brightness = 0.0;
    options.contrast_min = options.contrast_max = 1.0;
    options.gamma_min = options.gamma_max = 1.0;
    options.stain = options.grey_patches = 0.0;
    options.illumination = 0.0;
    options.blur = 0.0;
    options.low_resolution = 1.0;
    options.hot_pixels = 0.0;
    options.noise = 0.0;
    options.invert = 0.0;
    options.surround = 0.0;
    return options;
}

Fields fields_of(AugmentOptions& o) {
    return {
        {"elastic_grid", "the patch is bent at N x N points", &o.elastic_grid, 2, 16},
        {"elastic_sigma", "how far the points move: standard deviation in pixels; 0: no bending",
         &o.elastic_sigma, 0, 1000},
        {"rotation", "largest rotation to either side, in degrees", &o.rotation, 0, 180},
        {"scale_min", "smallest magnification: 0.8 makes objects a fifth smaller", &o.scale_min,
         0.1, 10},
        {"scale_max", "largest magnification", &o.scale_max, 0.1, 10},
        {"flips", "mirror each axis with probability 1/2", &o.flips},
        {"brightness", "largest shift of normalised grey values (0 is dark, 1 is bright)",
         &o.brightness, 0, 10},
        {"contrast_min", "smallest factor on normalised grey values", &o.contrast_min, 0, 10},
        {"contrast_max", "largest factor on normalised grey values", &o.contrast_max, 0, 10},
        {"gamma_min", "smallest exponent on normalised grey values; below 1 brightens",
         &o.gamma_min, 0.1, 10},
        {"gamma_max", "largest exponent on normalised grey values", &o.gamma_max, 0.1, 10},
        {"stain",
         "RGB: how much the stains of tissue (haematoxylin, eosin, another) change, as a "
         "logarithm: "
         "0.3 from 0.74 to 1.35 times",
         &o.stain, 0, 2},
        {"grey_patches", "RGB: probability, from 0 to 1, that a patch loses its colours",
         &o.grey_patches, 0, 1},
        {"illumination",
         "how uneven light becomes, as a logarithm: with 0.7 a place is half or twice as bright as "
         "another",
         &o.illumination, 0, 3},
        {"blur",
         "largest standard deviation, in pixels, of the Gaussian that blurs up to half of the "
         "patches",
         &o.blur, 0, 20},
        {"low_resolution",
         "up to half of the patches are shown as if pixels had been up to so many times larger",
         &o.low_resolution, 1, 16},
        {"hot_pixels", "probability, from 0 to 1, that a patch has a few pixels of full brightness",
         &o.hot_pixels, 0, 1},
        {"noise", "largest standard deviation of added noise, in normalised grey values", &o.noise,
         0, 10},
        {"invert", "probability, from 0 to 1, that dark and bright change places", &o.invert, 0, 1},
        {"surround",
         "probability, from 0 to 1, that a side of the patch is empty, as beside a stitched scan",
         &o.surround, 0, 1},
    };
}

void check(const AugmentOptions& options) {
    AugmentOptions copy = options;
    for (const Field& field : fields_of(copy)) set_from_text(field, text_of(field), field.name);
    check_range("scale", options.scale_min, options.scale_max);
    check_range("contrast", options.contrast_min, options.contrast_max);
    check_range("gamma", options.gamma_min, options.gamma_max);
}

}  // namespace unet
