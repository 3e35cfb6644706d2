#pragma once

#include "unet/image/format.h"

namespace unet {

/// Read: TIFF of any kind. Written: plain pages, as ImageJ reads them.
extern const Format tiff_format;
/// Written only: tiles, smaller copies, OME-XML.
extern const Format ome_tiff_format;

/// As Format::open.
std::unique_ptr<StoredFile> open_tiff(const std::filesystem::path& path,
                                      const ReadOptions& options);

}  // namespace unet
