#include "unet/image/contents/reading_notes.h"

#include <fmt/format.h>

#include "unet/image/contents/contents.h"
#include "unet/image/contents/upright.h"
#include "unet/image/stored.h"

namespace unet {

namespace {

std::string calibration_text(const ImageInfo& info) {
    if (info.calibration.curved)
        return "it is calibrated by a curve (cf of ImageJ), which is not read: the stored values "
               "count; to have the calibrated ones, turn them into 32 bits in ImageJ";
    return fmt::format(
        "it is calibrated: a value is {} x what is stored + {}; {}", info.calibration.slope,
        info.calibration.intercept,
        info.calibrated
            ? "the calibrated values count"
            : "the stored values count here, calibrated ones where brightness is measured");
}

}  // namespace

std::vector<std::string> reading_notes(const ImageInfo& info, const ReadOptions& options) {
    std::vector<std::string> notes = left_out(info, options);
    if (info.orientation != 1)
        notes.push_back(
            fmt::format("its pixels are read {}, as viewers show them", orientation_text(info)));
    const Spacing asked = spacing_of(options, info.spacing);
    if (info.spacing.known() && asked != info.spacing)
        notes.push_back(fmt::format("`spacing`: pixels of {} instead of the {} that the file says",
                                    pixel_size_text(asked), pixel_size_text(info.spacing)));
    if (!info.unread_unit.empty() || !info.unread_size.empty())
        notes.push_back(why_no_spacing(info) +
                        (asked.known() ? "" : "; `spacing` says how large a pixel is"));
    if (info.calibration.straight() || info.calibration.curved)
        notes.push_back(calibration_text(info));
    if (info.white_is_zero && options.as_stored)
        notes.emplace_back("it shows 0 as white: the stored values count, as in other programs");
    if (options.as_stored && only_shows(info))
        notes.emplace_back("it has a colour table: the stored values count, as in other programs");
    return notes;
}

std::string why_no_spacing(const ImageInfo& info) {
    if (!info.unread_size.empty()) return info.unread_size;
    if (info.unread_unit == no_unit_given) return "its pixel size has no unit";
    if (!info.unread_unit.empty())
        return fmt::format("the unit of its pixel size is {}, which is no length",
                           info.unread_unit);
    if (!info.spacing.known() && info.print_resolution > 0.0)
        return fmt::format("its {} dots per inch are for printers", info.print_resolution);
    return {};
}

std::string orientation_text(const ImageInfo& info) {
    if (info.orientation == 1) return {};
    return fmt::format("{} (its orientation is {}, as EXIF numbers it)", turn_of(info.orientation),
                       info.orientation);
}

std::string orientation_hint(const std::filesystem::path& image) {
    const ImageInfo info = read_image_info(image);
    if (info.orientation == 1) return {};
    return fmt::format(
        "; {} is {}: labels that were made of its pixels as stored have to be {} too",
        image.string(), orientation_text(info), turn_of(info.orientation));
}

std::string pixel_size_text(const Spacing& spacing) {
    const std::string depth =
        spacing.size[0] > 0.0 ? fmt::format("{:.6g} x ", spacing.size[0]) : "";
    return fmt::format("{}{:.6g} x {:.6g} {}", depth, spacing.size[1], spacing.size[2],
                       spacing.unit);
}

}  // namespace unet
