#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "unet/core/image.h"
#include "unet/pixels/palette.h"

namespace unet {

/// What the colours of class masks mean.
struct ColourTable {
    std::map<Colour, std::uint32_t> values;  ///< the class of each colour
    std::vector<std::string> classes;        ///< names of values 0, 1, ...; the first is background
};

/// Reads a table: `text` is a file, or the table itself with entries NAME=COLOUR between commas
/// ("background=#000000,tumour=#ff0000"). Lines of a file hold a colour, #RRGGBB or three numbers
/// up to 255, and a name, with blanks, tabs, commas or semicolons between them; a first line
/// without a colour is a heading. Classes are numbered from 0 in the order of the table; a name
/// that comes again is the same class, and the name "ignore" is 255. Throws Error(invalid_argument)
/// naming the line: no colour, no name, a colour with two names, more than 254 classes.
ColourTable read_colour_table(const std::string& text);

/// The classes of a mask. Throws Error: see read_image; unsupported for JPEG; invalid_argument for
/// a colour that the table does not have, with its pixels and place, and for numbers that are no
/// bytes.
LabelMap read_colour_mask(const std::filesystem::path& path, const ColourTable& table,
                          const std::string& series = {});

}  // namespace unet
