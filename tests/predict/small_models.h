#pragma once

#include <cstdint>

#include "unet/core/image.h"
#include "unet/core/random.h"
#include "unet/model/model.h"
#include "unet/nn/network.h"
#include "unet/nn/parameters.h"

namespace unet::test {

/// A model with drawn weights. Biases and batch norm statistics are drawn too: with the zeros and
/// ones that training starts from, some mistakes would not show.
inline Model drawn_model(const UNetOptions& options, std::uint64_t seed = 1) {
    Model model;
    model.network = options;
    model.tensors = nn::initial_weights(nn::build_network(options), seed);
    Random random(seed, Purpose::test);
    for (NamedTensor& tensor : model.tensors)
        if (tensor.name.ends_with("running_var"))
            for (float& value : tensor.values) value = random.uniform(0.5f, 2.0f);
        else if (tensor.shape.size() == 1)
            for (float& value : tensor.values) value += random.uniform(-0.3f, 0.3f);
    model.info.normalisation.rule = NormaliseRule::range;
    return model;
}

inline UNetOptions small_network(Padding padding, std::int64_t levels,
                                 std::int64_t convolutions = 2) {
    UNetOptions options{.in_channels = 1, .classes = 2, .levels = levels, .base_channels = 4};
    options.convolutions = convolutions;
    options.padding = padding;
    return options;
}

inline Image drawn_image(const Size3& size, std::int64_t channels = 1, std::uint64_t seed = 1) {
    Image image;
    image.size = size;
    image.channels = channels;
    image.type = SampleType::u8;
    image.values.resize(channels * size.elements());
    Random random(seed, Purpose::test, 1);
    for (float& value : image.values) value = static_cast<float>(random.below(256));
    return image;
}

}  // namespace unet::test
