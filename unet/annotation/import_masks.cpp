#include "unet/annotation/import_masks.h"

#include <algorithm>
#include <optional>
#include <system_error>

#include "unet/annotation/colour_table.h"
#include "unet/annotation/draw_labels.h"
#include "unet/annotation/image_finder.h"
#include "unet/core/error.h"
#include "unet/core/text/text.h"
#include "unet/data/pairs.h"
#include "unet/image/contents/reading_notes.h"
#include "unet/image/folder.h"
#include "unet/image/read.h"
#include "unet/image/read_series.h"
#include "unet/objects/ids.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

/// The image's name in that of a mask of Cellpose.
std::optional<std::string> image_name_of(const fs::path& mask) {
    const std::string stem = stem_of(mask);
    for (const std::string_view ending : {"_cp_masks", "_masks"})
        if (is_image_file(mask) && ends_in(stem, ending))
            return stem.substr(0, stem.size() - ending.size());
    return {};
}

/// The masks in a folder, by name, or the one mask that was given. `others` are neither masks nor
/// images.
std::vector<fs::path> masks_in(const fs::path& path, bool of_cellpose,
                               std::vector<fs::path>* others = nullptr) {
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) return {path};
    FolderContent content = content_of(path);
    std::erase_if(content.images, [&](const fs::path& file) {
        return !fs::is_regular_file(file, ignored) || (of_cellpose && !image_name_of(file));
    });
    if (others) *others = std::move(content.others);
    return std::move(content.images);
}

bool is_of_cellpose(const ImportOptions& options) {
    if (options.format == AnnotationFormat::cellpose) return true;
    return options.format == AnnotationFormat::detect && options.colours.empty() &&
           !masks_in(options.annotations, true).empty() &&
           image_name_of(masks_in(options.annotations, true).front()).has_value();
}

void check_size(const LabelMap& labels, const fs::path& mask, const fs::path& image,
                const std::string& series, ImportReport& report) {
    const ImageInfo info = read_image_info(image, read_series(series));
    for (const auto& [file, notes] : {std::pair{mask, labels.notes}, {image, info.notes}})
        for (const std::string& note : notes)
            report.notes.push_back(fmt::format("{}: {}", file.string(), note));
    const Size3& expected = info.size;
    if (labels.size == expected) return;
    fail(ErrorCode::shape_mismatch,
         "{}: found {} x {} x {} pixels (slices x height x width), expected {} x {} x {} as {}{}",
         mask.string(), labels.size.depth, labels.size.height, labels.size.width, expected.depth,
         expected.height, expected.width, image.string(),
         info.orientation == 1 ? "" : ", which is " + orientation_text(info));
}

}  // namespace

bool is_import_of_masks(const ImportOptions& options) {
    return options.format == AnnotationFormat::colours ||
           (options.format == AnnotationFormat::detect && !options.colours.empty()) ||
           is_of_cellpose(options);
}

void read_masks(const ImportOptions& options, ImportReport& report,
                const std::function<void(const MaskOfImage&)>& take) {
    const bool cellpose = is_of_cellpose(options);
    std::optional<ColourTable> table;
    if (!cellpose) {
        if (options.colours.empty() || options.images.empty())
            fail_setting(
                "colours", ErrorCode::invalid_argument,
                "{}: masks in colours need `colours`, which says what the colours mean, and "
                "`images`",
                options.annotations.string());
        table = read_colour_table(options.colours);
        report.classes.assign(table->classes.begin() + 1, table->classes.end());
    }
    report.kind = cellpose ? LabelKind::instances : LabelKind::classes;
    std::vector<fs::path> others;
    const auto masks = masks_in(options.annotations, cellpose, &others);
    const std::string told = passed_over(options.annotations, others, "file(s) that are no masks");
    if (!told.empty()) report.notes.push_back(told);
    if (masks.empty())
        fail(ErrorCode::invalid_argument, "{}: found no masks in this folder, expected {}",
             options.annotations.string(),
             cellpose ? "NAME_masks.png or NAME_masks.tif" : "PNG or TIFF files named as images");
    ImageFinder finder(options.images);
    for (const fs::path& mask : masks) {
        MaskOfImage each;
        each.mask = mask;
        each.image = finder.find(
            mask, cellpose ? image_name_of(mask).value_or(stem_of(mask)) : stem_of(mask));
        each.labels = cellpose ? read_labels(mask, read_series(options.series))
                               : read_colour_mask(mask, *table, options.series);
        check_size(each.labels, mask, each.image, options.series, report);
        const auto& values = each.labels.values;
        each.objects = IdTable(values).count();
        if (!cellpose && std::find(values.begin(), values.end(), ignored_value) != values.end()) {
            report.ignore = ignored_value;
            --each.objects;
        }
        take(each);
    }
}

}  // namespace unet
