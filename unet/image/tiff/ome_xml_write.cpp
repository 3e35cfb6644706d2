#include "unet/image/tiff/ome_xml_write.h"

#include <fmt/format.h>

#include <pugixml.hpp>
#include <sstream>

#include "unet/core/text/unicode.h"
#include "unet/core/text/units.h"
#include "unet/image/format.h"

namespace unet {
namespace {

const char* pixel_type(SampleType type) {
    constexpr const char* names[] = {"uint8", "uint16", "uint32", "int8",
                                     "int16", "int32",  "float"};
    return names[static_cast<std::size_t>(type)];
}

void append_spacing(pugi::xml_node pixels, const Spacing& spacing) {
    const LengthUnit* unit = length_unit(spacing.unit);
    if (!spacing.known() || unit == nullptr) return;
    constexpr const char* names[] = {"PhysicalSizeZ", "PhysicalSizeY", "PhysicalSizeX"};
    for (const std::size_t axis : {2, 1, 0}) {
        if (!(spacing.size[axis] > 0.0)) continue;
        // The shortest text that reads back as the same number.
        pixels.append_attribute(names[axis]) = fmt::format("{}", spacing.size[axis]).c_str();
        pixels.append_attribute((std::string(names[axis]) + "Unit").c_str()) = unit->ome.data();
    }
}

}  // namespace

std::string ome_xml(const FileShape& shape) {
    pugi::xml_document document;
    auto declaration = document.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    auto root = document.append_child("OME");
    const char* schema = "http://www.openmicroscopy.org/Schemas/OME/2016-06";
    root.append_attribute("xmlns") = schema;
    root.append_attribute("xmlns:xsi") = "http://www.w3.org/2001/XMLSchema-instance";
    root.append_attribute("xsi:schemaLocation") =
        fmt::format("{} {}/ome.xsd", schema, schema).c_str();
    root.append_attribute("Creator") = written_by;
    auto image = root.append_child("Image");
    image.append_attribute("ID") = "Image:0";
    image.append_attribute("Name") = as_utf8(shape.name).c_str();
    auto pixels = image.append_child("Pixels");
    pixels.append_attribute("ID") = "Pixels:0";
    pixels.append_attribute("DimensionOrder") = "XYCZT";
    pixels.append_attribute("Type") = pixel_type(shape.type);
    pixels.append_attribute("SizeX") = static_cast<long long>(shape.size.width);
    pixels.append_attribute("SizeY") = static_cast<long long>(shape.size.height);
    pixels.append_attribute("SizeC") = static_cast<long long>(shape.channels);
    pixels.append_attribute("SizeZ") = static_cast<long long>(shape.size.depth / shape.times);
    pixels.append_attribute("SizeT") = static_cast<long long>(shape.times);
    pixels.append_attribute("BigEndian") = "false";
    append_spacing(pixels, shape.spacing);
    for (std::int64_t c = 0; c < shape.channels; ++c) {
        auto channel = pixels.append_child("Channel");
        channel.append_attribute("ID") = fmt::format("Channel:0:{}", c).c_str();
        if (!shape.channel_names.empty())
            channel.append_attribute("Name") = as_utf8(shape.channel_names[c]).c_str();
        channel.append_attribute("SamplesPerPixel") = 1;
    }
    pixels.append_child("TiffData");  // without attributes: all planes, one after another
    std::ostringstream text;
    document.save(text, "", pugi::format_raw);
    return text.str();
}

}  // namespace unet
