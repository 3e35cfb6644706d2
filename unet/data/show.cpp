#include "unet/data/show.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/image/write.h"

namespace unet {
namespace {

constexpr Colour frame_colour{255, 200, 0};
constexpr Colour ignored_colour{128, 128, 128};

std::uint8_t shade(float value) {
    return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0f, 1.0f) * 255.0f));
}

RgbImage patch_image(const Batch& batch, std::int64_t index, bool rgb) {
    const Shape& shape = batch.image_shape;
    const std::int64_t plane = shape.height * shape.width;
    const float* image = batch.images.data() + index * shape.channels * plane;
    RgbImage drawn(shape.height, shape.width);
    for (std::int64_t y = 0; y < shape.height; ++y)
        for (std::int64_t x = 0; x < shape.width; ++x) {
            const float* pixel = image + y * shape.width + x;
            const std::uint8_t first = shade(pixel[0]);
            drawn.set(y, x,
                      rgb ? Colour{first, shade(pixel[plane]), shade(pixel[2 * plane])}
                          : Colour{first, first, first});
        }
    const std::int64_t top = (shape.height - batch.target_shape.height) / 2;
    const std::int64_t left = (shape.width - batch.target_shape.width) / 2;
    if (top == 0 && left == 0) return drawn;
    const std::int64_t bottom = shape.height - 1 - top, right = shape.width - 1 - left;
    for (std::int64_t x = left; x <= right; ++x)
        for (const std::int64_t y : {top, bottom}) drawn.set(y, x, frame_colour);
    for (std::int64_t y = top; y <= bottom; ++y)
        for (const std::int64_t x : {left, right}) drawn.set(y, x, frame_colour);
    return drawn;
}

}  // namespace

RgbImage rgb_image_of(const Batch& batch, std::int64_t index, bool rgb, float most_weight) {
    const std::int64_t height = batch.target_shape.height, width = batch.target_shape.width;
    const std::int64_t pixels = height * width;
    const std::uint8_t* targets = batch.targets.data() + index * pixels;
    const float* weights = batch.weights.data() + index * pixels;
    const LabelMap labels{{1, height, width}, {targets, targets + pixels}, {}};
    RgbImage classes = rgb_image_of(labels);
    for (std::int64_t i = 0; i < pixels; ++i)
        if (weights[i] == 0.0f) classes.set(i / width, i % width, ignored_colour);
    const std::array<RgbImage, 3> parts = {
        patch_image(batch, index, rgb), std::move(classes),
        heat_image({weights, static_cast<std::size_t>(pixels)}, height, width, 0.0f, most_weight)};
    return side_by_side(parts);
}

std::vector<std::filesystem::path> show_patches(const TrainingSet& set, const BatchOptions& options,
                                                bool rgb, std::int64_t count,
                                                const std::filesystem::path& folder) {
    create_folder(folder);
    BatchOptions one = options;
    one.batch_size = 1;
    BatchMaker maker(set, one);
    Batch batch;
    std::vector<std::filesystem::path> files;
    for (std::int64_t i = 0; i < count; ++i) {
        maker.make(static_cast<std::uint32_t>(i), batch);
        files.push_back(folder /
                        fmt::format("{}_{:03}.png", set.name_of_slice(batch.slices[0]), i));
        // One scale for all images, so that they can be compared.
        write_rgb_image(files.back(), rgb_image_of(batch, 0, rgb, set.most_weight()));
    }
    return files;
}

}  // namespace unet
