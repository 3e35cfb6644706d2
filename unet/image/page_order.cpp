#include "unet/image/page_order.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "unet/core/error.h"

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

/// The value of an attribute inside one XML start tag.
std::string_view attribute(std::string_view tag, std::string_view name) {
    for (auto at = tag.find(name); at != std::string_view::npos; at = tag.find(name, at + 1)) {
        const auto begin = at + name.size();
        const bool whole = at > 0 && std::isspace(static_cast<unsigned char>(tag[at - 1])) != 0;
        if (!whole || begin + 1 >= tag.size() || tag[begin] != '=') continue;
        const char quote = tag[begin + 1];
        const auto end = tag.find(quote, begin + 2);
        if ((quote != '"' && quote != '\'') || end == std::string_view::npos) return {};
        return tag.substr(begin + 2, end - begin - 2);
    }
    return {};
}

/// An axis along which pages count, and its length.
struct Axis {
    char letter;
    std::int64_t length;
};

/// `axes` from slowest to fastest. False if they make another number of pages.
bool order_pages(const std::vector<Axis>& axes, std::int64_t pages, PageOrder& order) {
    PageOrder found;
    bool channel_seen = false;
    for (const auto& [letter, length] : axes) {
        // Lengths multiply to `pages` or not at all, which also keeps the products small.
        if (length < 1 || length > pages || found.slices * found.channels > pages / length)
            return false;
        if (letter == 'C') {
            found.channels *= length;
            channel_seen = true;
        } else {
            found.slices *= length;
            if (channel_seen) found.inner *= length;
        }
    }
    if (found.slices * found.channels != pages) return false;
    order = found;
    return true;
}

void parse_imagej(std::string_view text, std::int64_t pages, std::int64_t samples,
                  std::string_view where, Description& found) {
    const auto count = [&](std::string_view key) {
        return std::max<std::int64_t>(1, number_in<std::int64_t>(line_value(text, key)));
    };
    found.imagej = true;
    found.unit = unit_of(line_value(text, "unit"));
    found.spacing.size[0] = number_in<double>(line_value(text, "spacing"));
    const auto images = count("images"), channels = count("channels");
    const auto slices = count("slices"), frames = count("frames");
    if (order_pages({{'T', frames}, {'Z', slices}, {'C', channels}}, pages, found.order)) return;
    // 48-bit colour: the channels are the samples of one page.
    if (channels == samples && order_pages({{'T', frames}, {'Z', slices}}, pages, found.order))
        return;
    if (channels == 1 && slices == 1 && frames == 1 && images == pages) {
        found.order.slices = pages;
        return;
    }
    fail(ErrorCode::unsupported,
         "'{}': its ImageJ description speaks of {} image(s) ({} channel(s), {} slice(s), {} "
         "frame(s)), but it has {} page(s); save it again from ImageJ as TIFF below 4 GB",
         where, images, channels, slices, frames, pages);
}

void parse_ome(std::string_view text, std::int64_t pages, std::int64_t samples,
               std::string_view where, Description& found) {
    const auto begin = text.find("<Pixels");
    const auto tag = text.substr(begin, text.find('>', begin) - begin);
    const auto length = [&](const char* size) {
        return std::max<std::int64_t>(1, number_in<std::int64_t>(attribute(tag, size)));
    };
    const auto micrometres = [&](const char* size, const char* unit) {
        const double value = number_in<double>(attribute(tag, size));
        const auto given = unit_of(attribute(tag, unit));
        if (given == "nm") return value / 1e3;
        if (given == "mm") return value * 1e3;
        // Micrometres are OME's default; the sign may be written as an XML entity.
        const bool micro =
            given.empty() || given == "um" || given == "&#181;m" || given == "&#xB5;m";
        return micro && attribute(tag, unit) != "pixel" ? value : 0.0;
    };
    found.spacing.size = {micrometres("PhysicalSizeZ", "PhysicalSizeZUnit"),
                          micrometres("PhysicalSizeY", "PhysicalSizeYUnit"),
                          micrometres("PhysicalSizeX", "PhysicalSizeXUnit")};
    if (found.spacing.known()) found.spacing.unit = "um";
    std::int64_t channels = length("SizeC");
    if (samples > 1 && channels % samples == 0) channels /= samples;
    // DimensionOrder names the fastest axis first, after X and Y.
    const auto dimensions = attribute(tag, "DimensionOrder");
    std::vector<Axis> axes;
    for (auto letter = dimensions.rbegin(); letter != dimensions.rend(); ++letter)
        if (*letter == 'C' || *letter == 'Z' || *letter == 'T')
            axes.push_back({*letter, *letter == 'C'   ? channels
                                     : *letter == 'Z' ? length("SizeZ")
                                                      : length("SizeT")});
    if (!order_pages(axes, pages, found.order))
        fail(ErrorCode::unsupported,
             "'{}': its OME description speaks of {} channel(s), {} slice(s) and {} time(s) in "
             "order "
             "'{}', but it has {} page(s); save one series as one file",
             where, channels, length("SizeZ"), length("SizeT"), dimensions, pages);
}

