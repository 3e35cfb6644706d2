#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "unet/image/read.h"

namespace unet {

/// What is worth telling of how a file is read, a sentence each without its name: what it holds
/// beside what is taken (left_out), pixels that are turned upright, a pixel size whose unit is no
/// length, one that `options` give instead of the file's, values that are shown inverted. `info` as
/// read_image_info gives it. The one place for these words: every verb prints them, and has them in
/// its JSON.
std::vector<std::string> reading_notes(const ImageInfo& info, const ReadOptions& options = {});

/// The reason why the size of a pixel is not known, or empty: what the file says instead of one.
std::string why_no_spacing(const ImageInfo& info);

/// "turned by 90 degrees clockwise (its EXIF orientation is 6)"; empty for an image that is
/// upright.
std::string orientation_text(const ImageInfo& info);

/// The end of a message that two files do not fit: that the image is read turned; empty for one
/// that is upright. Throws as read_image_info.
std::string orientation_hint(const std::filesystem::path& image);

/// "0.5 x 0.5 um".
std::string pixel_size_text(const Spacing& spacing);

}  // namespace unet
