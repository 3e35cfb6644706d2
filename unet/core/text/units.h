#pragma once

#include <span>
#include <string>
#include <string_view>

namespace unet {

/// A unit of length and how formats call it.
struct LengthUnit {
    std::string_view symbol;  ///< as Spacing::unit has it: that of OME-XML in ASCII, "um", "nm"
    std::string_view ome;     ///< symbol of OME-XML
    std::string_view word;    ///< of UDUNITS, which OME-Zarr uses; empty where it has none
    double micrometres;       ///< that one is
};

/// Every unit of length that OME-XML, OME-Zarr, NIfTI or ImageJ know: the one table.
std::span<const LengthUnit> length_units();

/// The unit that a file or a person calls so, by its symbol, its word or another usual name, in one
/// or many: "um", "\u00B5m" (in UTF-8, Latin-1 or as ImageJ escapes it), "microns",
/// "Micrometers", "inches". nullptr for what is no length: "pixel", "reference frame", "sec".
const LengthUnit* length_unit(std::string_view text);

/// 1e-6 for "um"; 0 for what is no unit of length.
double metres_per_unit(std::string_view text);

/// The unit in which the size of a pixel is kept that a file gives in `unit`: micrometres, but for
/// nanometres and millimetres, which stay what they are.
const LengthUnit& kept_unit(const LengthUnit& unit);

/// True for what programs write where they know of no unit: nothing, "pixel", "none".
bool is_no_unit(std::string_view text);

}  // namespace unet
