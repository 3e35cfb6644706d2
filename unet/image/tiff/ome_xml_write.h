#pragma once

#include <string>

#include "unet/image/file_sink.h"

namespace unet {

/// OME-XML (schema 2016-06) of one image whose planes are the directories of its file, channels
/// changing fastest, then slices, then times: type, lengths, pixel size where its unit is known to
/// OME, names of channels. No date and no identifier that differs from file to file.
std::string ome_xml(const FileShape& shape);

}  // namespace unet
