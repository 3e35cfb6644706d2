#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "unet/core/image.h"
#include "unet/core/labels.h"
#include "unet/core/shape.h"

namespace unet {

/// What was predicted as rows for a spreadsheet (CSV, a comma between cells, a point in numbers):
/// `unet predict --table FILE.csv`. Objects give one row for each image, classes one for each image
/// and class. Areas count pixels, of a stack those of all slices; where an image says how large a
/// pixel is, also in squares of its unit.
class Table {
public:
    void add_objects(const std::string& image, const LabelMap& objects);
    void add_classes(const std::string& image, const LabelMap& labels,
                     const std::vector<std::string>& class_names);

    bool empty() const { return rows_.empty(); }
    /// The whole table, its first line naming the columns.
    std::string text() const;

private:
    struct Row {
        std::string image, class_name;
        std::int64_t objects = 0, pixels = 0;
        double median_pixels = 0.0, covered = 0.0;
        Spacing spacing;
    };
    std::vector<Row> rows_;
    bool of_classes_ = false;
};

/// Throws Error(invalid_argument) for what cannot become a table: a name that does not end in .csv
/// (it may be an image or a model), or a folder. `setting` is the one that holds the name
/// ("table").
void check_table_name(const std::string& setting, const std::filesystem::path& path);

}  // namespace unet
