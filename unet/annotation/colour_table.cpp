#include "unet/annotation/colour_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <system_error>

#include "unet/annotation/draw_labels.h"
#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/text/text.h"
#include "unet/core/text/unicode.h"
#include "unet/image/read.h"
#include "unet/image/read_series.h"

namespace unet {
namespace {

std::optional<std::uint8_t> number_in(std::string_view word, int base) {
    int value = 0;
    const char* end = word.data() + word.size();
    const auto [rest, error] = std::from_chars(word.data(), end, value, base);
    if (error != std::errc() || rest != end || value < 0 || value > 255) return {};
    return static_cast<std::uint8_t>(value);
}

std::optional<Colour> hexadecimal_colour(std::string_view word) {
    if (word.size() != 7 || word[0] != '#') return {};
    Colour colour{};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto part = number_in(word.substr(1 + 2 * i, 2), 16);
        if (!part) return {};
        colour[i] = *part;
    }
    return colour;
}

/// The colour at the begin of `words`, which is taken away.
std::optional<Colour> take_colour(std::vector<std::string_view>& words) {
    if (words.empty()) return {};
    if (const auto colour = hexadecimal_colour(words[0])) {
        words.erase(words.begin());
        return colour;
    }
    if (words.size() < 3) return {};
    Colour colour{};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto part = number_in(words[i], 10);
        if (!part) return {};
        colour[i] = *part;
    }
    words.erase(words.begin(), words.begin() + 3);
    return colour;
}

void add(ColourTable& table, const Colour& colour, const std::string& name,
         const std::string& where) {
    if (name.empty())
        fail(ErrorCode::invalid_argument, "{}: found a colour without a name, expected both",
             where);
    std::uint32_t value = ignored_value;
    if (name != "ignore") {
        const auto known = std::find(table.classes.begin(), table.classes.end(), name);
        value = static_cast<std::uint32_t>(known - table.classes.begin());
        if (known == table.classes.end()) table.classes.push_back(name);
    }
    if (table.classes.size() >= ignored_value)
        fail(ErrorCode::invalid_argument, "{}: found more than {} classes", where,
             ignored_value - 1);
    const auto [entry, fresh] = table.values.emplace(colour, value);
    if (!fresh && entry->second != value)
        fail(ErrorCode::invalid_argument, "{}: the colour {}, {}, {} has two names, expected one",
             where, colour[0], colour[1], colour[2]);
}

ColourTable table_of_file(const std::string& path) {
    ColourTable table;
    const std::string text = without_mark(read_text_file(path));
    std::size_t number = 0;
    for (const std::string_view line : split_lines(text)) {
        ++number;
        auto words = split_words(line, " \t,;\r");
        if (words.empty()) continue;
        const std::string where = fmt::format("{}: line {}", path, number);
        const auto colour = take_colour(words);
        if (!colour && number == 1) continue;  // a heading
        if (!colour)
            fail(ErrorCode::invalid_argument,
                 "{}: found '{}', expected a colour and a name: 255 0 0 tumour, or #ff0000 tumour",
                 where, line);
        add(table, *colour, fmt::format("{}", fmt::join(words, " ")), where);
    }
    return table;
}

ColourTable table_of_words(const std::string& text) {
    ColourTable table;
    for (const std::string_view entry : split_words(text, ",")) {
        const std::size_t middle = entry.rfind('=');
        const auto colour = middle == std::string_view::npos
                                ? std::nullopt
                                : hexadecimal_colour(entry.substr(middle + 1));
        if (!colour)
            fail_setting(
                "colours", ErrorCode::invalid_argument,
                "`colours`: found '{}', expected a file that is there, or NAME=#RRGGBB between "
                "commas: background=#000000,tumour=#ff0000",
                entry);
        add(table, *colour, std::string(entry.substr(0, middle)), "`colours`");
    }
    return table;
}

}  // namespace

ColourTable read_colour_table(const std::string& text) {
    std::error_code ignored;
    const bool is_file = std::filesystem::is_regular_file(text, ignored);
    ColourTable table = is_file ? table_of_file(text) : table_of_words(text);
    if (table.classes.size() < 2)
        fail_setting("colours", ErrorCode::invalid_argument,
                     "`colours` {}: found {} class(es), expected two at least, background first",
                     text, table.classes.size());
    return table;
}

LabelMap read_colour_mask(const std::filesystem::path& path, const ColourTable& table,
                          const std::string& series) {
    if (is_jpeg_file(path))
        fail(ErrorCode::unsupported,
             "{}: found a JPEG, which changes colours, expected PNG or TIFF; export the mask again",
             path.string());
    // A mask that is alone in its file is that one.
    const bool several = !series.empty() && !read_label_info(path, series).series.empty();
    const Image image = read_image(path, read_series(several ? series : ""));
    const std::int64_t pixels = image.size.elements();
    const std::int64_t green = image.rgb ? 1 : 0, blue = image.rgb ? 2 : 0;
    LabelMap labels{image.size, std::vector<std::uint32_t>(static_cast<std::size_t>(pixels)),
                    image.spacing};
    labels.notes = image.notes;
    std::int64_t unknown = 0, first = 0;
    const auto shown = [&](std::int64_t i) {
        return fmt::format("{}, {}, {} at row {}, column {}", image.plane(0)[i],
                           image.plane(green)[i], image.plane(blue)[i],
                           i / image.size.width % image.size.height, i % image.size.width);
    };
    for (std::int64_t i = 0; i < pixels; ++i) {
        const std::array<float, 3> stored{image.plane(0)[i], image.plane(green)[i],
                                          image.plane(blue)[i]};
        Colour colour{};
        for (std::size_t c = 0; c < 3; ++c) {
            if (!(stored[c] >= 0.0f && stored[c] <= 255.0f && stored[c] == std::floor(stored[c])))
                fail(ErrorCode::invalid_argument,
                     "{}: found {}, expected colours of whole numbers from 0 to 255; save the "
                     "mask with 8 bits",
                     path.string(), shown(i));
            colour[c] = static_cast<std::uint8_t>(stored[c]);
        }
        const auto found = table.values.find(colour);
        if (found != table.values.end())
            labels.values[i] = found->second;
        else if (unknown++ == 0)
            first = i;
    }
    if (unknown > 0)
        fail_setting(
            "colours", ErrorCode::invalid_argument,
            "{}: found {} pixel(s) of colours that `colours` does not name, the first {}; add "
            "them, or save the mask without smoothing",
            path.string(), unknown, shown(first));
    return labels;
}

}  // namespace unet
