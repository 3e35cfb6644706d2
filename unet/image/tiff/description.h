#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "unet/core/image.h"
#include "unet/image/contents/contents.h"
#include "unet/image/contents/pixel_size.h"
#include "unet/image/page_order.h"
#include "unet/image/read.h"

namespace unet {

/// What the text in a TIFF's ImageDescription says.
struct Description {
    std::string source;  ///< who says it: "ImageJ", "OME", "tifffile"; empty: nobody
    PageOrder order;
    /// Why the order that the text gives cannot be right; `order` then is one slice a page.
    /// Guessing could take channels for slices.
    std::string fault;
    /// What the text names. ImageJ gives height and width by the resolution tags, of which it only
    /// has the units.
    StoredSizes sizes;
    Calibration calibration;                 ///< ImageJ
    std::vector<std::string> channel_names;  ///< OME; empty where not given
    std::vector<ImageInFile> images;         ///< OME: those of a text that speaks of several
    std::size_t image = 0;                   ///< the one of them that is meant
    /// OME: the directory of each page in `order`; empty: one after another from the first.
    std::vector<std::int64_t> directories;
};

/// What OME-XML of several images or files needs to be understood.
struct OmeFile {
    std::string path{};                   ///< of the file at hand
    std::string series{};                 ///< ReadOptions::series
    std::vector<std::int64_t> samples{};  ///< of a pixel of each directory; none: all the same
};

/// Understands ImageJ's key=value lines, OME-XML and the shapes that tifffile writes as JSON; any
/// other text means one slice per page. `pages` is how many the file has, `samples` how many values
/// a pixel of a page has.
Description parse_description(std::string_view text, std::int64_t pages, std::int64_t samples,
                              const OmeFile& file = {});

/// How many planes one directory stands for, where the text says that they follow each other behind
/// its first byte, as ImageJ writes above 4 GB and tifffile with `truncate`; else 1.
std::int64_t planes_behind(std::string_view text);

/// True for OME-XML.
bool is_ome(std::string_view text);

/// The text that ImageJ writes itself for pages whose channels change fastest. `low` and `high` are
/// the displayed range.
std::string imagej_description(std::int64_t channels, std::int64_t slices, const Spacing& spacing,
                               double low, double high);

}  // namespace unet
