#include "unet/nn/options.h"

#include "unet/core/error.h"

namespace unet {

Fields fields_of(UNetOptions& o) {
    return {
        {"dims", "2: kernels lie in the plane of the image, stacks go slice by slice", &o.dims, 2,
         2},
        {"in_channels", "channels of the input", &o.in_channels, 1, 1024},
        {"classes", "classes, background included", &o.classes, 2, 255},
        {"levels", "resolutions; each one more doubles how far the network sees", &o.levels, 1, 8},
        {"base_channels",
         "channels at full resolution, doubled at every level; twice as many take four times as "
         "long",
         &o.base_channels, 1, 1024},
        {"convolutions", "3x3 convolutions per level, on the way down and on the way up",
         &o.convolutions, 1, 8},
        choice("padding",
               "valid: unpadded, as the paper; same: the output is as large as the input",
               o.padding, {{"valid", Padding::valid}, {"same", Padding::same}}),
        choice("norm", "after every 3x3 convolution: batch normalisation or none", o.norm,
               {{"none", Norm::none}, {"batch", Norm::batch}}),
        {"dropout",
         "part of the values set to 0 by chance at the lowest resolutions, from 0 to 0.95",
         &o.dropout, 0.0, 0.95},
    };
}

void check(const UNetOptions& options) {
    UNetOptions copy = options;
    for (const Field& field : fields_of(copy)) {
        const auto refuse = [&](double value) {
            if (value < field.minimum || value > field.maximum)
                fail(ErrorCode::invalid_argument, "network option {} is {}, must be from {} to {}",
                     field.name, value, field.minimum, field.maximum);
        };
        if (const auto* whole = std::get_if<std::int64_t*>(&field.value))
            refuse(static_cast<double>(**whole));
        if (const auto* number = std::get_if<double*>(&field.value)) refuse(**number);
    }
}

}  // namespace unet
