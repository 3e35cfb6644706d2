#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "unet/core/image.h"

namespace unet {

/// Which slice and channel each page of a file is. Pages count channel and slice as a number with
/// mixed digits, of which the channel is one: page = (slice / inner * channels + channel) * inner +
/// slice % inner.
struct PageOrder {
    std::int64_t channels = 1;
    std::int64_t slices = 1;
    std::int64_t inner = 1;  ///< slices that pass before the channel changes

    std::int64_t page(std::int64_t slice, std::int64_t channel) const noexcept {
        return (slice / inner * channels + channel) * inner + slice % inner;
    }
};

/// What the text in a TIFF's ImageDescription says.
struct Description {
    PageOrder order;
    Spacing spacing;   ///< entries that the text names, else 0
    std::string unit;  ///< ImageJ: of the resolution tags; empty where not given
    bool imagej = false;
};

/// Understands ImageJ's key=value lines, OME-XML and the shapes that tifffile writes as JSON; any
/// other text means one slice per page. `pages` is how many the file has, `samples` how many values
/// a pixel of a page has; `where` names the file.
/// Throws Error(unsupported) if the text describes another number of pages than there are, as files
/// with several series or with planes outside any page do: guessing could take channels for slices.
Description parse_description(std::string_view text, std::int64_t pages, std::int64_t samples,
                              std::string_view where);

/// "um" for micron, micrometer, µm, \u00B5m; other units as they are; empty for pixel, none.
std::string unit_of(std::string_view text);

/// The text that ImageJ writes itself for pages of this order (slices fastest is not possible
/// there: `inner` is 1). `low` and `high` are the displayed range.
std::string imagej_description(const PageOrder& order, const Spacing& spacing, double low,
                               double high);

}  // namespace unet
