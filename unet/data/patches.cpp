#include "unet/data/patches.h"

#include <algorithm>
#include <cmath>

#include "unet/core/error.h"
#include "unet/data/augment/blur.h"
#include "unet/data/augment/colour_change.h"
#include "unet/data/augment/deformation.h"
#include "unet/data/augment/grey_values.h"
#include "unet/data/augment/hot_pixels.h"
#include "unet/data/augment/illumination.h"
#include "unet/data/augment/surround.h"

namespace unet {
namespace {

void check(const PatchGeometry& geometry) {
    const Size3 &in = geometry.input, &out = geometry.output;
    const auto centred = [](std::int64_t outer, std::int64_t inner) {
        return inner >= 1 && inner <= outer && (outer - inner) % 2 == 0;
    };
    if (in.depth != 1 || out.depth != 1 || !centred(in.height, out.height) ||
        !centred(in.width, out.width))
        fail(ErrorCode::shape_mismatch,
             "patch: found input {} and output {}, expected two dimensions and an output that lies "
             "centred in the input",
             to_string(in), to_string(out));
}

}  // namespace

PatchSampler::PatchSampler(const AugmentOptions& options, const PatchGeometry& geometry)
    : options_(options), geometry_(geometry), source_(geometry.input.width) {
    unet::check(options);
    check(geometry);
    position_y_.resize(geometry.input.width);
    position_x_.resize(geometry.input.width);
}

Region PatchSampler::reads(std::int64_t height, std::int64_t width, std::int64_t top,
                           std::int64_t left, Random random) {
    const Size3 &in = geometry_.input, &out = geometry_.output;
    const Deformation deformation(options_, in.height, in.width, random);
    float least_y = 0.0f, most_y = 0.0f, least_x = 0.0f, most_x = 0.0f;
    for (std::int64_t y = 0; y < in.height; ++y) {
        deformation.row(y, position_y_, position_x_);
        const auto [low_y, high_y] = std::minmax_element(position_y_.begin(), position_y_.end());
        const auto [low_x, high_x] = std::minmax_element(position_x_.begin(), position_x_.end());
        least_y = y == 0 ? *low_y : std::min(least_y, *low_y);
        most_y = y == 0 ? *high_y : std::max(most_y, *high_y);
        least_x = y == 0 ? *low_x : std::min(least_x, *low_x);
        most_x = y == 0 ? *high_x : std::max(most_x, *high_x);
    }
    // A cubic reads from one pixel before to two after.
    const auto range = [](float least, float most, std::int64_t start, std::int64_t size) {
        return mirrored_range(start + static_cast<std::int64_t>(std::floor(least)) - 1,
                              start + static_cast<std::int64_t>(std::floor(most)) + 2, size);
    };
    const auto [first_y, last_y] =
        range(least_y, most_y, top - (in.height - out.height) / 2, height);
    const auto [first_x, last_x] = range(least_x, most_x, left - (in.width - out.width) / 2, width);
    return {0, first_y, first_x, {1, last_y - first_y + 1, last_x - first_x + 1}};
}

void PatchSampler::sample(const SliceView& slice, std::int64_t top, std::int64_t left,
                          Random& random, float* image, std::uint8_t* targets, float* weights) {
    const Size3 &in = geometry_.input, &out = geometry_.output;
    const std::int64_t margin_y = (in.height - out.height) / 2;
    const std::int64_t margin_x = (in.width - out.width) / 2;
    const Deformation deformation(options_, in.height, in.width, random);
    const GreyChange grey(options_, random);
    const Surround surround(options_, in.height, in.width, random);
    for (std::int64_t y = 0; y < in.height; ++y) {
        deformation.row(y, position_y_, position_x_);
        source_.set(position_y_, position_x_, top - margin_y, left - margin_x, slice.planes);
        for (std::int64_t c = 0; c < slice.distinct_channels(); ++c)
            source_.cubic(slice.image + c * slice.channel_stride,
                          image + (c * in.height + y) * in.width);
        const std::int64_t target_y = y - margin_y;
        if (target_y < 0 || target_y >= out.height) continue;
        std::uint8_t* target = targets + target_y * out.width;
        float* weight = weights + target_y * out.width;
        source_.nearest(slice.targets, margin_x, out.width, target);
        source_.linear(slice.weights, margin_x, out.width, weight);
        for (std::int64_t x = 0; x < out.width; ++x) {
            if (target[x] != ignored_target) continue;
            target[x] = 0;
            weight[x] = 0.0f;
        }
        surround.fill<std::uint8_t>(y, margin_x, out.width, 0, target);
        surround.fill(y, margin_x, out.width, slice.background_weight, weight);
    }
    vary_values(slice, grey, surround, random, image);
}

/// As an image comes about: the specimen's colours, its light, the camera's range, optics, noise.
void PatchSampler::vary_values(const SliceView& slice, const GreyChange& grey,
                               const Surround& surround, Random& random, float* image) const {
    const std::int64_t height = geometry_.input.height, width = geometry_.input.width;
    const std::int64_t plane = height * width, channels = slice.distinct_channels();
    const ColourChange colour(options_, random);
    Illumination light(options_, height, width, random);
    Blur blur(options_, random);
    const HotPixels hot(options_, random);
    if (slice.rgb && channels == 3) colour.apply(image, plane, plane);
    const auto for_rows = [&](auto work) {
        for (std::int64_t y = 0; y < height; ++y)
            for (std::int64_t c = 0; c < channels; ++c)
                work(y, std::span(image + c * plane + y * width, static_cast<std::size_t>(width)));
    };
    for_rows([&](std::int64_t y, std::span<float> row) {
        light.apply(y, row);
        grey.apply(row);
    });
    for (std::int64_t c = 0; c < channels; ++c)
        blur.apply(height, width, {image + c * plane, static_cast<std::size_t>(plane)});
    for_rows([&](std::int64_t y, std::span<float> row) {
        grey.add_noise(row, random);
        surround.fill(y, 0, width, surround.value(), row.data());
    });
    hot.apply(image, channels, plane, plane, random);
    for (std::int64_t c = channels; c < slice.channels; ++c)
        std::copy_n(image, plane, image + c * plane);
}

}  // namespace unet
