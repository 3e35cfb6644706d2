#pragma once

#include <string>
#include <string_view>

namespace unet {

/// A unit of length and how formats call it. An empty word: none is written, and none is read.
struct LengthUnit {
    std::string_view symbol;  ///< as Spacing::unit has it
    std::string_view ome;     ///< symbol of OME-XML
    std::string_view word;    ///< of UDUNITS, which OME-Zarr uses
    double micrometres;       ///< that one is
    bool compared = false;    ///< sizes in it are compared with sizes in others
};

inline constexpr LengthUnit length_units[] = {
    {"um", "\xC2\xB5m", "micrometer", 1.0, true},
    {"nm", "nm", "nanometer", 1e-3, true},
    {"mm", "mm", "millimeter", 1e3, true},
    {"cm", "cm", "centimeter", 1e4},
    {"m", "m", "meter", 1e6},
    {"pm", "pm", "picometer", 1e-6},
    {"in", "in", "inch", 25400.0},
    {"inch", "in", "inch", 25400.0},
    // Files may have these; they are made micrometres when read.
    {"", "\xC3\x85", "angstrom", 1e-4},
    {"", "dm", "decimeter", 1e5},
};

/// The unit whose `name` (&LengthUnit::symbol, ome or word) is `text`; nullptr if there is none.
inline const LengthUnit* length_unit(std::string_view text,
                                     std::string_view LengthUnit::*name = &LengthUnit::symbol) {
    for (const LengthUnit& unit : length_units)
        if (!text.empty() && unit.*name == text) return &unit;
    return nullptr;
}

/// 1e-6 for "um"; 0 for a unit in which sizes are not compared.
inline double metres_per_unit(std::string_view symbol) noexcept {
    const LengthUnit* unit = length_unit(symbol);
    return unit && unit->compared ? unit->micrometres * 1e-6 : 0.0;
}

/// "um" for micron, micrometer, µm, \u00B5m and so on; empty for pixel and none; others as they
/// are.
std::string unit_symbol(std::string_view text);

}  // namespace unet
