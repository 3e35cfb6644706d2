#include "unet/train/run/preview.h"

#include <algorithm>
#include <array>

#include "unet/core/files/file.h"
#include "unet/image/write.h"
#include "unet/pixels/draw.h"
#include "unet/pixels/region.h"

namespace unet {
namespace {

/// The centre of the middle slice, at most preview_edge in both directions.
Region centre_of(const Size3& size) {
    Region region{size.depth / 2,
                  0,
                  0,
                  {1, std::min(size.height, preview_edge), std::min(size.width, preview_edge)}};
    region.y = (size.height - region.size.height) / 2;
    region.x = (size.width - region.size.width) / 2;
    return region;
}

Image cut(const Image& image, const Region& region) {
    Image part;
    part.size = region.size;
    part.channels = image.channels;
    part.type = image.type;
    part.spacing = image.spacing;
    part.rgb = image.rgb;
    part.values.resize(image.channels * region.size.elements());
    ImageSource(image).read(region, part.values);
    return part;
}

LabelMap cut(const LabelMap& labels, const Region& region) {
    LabelMap part{region.size, {}, labels.spacing};
    for (std::int64_t y = 0; y < region.size.height; ++y) {
        const std::uint32_t* row =
            labels.plane(region.z) + (region.y + y) * labels.size.width + region.x;
        part.values.insert(part.values.end(), row, row + region.size.width);
    }
    return part;
}

}  // namespace

void write_previews(const std::filesystem::path& folder, const Validator& validator,
                    const Model& model, const PredictOptions& options,
                    const std::function<bool()>& go_on) {
    if (validator.empty()) return;
    create_folder(folder);
    Predictor predictor(model, options);
    const bool instances = model.info.labels == LabelKind::instances;
    for (std::int64_t i = 0; i < std::min(previews, validator.images()); ++i) {
        if (i > 0 && !go_on()) return;
        const Sample& sample = validator.sample(i);
        const Region region = centre_of(sample.image.size);
        const Image image = cut(sample.image, region);
        const LabelMap found = instances ? predictor.objects(image) : predictor.labels(image);
        const LabelMap truth = cut(instances ? sample.labels : validator.class_map(i), region);
        const std::span<const Colour> colours =
            instances ? std::span<const Colour>{} : model.info.class_colours;
        const std::array images{rgb_image_of(image), rgb_image_of(truth, 0, colours),
                                rgb_image_of(found, 0, colours)};
        write_rgb_image(folder / (sample.name + ".png"), side_by_side(images));
    }
}

}  // namespace unet
