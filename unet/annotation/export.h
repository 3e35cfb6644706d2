#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "unet/annotation/annotation_file.h"
#include "unet/core/labels.h"

namespace unet {

/// A label map to be exported.
struct ExportedMap {
    std::filesystem::path labels;
    std::filesystem::path image;  ///< what it is of; empty: unknown, the label map's name is given
};

struct ExportOptions {
    AnnotationFormat format = AnnotationFormat::geojson;  ///< imagej, geojson, labelme, coco, tiff
    LabelKind kind = LabelKind::instances;
    std::vector<std::string> classes;     ///< names of the values 1, 2, ...
    std::optional<std::uint32_t> ignore;  ///< value that is no object
    std::string series{};                 ///< of files that hold several images (ReadOptions)
    bool by_pixels = false;             ///< labels lie over the image as they are stored (Overlay)
    std::function<bool()> cancelled{};  ///< asked between maps; true throws Error(cancelled)
};

struct ExportReport {
    std::vector<std::filesystem::path> files;
    std::vector<std::int64_t> objects;  ///< of each label map
    std::vector<std::string> notes;     ///< what the files hold beside that, how they lie
};

/// Of a label map with an image, outlines are in the image's pixels (Overlay). Throws
/// Error(shape_mismatch) where rows and columns differ.
/// Writes the objects of label maps into the new folder `out`: NAME.zip (ImageJ), NAME.geojson,
/// NAME.json (LabelMe), annotations.json (COCO) or NAME.tif. Outlines are exact: imported they give
/// the same pixels. All or nothing. Throws Error: see read_labels, new_folder; invalid_argument for
/// another format or two maps of one name; unsupported for stacks in LabelMe and COCO, which know
/// no slices, and for class values above 255 in ImageJ; cancelled.
ExportReport export_annotations(const std::vector<ExportedMap>& maps, const ExportOptions& options,
                                const std::filesystem::path& out);

}  // namespace unet
