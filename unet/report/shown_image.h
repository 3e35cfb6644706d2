#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "unet/core/image.h"
#include "unet/core/labels.h"
#include "unet/evaluate/object_errors.h"
#include "unet/objects/polygons.h"
#include "unet/pixels/draw.h"

namespace unet {

/// An object, or the pixels of a class, as a report draws it.
struct ShownObject {
    ObjectFate fate = ObjectFate::matched;
    ObjectOutline outline;  ///< from the upper left corner of what is shown
};

/// An image with what was annotated and what was predicted on it.
struct ShownImage {
    std::string name;
    std::string why;      ///< it is shown: "lowest F1"
    std::string figures;  ///< of it: "F1 0.41, 12 of 40 objects missed"
    Size3 size;           ///< of the image
    Region region;        ///< of it that is shown, one slice
    RgbImage drawn;       ///< of the region
    std::vector<ShownObject> truth, predicted;
    /// Where both maps name different classes: 1 for each such pixel of the region, else 0; empty
    /// for objects, and without a truth.
    std::vector<std::uint8_t> wrong_pixels;
};

/// What is compared on an image.
struct ShownMaps {
    const LabelMap& predicted;
    const LabelMap* truth = nullptr;  ///< null: there is none
    LabelKind kind = LabelKind::instances;
    std::optional<std::uint32_t> ignore = std::nullopt;  ///< true value of pixels that do not count
};

/// Edge of what is shown of larger images, in pixels.
inline constexpr std::int64_t shown_edge = 512;

/// The slice of an image with the most that is wrong (without a truth: with the most predicted
/// pixels), of large ones a part of it. Parts with very many corners of outlines are made smaller,
/// so that a report stays small. `image` null: the pixels are black.
/// Throws Error(shape_mismatch) if the sizes differ.
ShownImage show_image(const std::string& name, const Image* image, const ShownMaps& maps);

}  // namespace unet
