#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "unet/core/files/file.h"
#include "unet/core/image.h"
#include "unet/image/write.h"
#include "unet/train/run/trainer.h"

namespace unet::discs {

/// A picture of bright discs on a dark ground and the number of each disc, made up from `number`.
inline void draw(std::int64_t number, std::int64_t edge, Image& image, LabelMap& labels) {
    image = {};
    image.type = SampleType::u8;
    labels = {};
    image.size = labels.size = {1, edge, edge};
    image.values.assign(edge * edge, 0.0f);
    labels.values.assign(image.values.size(), 0);
    for (std::int64_t y = 0; y < edge; ++y)
        for (std::int64_t x = 0; x < edge; ++x) {
            const auto place = static_cast<std::size_t>(y * edge + x);
            image.values[place] = static_cast<float>(20 + (x * 7 + y * 13 + number * 5) % 23);
            for (std::int64_t disc = 0; disc < 4; ++disc) {
                const std::int64_t cy =
                    edge / 4 + disc / 2 * edge / 2 + (number * 3 + disc) % 3 - 1;
                const std::int64_t cx =
                    edge / 4 + disc % 2 * edge / 2 + (number + disc * 2) % 3 - 1;
                const std::int64_t radius = 4 + (number + disc) % 3;
                if ((y - cy) * (y - cy) + (x - cx) * (x - cx) > radius * radius) continue;
                image.values[place] += 150.0f;
                labels.values[place] = static_cast<std::uint32_t>(disc + 1);
            }
        }
}

/// A data set of `count` such pictures in folder/images and folder/labels.
inline void write(const std::filesystem::path& folder, std::int64_t count, std::int64_t edge = 32) {
    create_folder(folder / "images");
    create_folder(folder / "labels");
    for (std::int64_t i = 0; i < count; ++i) {
        Image image;
        LabelMap labels;
        draw(i, edge, image, labels);
        const auto name = "disc" + std::to_string(i);
        write_image(folder / "images" / (name + ".tif"), image);
        write_labels(folder / "labels" / (name + ".tif"), labels);
    }
}

/// The smallest training that learns something: 2 levels of 4 channels on patches of 32 pixels.
inline TrainOptions options(const std::filesystem::path& data, const std::filesystem::path& out,
                            std::int64_t steps) {
    TrainOptions options;
    options.data = data.string();
    options.reading.label_kind = LabelsChoice::instances;
    options.val_fraction = 0.25;
    options.extent = {steps, 0.0};
    options.seed = 3;
    options.out = out;
    Recipe& recipe = options.recipe;
    recipe.network = {
        .levels = 2, .base_channels = 4, .padding = Padding::same, .norm = Norm::batch};
    recipe.network.dropout = 0.25;
    recipe.optimizer.learning_rate = 1e-2;
    recipe.schedule.warm_up_steps = 5;
    recipe.average = 0.9;
    recipe.sampling = {.batch_size = 2, .patch = 32, .foreground = 0.3};
    recipe.validation.validation_interval = 10;
    return options;
}

}  // namespace unet::discs
