#pragma once

#include <cstdint>
#include <string_view>

#include "unet/image/tiff/description.h"

namespace unet {

/// The first image of OME-XML (schema 2016-06 and before): order of its planes, pixel size in
/// micrometres, names of its channels, and the directories that its TiffData elements name.
/// Arguments as parse_description, of which this is a part.
void parse_ome_xml(std::string_view text, std::int64_t pages, std::int64_t samples,
                   Description& found);

}  // namespace unet
