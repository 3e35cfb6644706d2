#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "unet/annotation/annotation_file.h"
#include "unet/core/labels.h"
#include "unet/data/label_meaning.h"

namespace unet {

/// Annotations to become a data set.
struct ImportOptions {
    std::filesystem::path annotations;  ///< a file, or a folder of them
    std::string images;                 ///< a folder, or one image; empty: beside the annotations
    AnnotationFormat format = AnnotationFormat::detect;
    /// Instances: a number for each annotation. Classes: a number for each class. Detect: instances
    /// where there is one class at most.
    LabelsChoice labels = LabelsChoice::detect;
    std::vector<std::string> classes;   ///< names of the values 1, 2, ...; empty: names_by_value
    std::string region = "Region*";     ///< class of regions outside of which pixels are ignored
    std::string colours;                ///< table of class masks (read_colour_table)
    std::string series;                 ///< of files that hold several images (ReadOptions)
    bool link = false;                  ///< images are linked instead of copied
    bool nuclei = false;                ///< of cells with a nucleus take that
    bool fill_crossings = false;        ///< lines that cross themselves are no error
    std::function<bool()> cancelled{};  ///< asked between images; true throws Error(cancelled)
};

struct ImportedImage {
    std::string name;
    std::filesystem::path image, annotations;  ///< where they were read
    std::int64_t objects = 0;                  ///< of classes: annotations that were drawn
};

struct ImportReport {
    LabelKind kind = LabelKind::instances;
    std::vector<std::string> classes;     ///< names of values 1, 2, ...; of instances those found
    std::vector<ImportedImage> images;    ///< by name
    std::optional<std::uint32_t> ignore;  ///< value of pixels that take no part
    std::vector<std::string> notes;       ///< what was clipped, hidden or left out, with counts
};

/// Writes a data set into the new folder `out`: images/ (copied or linked), labels/NAME.tif, of
/// classes classes.csv. All or nothing: an error leaves no folder behind.
/// Throws Error: see read_annotations, ImageFinder, draw_labels, read_colour_mask, new_folder;
/// invalid_argument for a folder without annotations, two of one image, and classes where it is
/// not said what to do with them; cancelled.
ImportReport import_annotations(const ImportOptions& options, const std::filesystem::path& out);

}  // namespace unet
