#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "unet/image/contents/contents.h"
#include "unet/image/tiff/tiff_directory.h"
#include "unet/image/tiff/tiff_handle.h"

namespace unet {

/// Pages of a TIFF that make one image: all of one kind.
struct TiffSeries {
    std::vector<TiffDirectory> pages;
    bool smaller_copy = false;  ///< thumbnails, or a level of a pyramid
};

/// The images of a file whose pages are `directories` and whose first page says `text`, which is no
/// OME-XML. Pages of the same kind are one image, in the order of the file; of a slide scanner's
/// file (Aperio) each is for itself. `tiff` stands somewhere else afterwards.
std::vector<TiffSeries> series_in(const TiffHandle& tiff,
                                  const std::vector<TiffDirectory>& directories,
                                  std::string_view text);

/// The same for a list of images.
std::vector<ImageInFile> images_of(const std::vector<TiffSeries>& series);

/// The first that is no smaller copy. Throws Error(unsupported) that names `series` where there is
/// another such: pages that differ are no stack, and which of them is meant nobody says.
std::size_t usual_series(const std::vector<TiffSeries>& series, std::string_view text,
                         const std::string& where);

/// How many planes a stack of MetaMorph has (UIC2Tag), one after the other behind the first, of
/// which alone there is a directory; 1 for other files.
std::int64_t metamorph_planes(const TiffHandle& tiff);

}  // namespace unet
