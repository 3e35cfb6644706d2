#pragma once

#include <cstdint>
#include <string_view>

#include "unet/image/tiff/description.h"

namespace unet {

/// One image of OME-XML (schema 2016-06 and before): order of its planes, pixel size in
/// micrometres, names of its channels, and the directories that its TiffData elements name. Without
/// `file.series` the first that has planes in this file: which file a plane is in, UUIDs tell, or,
/// where the root has none, names of files. Arguments as parse_description, of which this is a
/// part.
void parse_ome_xml(std::string_view text, std::int64_t pages, std::int64_t samples,
                   const OmeFile& file, Description& found);

}  // namespace unet
