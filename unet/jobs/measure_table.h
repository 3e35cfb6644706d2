#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "unet/core/image.h"
#include "unet/objects/measuring/brightness.h"
#include "unet/objects/measuring/measurement_columns.h"
#include "unet/objects/measuring/measurements.h"
#include "unet/objects/measuring/volumes.h"

namespace unet {

/// The numbers of one object.
struct MeasuredRow {
    std::int64_t slice = 0;
    double area = 0.0;             ///< pixels, of volumes voxels
    std::vector<double> pixels;    ///< a number for each column
    std::vector<double> physical;  ///< for each column with a dimension; empty without spacing
    std::vector<Brightness> channels;
};

/// The objects of one label map.
struct MeasuredMap {
    std::string image;  ///< what the table calls it
    std::vector<MeasuredRow> rows;
    Spacing spacing;
    std::int64_t channels = 0;         ///< of the image; 0 without one
    std::vector<std::int64_t> slices;  ///< their numbers; empty where rows are of no slice
};

/// Objects of every slice, or of all slices together, as rows.
std::vector<MeasuredRow> rows_of(const std::vector<ObjectMeasurements>& objects);
std::vector<MeasuredRow> rows_of(const std::vector<VolumeMeasurements>& objects);

/// A row for each object as a spreadsheet reads it (CSV): `unet measure --out FILE.csv`. Columns
/// that some of the maps do not have (a unit, a channel, a slice) are empty there.
class MeasureTable {
public:
    /// Rows are those of volumes, or else those of slices.
    explicit MeasureTable(bool volumes);

    void add(MeasuredMap map) { maps_.push_back(std::move(map)); }
    bool empty() const { return maps_.empty(); }
    /// Writes the whole table under a temporary name and renames it.
    void write(const std::filesystem::path& path) const;

private:
    struct Column {
        const char* name;
        Dimension dimension;
    };
    /// Which columns there are beside those of every object.
    struct Layout {
        std::string unit;
        std::int64_t channels = 0;
        bool slices = false;
    };

    Layout layout() const;
    /// That of all maps, micrometres where they differ; empty where none knows its spacing.
    std::string unit() const;
    std::string header(const Layout& layout) const;
    std::string line(const Layout& layout, const MeasuredMap& map, const MeasuredRow& row) const;
    std::string physical_cells(const MeasuredRow& row, double factor) const;

    std::vector<Column> columns_;
    std::vector<MeasuredMap> maps_;
};

}  // namespace unet
