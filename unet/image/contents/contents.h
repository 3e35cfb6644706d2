#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "unet/core/shape.h"
#include "unet/image/read_options.h"

namespace unet {

struct ImageInfo;

/// One of several images that a file holds.
struct ImageInFile {
    std::string name{};         ///< as the file calls it; may be empty
    Size3 size{0, 0, 0};        ///< depth: planes; 0 where it is not known before it is opened
    std::string elsewhere{};    ///< the file that has its pixels, where that is another one
    bool smaller_copy = false;  ///< a thumbnail or a level of a pyramid
};

/// "0 'Pos0' (2 planes of 6x8), 1 'Pos1' (6x8)"; of many the first.
std::string to_string(const std::vector<ImageInFile>& images);

/// The one of `images` that `series` means: the one of this name, or else its number from 0, or
/// the first of several of this name; `usual` where it is empty. Throws Error(invalid_argument)
/// that begins with `where` and names `series` for what is not there, or is in another file.
std::size_t picked_series(const std::string& series, const std::vector<ImageInFile>& images,
                          std::size_t usual, const std::string& where);

/// What a file holds beside what `options` take of it, a sentence each, with the setting that takes
/// it: the notes of an image. Told without the file's name. (Transparency: transparency_note.)
std::vector<std::string> left_out(const ImageInfo& info, const ReadOptions& options);

/// The sentence about samples that a file calls transparency and that are left out.
std::string transparency_note(const ImageInfo& info, FileUse use = FileUse::image);

}  // namespace unet
