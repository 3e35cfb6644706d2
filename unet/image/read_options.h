#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "unet/core/fields.h"
#include "unet/core/image.h"
#include "unet/image/pages.h"
#include "unet/pixels/turn.h"

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
    /// Which image of a file that holds several, by number or name; empty: the usual one. Labels in
    /// a file of one image are that one.
    std::string series = {};
    /// Values as stored, which other programs measure, and not as shown: white-is-zero is not
    /// turned over, and the colour table of a TIFF, with which ImageJ shows numbers, is not looked
    /// up.
    bool as_stored = false;
    bool calibrated = true;  ///< where values are as stored, ImageJ's calibration counts
    /// How the pixels are turned once they are read, within each time; slices are picked after it.
    Turn turn = {};
    bool by_pixels = false;  ///< Overlay: two files lie over each other whatever they say
};

/// What the values of a file are taken for.
enum class FileUse {
    image,   ///< as read_image
    labels,  ///< stored values, as read_labels, but any numbers and channels; no JPEG
};

/// The same as typed.
struct ReadSettings {
    std::string pages = {}, channel = {}, z = {}, t = {}, axes = {}, spacing = {}, series = {};
    bool by_pixels = false;  ///< of two files only: by_pixels_field()
};

/// The table of ReadSettings for flags, TOML and JSON, without `by_pixels`.
Fields fields_of(ReadSettings& settings);
/// Where two files are laid over each other.
Field by_pixels_field(bool& by_pixels);

/// "0.65um", "0.65" (unit empty) or two or three numbers, "2,0.65,0.65um": height and width, or
/// depth before them, in any unit of length; as kept_unit. Throws Error(invalid_argument) that
/// begins with `where` ("`spacing`") and names `setting`.
Spacing parse_spacing(const std::string& text, std::string_view where,
                      const std::string& setting = {});

/// The setting `series`, for jobs that have it without the others.
Field series_field(std::string& series);

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
/// The times and slices of pages in this order, of `size` all together, once they are turned.
PageOrder turned_order(const Turn& turn, const PageOrder& order, const Size3& size);
/// How many times they are of: each has equally many of them. 1 where `pages` picks among all.
std::int64_t picked_times(const ReadOptions& options, const PageOrder& order,
                          const std::string& where);
/// The channels that `options` pick of `available`. Errors as above.
std::vector<std::int64_t> picked_channels(const ReadOptions& options, std::int64_t available,
                                          const std::string& where);

}  // namespace unet