void parse_shape(std::string_view text, std::int64_t pages, std::string_view where,
                 Description& found) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("shape") || !json.contains("axes")) return;
    const auto &shape = json["shape"], &names = json["axes"];
    if (!shape.is_array() || !names.is_string()) return;
    const auto letters = names.get<std::string>();
    if (letters.size() != shape.size()) return;
    std::vector<Axis> axes;
    for (std::size_t i = 0; i < letters.size() && letters[i] != 'Y'; ++i)
        if (letters[i] != 'S')  // samples of a pixel, stored in planes of one page
            axes.push_back(
                {letters[i], shape[i].is_number_integer() ? shape[i].get<std::int64_t>() : 0});
    const bool fits = order_pages(axes, pages, found.order);
    if (!fits && letters.find('C') != std::string::npos)
        fail(ErrorCode::unsupported,
             "'{}': its description has axes {} and shape {}, but it has {} page(s); save one "
             "series "
             "as one file",
             where, letters, shape.dump(), pages);
}

}  // namespace

std::string unit_of(std::string_view text) {
    for (const char* micron : {"um", "micron", "microns", "micrometer", "micrometre", "\\u00B5m",
                               "\\u00b5m", "\xC2\xB5m", "\xCE\xBCm", "\xB5m"})
        if (text == micron) return "um";
    if (text == "pixel" || text == "pixels" || text == "none" || text == " ") return {};
    return std::string(text);
}

Description parse_description(std::string_view text, std::int64_t pages, std::int64_t samples,
                              std::string_view where) {
    Description found;
    found.order.slices = pages;
    if (text.starts_with("ImageJ=") || text.starts_with("SCIFIO="))
        parse_imagej(text, pages, samples, where, found);
    else if (text.find("<OME") != std::string_view::npos &&
             text.find("<Pixels") != std::string_view::npos)
        parse_ome(text, pages, samples, where, found);
    else if (text.starts_with("{"))
        parse_shape(text, pages, where, found);
    return found;
}

std::string imagej_description(const PageOrder& order, const Spacing& spacing, double low,
                               double high) {
    std::string text = "ImageJ=1.53t\n";
    const std::int64_t pages = order.channels * order.slices;
    if (pages > 1) text += fmt::format("images={}\n", pages);
    if (order.channels > 1) text += fmt::format("channels={}\n", order.channels);
    if (order.slices > 1) text += fmt::format("slices={}\n", order.slices);
    if (order.channels > 1) text += "hyperstack=true\nmode=grayscale\n";
    if (spacing.known() && !spacing.unit.empty())
        text += fmt::format("unit={}\n", spacing.unit == "um" ? "micron" : spacing.unit);
    if (spacing.size[0] > 0.0) text += fmt::format("spacing={}\n", spacing.size[0]);
    text += "loop=false\n";
    text += fmt::format("min={}\nmax={}\n", low, high);
    return text;
}

}  // namespace unet
