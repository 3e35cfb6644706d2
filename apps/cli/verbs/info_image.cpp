#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "terminal/flags.h"
#include "terminal/notes.h"
#include "terminal/progress.h"
#include "unet/unet.h"
#include "verbs/info.h"

namespace unet::cli {
namespace {

const char* type_text(SampleType type) {
    switch (type) {
        case SampleType::u8:
            return "unsigned 8 bit";
        case SampleType::u16:
            return "unsigned 16 bit";
        case SampleType::u32:
            return "unsigned 32 bit";
        case SampleType::i8:
            return "signed 8 bit";
        case SampleType::i16:
            return "signed 16 bit";
        case SampleType::i32:
            return "signed 32 bit";
        case SampleType::f32:
            return "floating point";
    }
    return "";
}

/// {"Z": 5, "Y": 17, "X": 23}, the slowest first.
nlohmann::ordered_json axes_json(const ImageInfo& image) {
    auto axes = nlohmann::ordered_json::object();
    for (const Axis& axis : image.axes) axes[std::string(1, axis.letter)] = axis.length;
    axes["Y"] = image.size.height;
    axes["X"] = image.size.width;
    return axes;
}

/// "T 2, Z 5, Y, X (as OME says; --axes sets it)"; empty for one page.
std::string axes_text(const ImageInfo& image) {
    if (image.axes.empty()) return {};
    return fmt::format("{}, Y, X ({}; --axes sets it)", to_string(image.axes),
                       image.axes_source.empty()
                           ? "the file does not say what its pages are, they are taken for slices"
                           : fmt::format("as {} says", with_flags(image.axes_source)));
}

/// The images of a file that holds several, and which of them is described.
void add_series(Facts& facts, const ImageInfo& image) {
    auto list = nlohmann::ordered_json::array();
    for (const ImageInFile& each : image.series) {
        nlohmann::ordered_json entry{{"name", each.name}};
        if (each.size.height > 0)
            entry.update({{"planes", each.size.depth},
                          {"height", each.size.height},
                          {"width", each.size.width}});
        if (each.smaller_copy) entry["smaller_copy"] = true;
        if (!each.elsewhere.empty()) entry["file"] = each.elsewhere;
        list.push_back(std::move(entry));
    }
    const bool several = !image.series.empty();
    facts.add("images", several ? image.series.size() : 1,
              several
                  ? fmt::format("{} in this file: {}", image.series.size(), to_string(image.series))
                  : "");
    facts.add("series", image.series_taken,
              several ? fmt::format("{} (--series takes another)", image.series_taken) : "");
    facts.add("series_list", list);
}

}  // namespace

std::string spacing_text(const Spacing& spacing) {
    if (!spacing.known()) return "unknown";
    const auto text = fmt::format("{:.6g} x {:.6g} {} (height x width)", spacing.size[1],
                                  spacing.size[2], spacing.unit);
    return spacing.size[0] > 0.0
               ? fmt::format("{}, slices {:.6g} {} apart", text, spacing.size[0], spacing.unit)
               : text;
}

Facts describe_image(const std::filesystem::path& path, const ReadSettings& reading) {
    const ImageInfo image = read_image_info(path, read_options_of(reading));
    Facts facts;
    facts.add("image", path.string(), path.string());
    const bool itself = image.format == "JPEG";  // is a way to compress
    const std::string packed = image.compression == "none" ? "not compressed" : image.compression;
    facts.add("format", image.format, itself ? image.format : image.format + ", " + packed);
    facts.add("compression", image.compression);
    facts.add("bytes", image.file_bytes, bytes_text(static_cast<double>(image.file_bytes)));
    facts.add("width", image.size.width);
    facts.add("height", image.size.height);
    facts.add("slices", image.size.depth);
    facts.add("channels", image.channels);
    facts.add("size", to_string(image.size),
              fmt::format(
                  "{} (height x width){}", to_string(Size3{1, image.size.height, image.size.width}),
                  image.size.depth > 1 ? fmt::format(", {} slices", image.size.depth) : ""));
    facts.add("pixel", nullptr,
              fmt::format("{} channel{}{}, {}", image.channels, image.channels == 1 ? "" : "s",
                          image.rgb ? " (red, green, blue)" : "", type_text(image.type)));
    facts.add("axes", axes_json(image), axes_text(image));
    facts.add("channel_names", image.channel_names,
              fmt::format("{}", fmt::join(image.channel_names, ", ")));
    add_series(facts, image);
    facts.add("label_images", image.label_images,
              fmt::format("{}", fmt::join(image.label_images, ", ")));
    facts.add("bits", image.bits);
    facts.add("rgb", image.rgb);
    facts.add("alpha", image.alpha);
    facts.add("palette", image.palette,
              image.palette ? "pixels are indices of a colour table" : "");
    facts.add("white_is_zero", image.white_is_zero,
              image.white_is_zero ? "0 is shown as white" : "");
    facts.add("orientation", image.orientation, orientation_text(image));
    const auto& spacing = image.spacing;
    const std::string why = why_no_spacing(image);
    facts.add("spacing", spacing.size,
              spacing_text(spacing) + (why.empty() ? "" : fmt::format(" ({})", why)));
    facts.add("unread_unit", image.unread_unit);
    facts.add("print_resolution", image.print_resolution);
    facts.add("unit", spacing.unit);
    facts.add("notes", notes_json(image.notes));
    for (const std::string& note : image.notes)
        facts.add_lines(fmt::format("note: {}\n", with_flags(note)));
    return facts;
}

}  // namespace unet::cli
