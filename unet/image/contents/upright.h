#pragma once

#include <memory>

#include "unet/image/stored.h"

namespace unet {

/// The file with its pixels as viewers show them, turned and mirrored as ImageInfo::orientation
/// says; one that is upright as it is. Rows of a mirrored image are decoded as those of the file;
/// where rows become columns, or the last one the first, whole pages are.
std::unique_ptr<StoredFile> turned_upright(std::unique_ptr<StoredFile> file);

/// What is done with an image of this orientation: "turned by 90 degrees clockwise"; empty for 1.
std::string turn_of(int orientation);

}  // namespace unet
