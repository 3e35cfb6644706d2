#include "measure_table.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "table.h"

namespace unet::cli {

/// Which columns there are.
struct MeasureTable::Layout {
    std::string unit;
    std::int64_t channels = 0;
    bool slices = false;

    std::string header() const;
    std::string row(const MeasuredMap& map, const ObjectMeasurements& object) const;
};

namespace {

bool is_spaced(const Spacing& spacing) { return spacing.known() && !spacing.unit.empty(); }

std::string number(double value) { return std::isfinite(value) ? fmt::format(",{}", value) : ","; }

/// Units of `spacing` times this are `unit`; 0 where the one cannot become the other.
double factor_to(const std::string& unit, const Spacing& spacing) {
    if (!is_spaced(spacing)) return 0.0;
    return spacing.unit == unit ? 1.0 : metres_per_unit(spacing.unit) / metres_per_unit("um");
}

Lengths scaled(const Lengths& lengths, double factor) {
    Lengths result = lengths;
    for (double* length :
         {&result.centroid[0], &result.centroid[1], &result.perimeter, &result.equivalent_diameter,
          &result.axis_major, &result.axis_minor, &result.feret_max, &result.feret_min})
        *length *= factor;
    result.area *= factor * factor;
    return result;
}

std::string physical_cells(const ObjectMeasurements& object, double factor) {
    std::string text;
    const Lengths lengths = factor > 0.0 ? scaled(*object.physical, factor) : Lengths{};
    for (const MeasurementColumn& column : shape_columns())
        if (column.dimension != Dimension::none)
            text += factor > 0.0 ? number(column.value(object, lengths)) : ",";
    return text;
}

}  // namespace

void MeasureTable::add(MeasuredMap map) { maps_.push_back(std::move(map)); }

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
    Layout layout{unit(), 0, false};
    for (const MeasuredMap& map : maps_) {
        layout.channels = std::max(layout.channels, map.channels);
        layout.slices = layout.slices || !map.slices.empty();
    }
    return layout;
}

std::string MeasureTable::Layout::header() const {
    std::string text = slices ? "image,slice" : "image";
    for (const MeasurementColumn& column : shape_columns()) text += fmt::format(",{}", column.name);
    if (!unit.empty())
        for (const MeasurementColumn& column : shape_columns())
            if (column.dimension != Dimension::none)
                text += "," + csv_cell(fmt::format("{}_{}{}", column.name, unit,
                                                   column.dimension == Dimension::area ? "2" : ""));
    for (std::int64_t c = 0; c < channels; ++c)
        for (const BrightnessColumn& column : brightness_columns())
            text += channels == 1 ? fmt::format(",{}", column.name)
                                  : fmt::format(",{}-{}", column.name, c);
    return text + "\n";
}

std::string MeasureTable::Layout::row(const MeasuredMap& map,
                                      const ObjectMeasurements& object) const {
    std::string text = csv_cell(map.image);
    if (slices)
        text += map.slices.empty()
                    ? ","
                    : fmt::format(",{}", map.slices[static_cast<std::size_t>(object.slice)]);
    for (const MeasurementColumn& column : shape_columns())
        text += number(column.value(object, object.pixels));
    if (!unit.empty()) text += physical_cells(object, factor_to(unit, map.spacing));
    for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c)
        for (const BrightnessColumn& column : brightness_columns())
            text += c < object.channels.size() ? number(column.value(object.channels[c])) : ",";
    return text + "\n";
}

void MeasureTable::write(const std::filesystem::path& path) const {
    constexpr std::size_t piece = std::size_t{1} << 20;  // one call of the system for so many bytes
    AtomicFile file(path);
    const Layout columns = layout();
    std::string text = columns.header();
    for (const MeasuredMap& map : maps_)
        for (const ObjectMeasurements& object : map.objects) {
            text += columns.row(map, object);
            if (text.size() < piece) continue;
            file.write(text);
            text.clear();
        }
    file.write(text);
    file.commit();
}

}  // namespace unet::cli
