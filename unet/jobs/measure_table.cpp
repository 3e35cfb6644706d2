#include "unet/jobs/measure_table.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/text/text.h"
#include "unet/core/text/unicode.h"
#include "unet/core/text/units.h"

namespace unet {
namespace {

bool is_spaced(const Spacing& spacing) { return spacing.known() && !spacing.unit.empty(); }

std::string number(double value) { return std::isfinite(value) ? fmt::format(",{}", value) : ","; }

/// Units of `spacing` times this are `unit`; 0 where the one cannot become the other.
double factor_to(const std::string& unit, const Spacing& spacing) {
    if (!is_spaced(spacing)) return 0.0;
    return spacing.unit == unit ? 1.0 : metres_per_unit(spacing.unit) / metres_per_unit("um");
}

/// `pixels` and `physical` are the object's lengths; the latter null where unknown.
template <class Object, class Lengths>
MeasuredRow row_of(const Object& object, const Lengths& pixels, const Lengths* physical,
                   std::span<const MeasurementColumn<Object, Lengths>> columns) {
    MeasuredRow row;
    for (const auto& column : columns) {
        row.pixels.push_back(column.value(object, pixels));
        if (physical != nullptr && column.dimension != Dimension::none)
            row.physical.push_back(column.value(object, *physical));
    }
    row.channels = object.channels;
    return row;
}

}  // namespace

std::vector<MeasuredRow> rows_of(const std::vector<ObjectMeasurements>& objects) {
    std::vector<MeasuredRow> rows;
    for (const ObjectMeasurements& object : objects) {
        rows.push_back(row_of(object, object.pixels, object.physical ? &*object.physical : nullptr,
                              shape_columns()));
        rows.back().slice = object.slice;
        rows.back().area = object.pixels.area;
    }
    return rows;
}

std::vector<MeasuredRow> rows_of(const std::vector<VolumeMeasurements>& objects) {
    std::vector<MeasuredRow> rows;
    for (const VolumeMeasurements& object : objects) {
        rows.push_back(row_of(object, object.voxels, object.physical ? &*object.physical : nullptr,
                              volume_columns()));
        rows.back().area = object.voxels.volume;
    }
    return rows;
}

MeasureTable::MeasureTable(bool volumes) {
    if (volumes)
        for (const VolumeColumn& column : volume_columns())
            columns_.push_back({column.name, column.dimension});
    else
        for (const ShapeColumn& column : shape_columns())
            columns_.push_back({column.name, column.dimension});
}

std::string MeasureTable::unit() const {
    std::string unit;
    for (const MeasuredMap& map : maps_) {
        if (!is_spaced(map.spacing) || map.spacing.unit == unit) continue;
        if (!unit.empty()) return "um";
        unit = map.spacing.unit;
    }
    return unit;
}

MeasureTable::Layout MeasureTable::layout() const {
    Layout layout{unit()};
    for (const MeasuredMap& map : maps_) {
        layout.channels = std::max(layout.channels, map.channels);
        layout.slices = layout.slices || !map.slices.empty();
    }
    return layout;
}

std::string MeasureTable::header(const Layout& layout) const {
    constexpr const char* powers[] = {"", "", "2", "3"};
    std::string text = layout.slices ? "image,slice" : "image";
    for (const Column& column : columns_) text += fmt::format(",{}", column.name);
    if (!layout.unit.empty())
        for (const Column& column : columns_)
            if (column.dimension != Dimension::none)
                text +=
                    "," + csv_cell(fmt::format("{}_{}{}", column.name, layout.unit,
                                               powers[static_cast<std::size_t>(column.dimension)]));
    for (std::int64_t c = 0; c < layout.channels; ++c)
        for (const BrightnessColumn& column : brightness_columns())
            text += layout.channels == 1 ? fmt::format(",{}", column.name)
                                         : fmt::format(",{}-{}", column.name, c);
    return text + "\n";
}

std::string MeasureTable::physical_cells(const MeasuredRow& row, double factor) const {
    std::string text;
    std::size_t next = 0;
    for (const Column& column : columns_) {
        if (column.dimension == Dimension::none) continue;
        if (row.physical.empty() || factor == 0.0) {
            text += ",";
            continue;
        }
        double value = row.physical[next++];
        for (int power = 0; power < static_cast<int>(column.dimension); ++power) value *= factor;
        text += number(value);
    }
    return text;
}

std::string MeasureTable::line(const Layout& layout, const MeasuredMap& map,
                               const MeasuredRow& row) const {
    std::string text = csv_cell(as_utf8(map.image));
    if (layout.slices) text += map.slices.empty() ? "," : fmt::format(",{}", map.slices[row.slice]);
    for (const double value : row.pixels) text += number(value);
    if (!layout.unit.empty()) text += physical_cells(row, factor_to(layout.unit, map.spacing));
    for (std::size_t c = 0; c < static_cast<std::size_t>(layout.channels); ++c)
        for (const BrightnessColumn& column : brightness_columns())
            text += c < row.channels.size() ? number(column.value(row.channels[c])) : ",";
    return text + "\n";
}

void MeasureTable::write(const std::filesystem::path& path) const {
    constexpr std::size_t piece = std::size_t{1} << 20;  // one call of the system for so many bytes
    AtomicFile file(path);
    const Layout columns = layout();
    std::string text = header(columns);
    for (const MeasuredMap& map : maps_)
        for (const MeasuredRow& row : map.rows) {
            text += line(columns, map, row);
            if (text.size() < piece) continue;
            file.write(text);
            text.clear();
        }
    file.write(text);
    file.commit();
}

}  // namespace unet
