#include "unet/jobs/count_table.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/quantiles.h"
#include "unet/core/text/text.h"
#include "unet/core/text/unicode.h"
#include "unet/objects/sizes.h"

namespace unet {
namespace {

double share(std::int64_t pixels, const LabelMap& map) {
    return map.values.empty()
               ? 0.0
               : static_cast<double>(pixels) / static_cast<double>(map.values.size());
}

}  // namespace

void Table::add_objects(const std::string& image, const LabelMap& objects) {
    Row row{image, "", 0, 0, 0.0, 0.0, objects.spacing};
    std::vector<double> areas;
    for (const ObjectSize& object : object_sizes(objects)) {
        row.pixels += object.pixels;
        areas.push_back(static_cast<double>(object.pixels));
    }
    row.objects = static_cast<std::int64_t>(areas.size());
    row.median_pixels = median(std::move(areas));
    row.covered = share(row.pixels, objects);
    rows_.push_back(std::move(row));
}

void Table::add_classes(const std::string& image, const LabelMap& labels,
                        const std::vector<std::string>& class_names) {
    of_classes_ = true;
    for (std::size_t i = 0; i < class_names.size(); ++i) {
        const std::int64_t pixels = std::count(labels.values.begin(), labels.values.end(), i);
        rows_.push_back(
            {image, class_names[i], 0, pixels, 0.0, share(pixels, labels), labels.spacing});
    }
}

std::string Table::text() const {
    const bool spaced =
        std::any_of(rows_.begin(), rows_.end(), [](const Row& row) { return row.spacing.known(); });
    std::string text = of_classes_ ? "image,class,area_pixels,covered"
                                   : "image,objects,area_pixels,median_area_pixels,covered";
    if (spaced) text += of_classes_ ? ",unit,area" : ",unit,area,median_area";
    text += "\n";
    for (const Row& row : rows_) {
        text += csv_cell(as_utf8(row.image)) + ",";
        text += of_classes_ ? fmt::format("{},{}", csv_cell(as_utf8(row.class_name)), row.pixels)
                            : fmt::format("{},{},{}", row.objects, row.pixels, row.median_pixels);
        text += fmt::format(",{:.6g}", row.covered);
        if (spaced && row.spacing.known()) {
            const double pixel = row.spacing.size[1] * row.spacing.size[2];
            text += fmt::format(",{},{:.6g}", csv_cell(row.spacing.unit),
                                static_cast<double>(row.pixels) * pixel);
            if (!of_classes_) text += fmt::format(",{:.6g}", row.median_pixels * pixel);
        } else if (spaced) {
            text += of_classes_ ? ",," : ",,,";
        }
        text += "\n";
    }
    return text;
}

void check_table_name(const std::string& setting, const std::filesystem::path& path) {
    if (path.extension() != ".csv")
        fail_setting(setting, ErrorCode::invalid_argument,
                     "`{}`: found {}, expected a name that ends in .csv", setting, path.string());
    if (std::filesystem::is_directory(path))
        fail_setting(setting, ErrorCode::invalid_argument,
                     "`{}`: {} is a folder, expected the name of a file", setting, path.string());
}

}  // namespace unet
