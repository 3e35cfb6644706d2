#include "unet/image/contents/place.h"

#include <fmt/format.h>

#include "unet/core/error.h"
#include "unet/image/format.h"

namespace unet {
namespace {

std::string point(const std::array<double, 3>& values) {
    return fmt::format("({:.6g}, {:.6g}, {:.6g})", values[0], values[1], values[2]);
}

}  // namespace

bool Place::by_default() const {
    const std::array<std::array<double, 3>, 3> ones{{{0, 0, 1}, {0, 1, 0}, {1, 0, 0}}};
    return unit.empty() && step == ones && origin == std::array{0.0, 0.0, 0.0};
}

std::string to_string(const Place& place) {
    return fmt::format("{} pixels, columns {}, rows {}, slices {}{} apart, the first at {}",
                       to_string(place.size), point(place.step[2]), point(place.step[1]),
                       point(place.step[0]), place.unit.empty() ? "" : " " + place.unit,
                       point(place.origin));
}

std::optional<Place> place_of(const std::filesystem::path& path) {
    try {
        const Format* format = format_of(path);
        return format != nullptr && format->place != nullptr ? format->place(path) : std::nullopt;
    } catch (const Error&) {
        return {};  // whoever reads it tells
    }
}

}  // namespace unet
