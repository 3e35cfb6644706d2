#include "unet/image/tiff/description.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "unet/core/error.h"
#include "unet/core/text/json.h"
#include "unet/core/text/text.h"
#include "unet/image/tiff/ome_xml.h"

namespace unet {
namespace {

/// 0 where `text` does not begin with a positive number.
template <class Number>
Number number_in(std::string_view text) {
    Number value{};
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec != std::errc() || !(value > 0)) return 0;
    if constexpr (std::is_floating_point_v<Number>)
        if (!std::isfinite(value)) return 0;
    return value;
}

/// The value of a line "key=value"; empty if there is none.
std::string_view line_value(std::string_view text, std::string_view key) {
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == '=')
            return line.substr(key.size() + 1, line.find('\r') - key.size() - 1);
    }
    return {};
}

/// One slice a page.
PageOrder slices(std::int64_t pages) { return *PageOrder::of({{'Z', pages}}, pages); }

bool is_imagej(std::string_view text) {
    return text.starts_with("ImageJ=") || text.starts_with("SCIFIO=");
}

std::int64_t imagej_count(std::string_view text, std::string_view key) {
    return std::max<std::int64_t>(1, number_in<std::int64_t>(line_value(text, key)));
}

/// What ImageJ calls calibration: function 0 is a straight line, 20 and 21 are none; 1 to 11 are
/// curves.
void read_calibration(std::string_view text, Calibration& found) {
    const auto number = [&](std::string_view key) -> std::optional<double> {
        const std::string_view value = trim(line_value(text, key));
        double parsed = 0.0;
        const auto [rest, error] =
            std::from_chars(value.data(), value.data() + value.size(), parsed);
        if (error != std::errc() || !std::isfinite(parsed)) return {};
        return parsed;
    };
    constexpr double straight = 0.0, last_curve = 19.0;
    const auto function = number("cf"), intercept = number("c0"), slope = number("c1");
    if (!function) return;
    found.curved = *function > straight && *function <= last_curve;
    if (*function != straight || !intercept || !slope || *slope == 0.0) return;
    found.slope = *slope;
    found.intercept = *intercept;
}

void parse_imagej(std::string_view text, std::int64_t pages, std::int64_t samples,
                  Description& found) {
    found.source = "ImageJ";
    std::string_view spacing = trim(line_value(text, "spacing"));
    if (spacing.starts_with('-')) spacing.remove_prefix(1);  // as ImageJ does
    if (pages > 1) take_size("spacing", spacing, 0, found.sizes);
    read_calibration(text, found.calibration);
    constexpr const char* keys[] = {"zunit", "yunit", "unit"};
    const std::string_view unit = line_value(text, "unit");
    const bool none = trim(unit).empty();  // then that of the resolution tags
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::string_view own = line_value(text, keys[axis]);
        found.sizes.unit[axis] = axis == 0 && none ? "um" : own.empty() ? unit : own;
    }
    const auto images = imagej_count(text, "images"), channels = imagej_count(text, "channels");
    const auto depth = imagej_count(text, "slices"), frames = imagej_count(text, "frames");
    auto order = PageOrder::of({{'T', frames}, {'Z', depth}, {'C', channels}}, pages);
    // 48-bit colour: the channels are the samples of one page.
    if (!order && channels == samples) order = PageOrder::of({{'T', frames}, {'Z', depth}}, pages);
    if (!order && channels * depth * frames == 1 && images == pages) order = slices(pages);
    if (order)
        found.order = *order;
    else
        found.fault = fmt::format(
            "its ImageJ description speaks of {} image(s) ({} channel(s), {} slice(s), {} "
            "frame(s)), but it has {} page(s); save it again from ImageJ",
            images, channels, depth, frames, pages);
}

/// tifffile's {"shape": [3, 2, 8, 9], "axes": "ZCYX"}; discarded where it is something else.
nlohmann::json shape_in(std::string_view text) {
    auto json = parse_json(text).value_or(nlohmann::json());
    const bool whole = json.is_object() && json.contains("shape") && json["shape"].is_array();
    return whole ? std::move(json) : nlohmann::json();
}

void parse_shape(std::string_view text, std::int64_t pages, Description& found) {
    const auto json = shape_in(text);
    if (json.is_null() || !json.contains("axes") || !json["axes"].is_string()) return;
    const auto& shape = json["shape"];
    const auto letters = json["axes"].get<std::string>();
    if (letters.size() != shape.size()) return;
    std::vector<Axis> axes;
    for (std::size_t i = 0; i < letters.size() && letters[i] != 'Y'; ++i)
        if (letters[i] != 'S')  // samples of a pixel, stored in planes of one page
            axes.push_back(
                {letters[i], shape[i].is_number_integer() ? shape[i].get<std::int64_t>() : 0});
    if (const auto order = PageOrder::of(axes, pages)) {
        found.order = *order;
        found.source = "tifffile";
    } else if (letters.find('C') != std::string::npos) {
        found.fault = fmt::format(
            "its description has axes {} and shape {}, but it has {} page(s); save one series as "
            "one file",
            letters, shape.dump(), pages);
    }
}

}  // namespace

bool is_ome(std::string_view text) {
    return text.find("<OME") != std::string_view::npos ||
           text.find("<ome:OME") != std::string_view::npos;
}

std::int64_t planes_behind(std::string_view text) {
    if (is_imagej(text)) return imagej_count(text, "images");
    if (!text.starts_with("{")) return 1;
    const auto json = shape_in(text);
    if (json.is_null() || json.value("truncated", nlohmann::json()) != true ||
        !json.contains("axes") || !json["axes"].is_string())
        return 1;
    const auto letters = json["axes"].get<std::string>();
    std::int64_t planes = 1;
    constexpr std::int64_t most = std::int64_t{1} << 40;
    for (std::size_t i = 0; i < letters.size() && i < json["shape"].size() && letters[i] != 'Y';
         ++i) {
        const auto& length = json["shape"][i];
        if (letters[i] == 'S') continue;
        if (!length.is_number_unsigned() || length.get<std::uint64_t>() == 0 ||
            length.get<std::uint64_t>() > static_cast<std::uint64_t>(most / planes))
            return 1;
        planes *= length.get<std::int64_t>();
    }
    return planes;
}

Description parse_description(std::string_view text, std::int64_t pages, std::int64_t samples,
                              const OmeFile& file) {
    Description found;
    found.order = slices(pages);
    if (is_imagej(text))
        parse_imagej(text, pages, samples, found);
    else if (is_ome(text))
        parse_ome_xml(text, pages, samples, file, found);
    else if (text.starts_with("{"))
        parse_shape(text, pages, found);
    if (!found.fault.empty()) {
        found.order = slices(pages);
        found.directories.clear();
    }
    return found;
}

std::string imagej_description(std::int64_t channels, std::int64_t slices, const Spacing& spacing,
                               double low, double high) {
    std::string text = "ImageJ=1.53t\n";
    const std::int64_t pages = channels * slices;
    if (pages > 1) text += fmt::format("images={}\n", pages);
    if (channels > 1) text += fmt::format("channels={}\n", channels);
    if (slices > 1) text += fmt::format("slices={}\n", slices);
    if (channels > 1) text += "hyperstack=true\nmode=grayscale\n";
    if (spacing.known() && !spacing.unit.empty())
        text += fmt::format("unit={}\n", spacing.unit == "um" ? "micron" : spacing.unit);
    if (spacing.size[0] > 0.0) text += fmt::format("spacing={}\n", spacing.size[0]);
    text += "loop=false\n";
    text += fmt::format("min={}\nmax={}\n", low, high);
    return text;
}

}  // namespace unet
