#include "unet/image/tiff/ome_xml.h"

#include <algorithm>
#include <optional>
#include <pugixml.hpp>

#include "unet/core/error.h"

namespace unet {
namespace {

constexpr std::int64_t not_given = -1;

/// "Pixels" for <Pixels> and for <ome:Pixels>.
std::string_view local_name(const pugi::xml_node& node) {
    const std::string_view name = node.name();
    return name.substr(name.find(':') + 1);  // npos + 1 is 0
}

bool is_named(const pugi::xml_node& node, std::string_view name) {
    return local_name(node) == name;
}

pugi::xml_node child_named(const pugi::xml_node& node, std::string_view name) {
    return node.find_child([&](const pugi::xml_node& child) { return is_named(child, name); });
}

std::int64_t whole_number(const pugi::xml_node& node, const char* name, std::int64_t otherwise) {
    const auto value = node.attribute(name).as_llong(otherwise);
    return value >= 0 ? value : otherwise;
}

StoredSizes sizes_of(const pugi::xml_node& pixels) {
    constexpr const char* names[] = {"PhysicalSizeZ", "PhysicalSizeY", "PhysicalSizeX"};
    StoredSizes sizes;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        sizes.size[axis] = pixels.attribute(names[axis]).as_double();
        const auto unit = pixels.attribute((std::string(names[axis]) + "Unit").c_str());
        sizes.unit[axis] = unit.as_string("um");  // the schema's default
        if (sizes.unit[axis].empty()) sizes.unit[axis] = "um";
    }
    return sizes;
}

std::vector<std::string> channel_names(const pugi::xml_node& pixels) {
    std::vector<std::string> names;
    bool any = false;
    for (const auto& child : pixels.children()) {
        if (!is_named(child, "Channel")) continue;
        names.emplace_back(child.attribute("Name").value());
        any = any || !names.back().empty();
    }
    if (!any) names.clear();
    return names;
}

/// What one TiffData element says: `count` planes from `plane` on stand in the directories from
/// `directory` on.
struct TiffData {
    std::int64_t directory, plane, count;
    bool elsewhere;  ///< in another file
};

TiffData read_tiff_data(const pugi::xml_node& element, const PageOrder& order, std::int64_t samples,
                        std::string_view own_id) {
    const std::int64_t directory = whole_number(element, "IFD", not_given);
    const std::int64_t time = whole_number(element, "FirstT", 0),
                       slice = whole_number(element, "FirstZ", 0),
                       channel = whole_number(element, "FirstC", 0) / samples;
    const bool inside =
        time < order.times() && slice < order.slices() && channel < order.channels();
    const std::string_view id = child_named(element, "UUID").text().get();
    return {std::max<std::int64_t>(directory, 0),
            inside ? order.page(time * order.slices() + slice, channel) : order.pages(),
            whole_number(element, "PlaneCount", directory == not_given ? order.pages() : 1),
            !id.empty() && !own_id.empty() && id != own_id};
}

/// The directory of each page; empty where no element says. A fault where planes are missing.
std::vector<std::int64_t> directories_of(const pugi::xml_node& root, const pugi::xml_node& pixels,
                                         std::int64_t pages, std::int64_t samples,
                                         Description& found) {
    std::vector<std::int64_t> directories;
    std::int64_t elsewhere = 0;
    for (const auto& child : pixels.children()) {
        if (!is_named(child, "TiffData")) continue;
        const auto data =
            read_tiff_data(child, found.order, samples, root.attribute("UUID").value());
        directories.resize(found.order.pages(), not_given);
        if (data.elsewhere) {
            elsewhere += 1;
            continue;
        }
        for (std::int64_t k = 0;
             k < data.count && data.plane + k < found.order.pages() && data.directory + k < pages;
             ++k) {
            auto& directory = directories[data.plane + k];
            if (directory != not_given) break;  // keeps hostile repetitions short
            directory = data.directory + k;
        }
    }
    const auto missing = std::count(directories.begin(), directories.end(), not_given);
    if (missing > 0)
        found.fault = fmt::format(
            "its OME description speaks of {} plane(s), of which {} are not in it{}; join its "
            "files "
            "into one with the command line tools of Bio-Formats (bfconvert)",
            found.order.pages(), missing, elsewhere > 0 ? " but in other files" : "");
    return directories;
}

/// Planes along T, Z and C in the order in which they change, the slowest first.
std::vector<Axis> axes_of(const pugi::xml_node& pixels, std::int64_t samples) {
    std::int64_t channels = std::max<std::int64_t>(1, whole_number(pixels, "SizeC", 1));
    if (samples > 1 && channels % samples == 0) channels /= samples;
    std::vector<Axis> axes;
    // DimensionOrder names the fastest axis first, after X and Y.
    const std::string_view dimensions = pixels.attribute("DimensionOrder").value();
    for (auto letter = dimensions.rbegin(); letter != dimensions.rend(); ++letter) {
        if (*letter == 'C') axes.push_back({'C', channels});
        if (*letter == 'Z')
            axes.push_back({'Z', std::max<std::int64_t>(1, whole_number(pixels, "SizeZ", 1))});
        if (*letter == 'T')
            axes.push_back({'T', std::max<std::int64_t>(1, whole_number(pixels, "SizeT", 1))});
    }
    return axes;
}

/// The order of as many planes as the axes make, at most `most`.
std::optional<PageOrder> order_of(const std::vector<Axis>& axes, std::int64_t most) {
    std::int64_t planes = 1;
    for (const Axis& axis : axes) {
        if (axis.length > most / planes) return {};
        planes *= axis.length;
    }
    return PageOrder::of(axes, planes);
}

}  // namespace

void parse_ome_xml(std::string_view text, std::int64_t pages, std::int64_t samples,
                   Description& found) {
    pugi::xml_document document;
    // Of a text that is cut off the part before is kept: the number of pages proves it.
    document.load_buffer(text.data(), text.size());
    const pugi::xml_node root =
        document.find_child([](const pugi::xml_node& node) { return is_named(node, "OME"); });
    if (child_named(root, "BinaryOnly")) {
        found.fault =
            "its description stands in another file (OME BinaryOnly); join its files into one with "
            "the command line tools of Bio-Formats (bfconvert)";
        return;
    }
    const pugi::xml_node pixels =
        root.find_node([](const pugi::xml_node& node) { return is_named(node, "Pixels"); });
    if (!pixels) return;
    found.source = "OME";
    found.images = std::count_if(root.children().begin(), root.children().end(),
                                 [](const auto& node) { return is_named(node, "Image"); });
    found.sizes = sizes_of(pixels);
    found.channel_names = channel_names(pixels);
    const std::vector<Axis> axes = axes_of(pixels, samples);
    // Where TiffData elements say which directories the planes are, there may be fewer or more.
    constexpr std::int64_t most_planes = 1 << 22;
    const auto order = child_named(pixels, "TiffData") ? order_of(axes, most_planes)
                       : found.images > 1              ? order_of(axes, pages)
                                                       : PageOrder::of(axes, pages);
    if (!order) {
        found.fault = fmt::format(
            "its OME description speaks of {}, but it has {} page(s); save one series as one file",
            axes.empty() ? "no order of planes" : to_string(axes), pages);
        return;
    }
    found.order = *order;
    found.directories = directories_of(root, pixels, pages, samples, found);
}

}  // namespace unet
