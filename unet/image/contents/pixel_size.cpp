#include "unet/image/contents/pixel_size.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <utility>

#include "unet/core/text/text.h"
#include "unet/core/text/units.h"

namespace unet {

std::string why_unread(const StoredSizes& stored) {
    if (!stored.unread.empty()) return stored.unread;
    const bool height = stored.size[1] > 0.0, width = stored.size[2] > 0.0;
    if (height == width) return {};
    return fmt::format("it says how {} a pixel is but not how {}, which is not used",
                       height ? "high" : "wide", height ? "wide" : "high");
}

void take_size(std::string_view name, std::string_view text, std::size_t axis,
               StoredSizes& stored) {
    text = trim(text);
    if (text.empty()) return;
    const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
    double size = 0.0;
    const char* end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, size);
    // "0,5" is half a unit where commas stand before decimals: not 0.
    const bool whole = error == std::errc() && (rest == end || *rest != ',');
    if (whole && size > 0.0 && std::isfinite(size)) {
        stored.size[axis] = size;
        return;
    }
    constexpr std::size_t most_shown = 40;
    if (stored.unread.empty())
        stored.unread = fmt::format("{} is '{}', expected a number above 0: it is not used", name,
                                    text.substr(0, most_shown));
}

Spacing spacing_of(const StoredSizes& stored, const LengthUnit& kept, std::string& no_length) {
    Spacing spacing;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const double size = stored.size[axis];
        if (!(size > 0.0) || !std::isfinite(size)) continue;
        const std::string& name = stored.unit[axis];
        if (const LengthUnit* unit = length_unit(name))
            // Not multiplied by 1: the digits of the file stay.
            spacing.size[axis] = unit->micrometres == kept.micrometres
                                     ? size
                                     : size * unit->micrometres / kept.micrometres;
        else if (no_length.empty() && (size != 1.0 || !is_no_unit(name)))
            no_length = trim(name).empty() ? no_unit_given : std::string(trim(name));
    }
    if (spacing.known()) spacing.unit = kept.symbol;
    return spacing;
}

double print_resolution_of(double pixels_per_metre) {
    constexpr double inches_per_metre = 1.0 / 0.0254;
    constexpr double print_resolutions[] = {1,   72,  75,  90,  96,  100, 120, 144, 150, 180,
                                            192, 200, 220, 240, 300, 360, 400, 600, 720, 1200};
    for (const double dots_per_inch : print_resolutions) {
        const double print = dots_per_inch * inches_per_metre;
        // PNG and centimetre-based TIFF hold the same resolutions rounded.
        if (std::fabs(pixels_per_metre - print) <= 0.005 * print) return dots_per_inch;
    }
    return 0.0;
}

Spacing spacing_of_resolution(double along_y, double along_x, double& print_resolution) {
    Spacing spacing{{}, "um"};
    for (const auto& [axis, along] : {std::pair{1, along_y}, std::pair{2, along_x}}) {
        if (!(along > 0.0) || !std::isfinite(along)) return {};
        const double print = print_resolution_of(along);
        if (print > 0.0) {
            print_resolution = print;
            return {};
        }
        spacing.size[axis] = 1e6 / along;
    }
    return spacing;
}

}  // namespace unet
