#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "unet/core/fields.h"
#include "unet/core/image.h"
#include "unet/image/pages.h"

namespace unet {

class PageOrder;

/// What of a file is read, and what its pages mean. All numbers count from 0.
struct ReadOptions {
    std::optional<PageRange> pages = {};     ///< slices, counted on through all times
    std::optional<PageRange> channels = {};  ///< of images; labels have one
    std::optional<PageRange> z = {};         ///< slices of each time; not together with `pages`
    std::optional<PageRange> t = {};         ///< times; not together with `pages`
    std::string axes = {};  ///< instead of what the file says, as reordered() takes them: "ZYX"
    Spacing spacing = {};   ///< instead of what the file says; unknown: as it says
    /// Values as stored, which other programs measure, and not as shown: white-is-zero is not
    /// turned over, and the colour table of a TIFF, with which ImageJ shows numbers, is not looked
    /// up.
    bool as_stored = false;
};

/// The same as typed.
struct ReadSettings {
    std::string pages = {}, channel = {}, z = {}, t = {}, axes = {}, spacing = {};
};

/// The table of ReadSettings for flags, TOML and JSON.
Fields fields_of(ReadSettings& settings);

/// "0.65um", "0.65" (unit empty) or two or three numbers, "2,0.65,0.65um": height and width, or
/// depth before them, in any unit of length; as kept_unit. Throws Error(invalid_argument) that
/// begins with `where` ("`spacing`") and names `setting`.
Spacing parse_spacing(const std::string& text, std::string_view where,
                      const std::string& setting = {});

/// What `options` say of pixels, or else the file. The distance of slices is the file's where
/// `options` have none.
Spacing spacing_of(const ReadOptions& options, const Spacing& stored);

/// Throws Error(invalid_argument) that names the setting for what is no range, and for `pages`
/// together with `z` or `t`.
ReadOptions read_options_of(const ReadSettings& settings);

/// The slices that `options` pick of pages in this order, counted on through all times.
/// Throws Error(invalid_argument), beginning with `where`, for what is not there.
std::vector<std::int64_t> picked_slices(const ReadOptions& options, const PageOrder& order,
                                        const std::string& where);
/// How many times they are of: each has equally many of them. 1 where `pages` picks among all.
std::int64_t picked_times(const ReadOptions& options, const PageOrder& order,
                          const std::string& where);
/// The channels that `options` pick of `available`. Errors as above.
std::vector<std::int64_t> picked_channels(const ReadOptions& options, std::int64_t available,
                                          const std::string& where);

}  // namespace unet
