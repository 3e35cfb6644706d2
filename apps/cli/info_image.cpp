#include <nlohmann/json.hpp>

#include "info.h"
#include "progress.h"
#include "unet/unet.h"

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

}  // namespace

Facts describe_image(const std::filesystem::path& path) {
    const ImageInfo image = read_image_info(path);
    Facts facts;
    facts.add("image", path.string(), path.string());
    facts.add("format", image.format,
              fmt::format("{}, {}", image.format,
                          image.compression == "none" ? "not compressed" : image.compression));
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
    facts.add("bits", image.bits);
    facts.add("rgb", image.rgb);
    facts.add("palette", image.palette,
              image.palette ? "pixels are indices of a colour table" : "");
    facts.add("white_is_zero", image.white_is_zero,
              image.white_is_zero ? "0 is shown as white" : "");
    const auto& spacing = image.spacing;
    facts.add("spacing", spacing.size,
              spacing.known() ? fmt::format("{:.6g} x {:.6g} {} (height x width)", spacing.size[1],
                                            spacing.size[2], spacing.unit)
                              : "unknown");
    facts.add("unit", spacing.unit);
    return facts;
}

}  // namespace unet::cli
