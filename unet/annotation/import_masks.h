#pragma once

#include <filesystem>
#include <functional>

#include "unet/annotation/import.h"
#include "unet/core/image.h"

namespace unet {

/// Label images and masks in colours, which are annotations already.
bool is_import_of_masks(const ImportOptions& options);

struct MaskOfImage {
    std::filesystem::path mask, image;
    LabelMap labels;
    std::int64_t objects = 0;  ///< distinct numbers; of classes those that occur
};

/// Hands over one mask after the other.
/// Cellpose: NAME_masks or NAME_cp_masks (.png, .tif) beside NAME, or in a folder with the images
/// elsewhere; an object for each number. Colours: masks named as the images. Sets kind, classes and
/// ignored value of `report`. Throws Error: see read_labels, read_colour_mask, ImageFinder;
/// shape_mismatch where mask and image differ in size; invalid_argument where there is no mask.
void read_masks(const ImportOptions& options, ImportReport& report,
                const std::function<void(const MaskOfImage&)>& take);

}  // namespace unet
