#include "unet/image/read_options.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <string_view>

#include "unet/core/error.h"
#include "unet/core/text/text.h"
#include "unet/core/text/units.h"
#include "unet/image/contents/pixel_size.h"
#include "unet/image/page_order.h"

namespace unet {
namespace {

std::optional<PageRange> range_of(const std::string& text, const std::string& setting) {
    if (text.empty()) return {};
    return parse_pages(text, fmt::format("`{}`", setting), setting);
}

/// All of them where no range is given.
std::vector<std::int64_t> picked(const std::optional<PageRange>& range, std::int64_t available,
                                 const std::string& where, std::string_view what) {
    if (range) return range->resolve(available, where, what);
    std::vector<std::int64_t> all(available);
    std::iota(all.begin(), all.end(), std::int64_t{0});
    return all;
}

}  // namespace

Fields fields_of(ReadSettings& s) {
    return {
        text("pages", "slices of stacks, counted from 0: 0-17 or 0,2,4; all without it", s.pages,
             "RANGE"),
        text("channel", "channels of images, counted from 0: 1 or 0,2; all without it", s.channel,
             "RANGE"),
        text("z", "slices of each time of a series, counted from 0", s.z, "RANGE"),
        text("t", "times of a series, counted from 0", s.t, "RANGE"),
        text("axes",
             "what the pages of a file are, slowest first, instead of what the file says: ZYX, "
             "CZYX, TZ5YX with 5 slices; `read_image_info` shows it",
             s.axes, "AXES"),
        text("spacing",
             "size of a pixel, instead of what the file says: 0.65um, or HEIGHT,WIDTH or "
             "DEPTH,HEIGHT,WIDTH; unit um, nm, mm, or another of length",
             s.spacing, "SIZE"),
        series_field(s.series),
    };
}

Field series_field(std::string& series) {
    return text("series",
                "which image of a file that holds several, by its number from 0 or its name; "
                "`read_image_info` lists them [the first]",
                series, "N");
}

Field by_pixels_field(bool& by_pixels) {
    return {"by_pixels",
            "lay NIfTI files over each other pixel by pixel, whatever they say of their place in "
            "space",
            &by_pixels};
}

ReadOptions read_options_of(const ReadSettings& s) {
    if (!s.pages.empty() && !(s.z.empty() && s.t.empty()))
        fail_setting("pages", ErrorCode::invalid_argument,
                     "`pages` counts slices through all times: give it, or `z` and `t`, not both");
    ReadOptions options{range_of(s.pages, "pages"), range_of(s.channel, "channel"),
                        range_of(s.z, "z"), range_of(s.t, "t"), s.axes};
    options.series = s.series;
    options.by_pixels = s.by_pixels;
    if (s.spacing.empty()) return options;
    options.spacing = parse_spacing(s.spacing, "`spacing`", "spacing");
    if (options.spacing.unit.empty()) options.spacing.unit = "um";
    return options;
}

Spacing parse_spacing(const std::string& text, std::string_view where, const std::string& setting) {
    std::vector<double> numbers;
    bool more = true;  // a number has to follow
    const char *place = text.data(), *end = place + text.size();
    while (more) {
        double number = 0.0;
        const auto [after, error] = std::from_chars(place, end, number);
        if (error != std::errc() || !std::isfinite(number) || number <= 0.0) break;
        numbers.push_back(number);
        more = after != end && *after == ',';
        place = more ? after + 1 : after;
    }
    Spacing spacing;
    const std::string_view unit = trim({place, end});
    const LengthUnit* known = length_unit(unit);
    if (more || numbers.size() > 3 || (known == nullptr && !unit.empty()))
        fail_setting(
            setting, ErrorCode::invalid_argument,
            "{}: found '{}', expected the size of a pixel: one number above 0, HEIGHT,WIDTH or "
            "DEPTH,HEIGHT,WIDTH, and its unit of length (um, nm, mm, ...), such as 0.65um",
            where, text);
    if (numbers.size() == 1) numbers.push_back(numbers[0]);
    if (numbers.size() == 2) numbers.insert(numbers.begin(), 0.0);
    std::copy_n(numbers.begin(), 3, spacing.size.begin());
    if (known == nullptr) return spacing;
    std::string ignored;
    const std::string name(known->symbol);
    return spacing_of({spacing.size, {name, name, name}}, kept_unit(*known), ignored);
}

Spacing spacing_of(const ReadOptions& options, const Spacing& stored) {
    if (!options.spacing.known()) return stored;
    Spacing spacing = options.spacing;
    const double unit = metres_per_unit(spacing.unit);
    if (spacing.size[0] == 0.0 && unit > 0.0)
        spacing.size[0] = stored.size[0] * metres_per_unit(stored.unit) / unit;
    return spacing;
}

std::vector<std::int64_t> picked_slices(const ReadOptions& options, const PageOrder& order,
                                        const std::string& where) {
    if (options.pages || (!options.z && !options.t))
        return picked(options.pages, order.times() * order.slices(), where, "page");
    std::vector<std::int64_t> slices;
    const auto heights = picked(options.z, order.slices(), where, "slice");
    for (const std::int64_t time : picked(options.t, order.times(), where, "time"))
        for (const std::int64_t z : heights) slices.push_back(time * order.slices() + z);
    return slices;
}

PageOrder turned_order(const Turn& turn, const PageOrder& order, const Size3& size) {
    const std::int64_t slices = turn.size_of({order.slices(), size.height, size.width}).depth;
    return *PageOrder::of({{'T', order.times()}, {'Z', slices}}, order.times() * slices);
}

std::int64_t picked_times(const ReadOptions& options, const PageOrder& order,
                          const std::string& where) {
    return options.pages ? 1 : std::ssize(picked(options.t, order.times(), where, "time"));
}

std::vector<std::int64_t> picked_channels(const ReadOptions& options, std::int64_t available,
                                          const std::string& where) {
    return picked(options.channels, available, where, "channel");
}

}  // namespace unet
