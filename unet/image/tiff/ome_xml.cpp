#include "unet/image/tiff/ome_xml.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <pugixml.hpp>
#include <set>

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
        take_size(names[axis], pixels.attribute(names[axis]).value(), axis, sizes);
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

/// The Pixels of each image; old programs wrote one without an Image around it.
std::vector<pugi::xml_node> pixels_in(const pugi::xml_node& root) {
    std::vector<pugi::xml_node> all;
    for (const auto& node : root.children())
        if (const auto pixels = child_named(node, "Pixels"); pixels && is_named(node, "Image"))
            all.push_back(pixels);
    const auto is_pixels = [](const pugi::xml_node& node) { return is_named(node, "Pixels"); };
    if (const auto only = root.find_node(is_pixels); all.empty() && only) all.push_back(only);
    return all;
}

/// Which file each plane is in.
class Whereabouts {
public:
    Whereabouts(const pugi::xml_node& root, const std::vector<pugi::xml_node>& images,
                const OmeFile& file)
        : own_id_(root.attribute("UUID").value()),
          own_name_(std::filesystem::path(file.path).filename().string()) {
        for (const pugi::xml_node& pixels : images)
            for (const auto& element : pixels.children()) {
                const pugi::xml_node id = child_named(element, "UUID");
                if (!is_named(element, "TiffData") || !id) continue;
                ids_.insert(id.text().get());
                named_ = named_ || id.attribute("FileName").value() == own_name_;
            }
    }

    /// Empty: in this file; else the name of the other one, as far as it is known.
    std::string elsewhere(const pugi::xml_node& tiff_data) const {
        const pugi::xml_node id = child_named(tiff_data, "UUID");
        if (!id) return {};
        const std::string name = id.attribute("FileName").value(), text = id.text().get();
        // Without an id of its own a file is known by its name, or because there is no other.
        const bool here = !own_id_.empty() && !text.empty() ? text == own_id_
                          : named_                          ? name == own_name_
                                                            : ids_.size() == 1;
        return here ? std::string() : name.empty() ? "another file" : name;
    }

private:
    std::string own_id_, own_name_;
    std::set<std::string> ids_;  ///< of all files
    bool named_ = false;         ///< one of them has the name of this one
};

/// What one TiffData element says: `count` planes from `plane` on stand in the directories from
/// `directory` on.
struct TiffData {
    std::int64_t directory, plane, count;
};

TiffData read_tiff_data(const pugi::xml_node& element, const PageOrder& order,
                        std::int64_t samples) {
    const std::int64_t directory = whole_number(element, "IFD", not_given);
    const std::int64_t time = whole_number(element, "FirstT", 0),
                       slice = whole_number(element, "FirstZ", 0),
                       channel = whole_number(element, "FirstC", 0) / samples;
    const bool inside =
        time < order.times() && slice < order.slices() && channel < order.channels();
    return {std::max<std::int64_t>(directory, 0),
            inside ? order.page(time * order.slices() + slice, channel) : order.pages(),
            whole_number(element, "PlaneCount", directory == not_given ? order.pages() : 1)};
}

/// The directory of each page; empty where no element says. A fault where planes are missing.
std::vector<std::int64_t> directories_of(const pugi::xml_node& pixels, const Whereabouts& places,
                                         std::int64_t pages, std::int64_t samples,
                                         Description& found) {
    std::vector<std::int64_t> directories;
    std::string elsewhere;
    for (const auto& child : pixels.children()) {
        if (!is_named(child, "TiffData")) continue;
        const auto data = read_tiff_data(child, found.order, samples);
        directories.resize(found.order.pages(), not_given);
        if (const std::string other = places.elsewhere(child); !other.empty()) {
            if (elsewhere.empty()) elsewhere = other;
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
            "files into one with the command line tools of Bio-Formats (bfconvert)",
            found.order.pages(), missing,
            elsewhere.empty() ? "" : fmt::format(" but in other files ({})", elsewhere));
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

/// Values of a pixel in the first directory of an image that is in this file.
std::int64_t samples_of(const pugi::xml_node& pixels, const Whereabouts& places,
                        const OmeFile& file, std::int64_t usual) {
    for (const auto& child : pixels.children()) {
        if (!is_named(child, "TiffData") || !places.elsewhere(child).empty()) continue;
        const std::int64_t directory = whole_number(child, "IFD", 0);
        if (directory < std::ssize(file.samples)) return file.samples[directory];
    }
    return usual;
}

/// What a text says of its images; elsewhere where no plane of one is in this file.
std::vector<ImageInFile> images_of(const std::vector<pugi::xml_node>& all,
                                   const Whereabouts& places, const OmeFile& file,
                                   std::int64_t samples) {
    std::vector<ImageInFile> images;
    for (const pugi::xml_node& pixels : all) {
        ImageInFile image{.name = pixels.parent().attribute("Name").value()};
        constexpr std::int64_t most = std::int64_t{1} << 31;  // products are small
        const auto length = [&](const char* name, std::int64_t otherwise) {
            return std::min(whole_number(pixels, name, otherwise), most);
        };
        std::int64_t planes = 1;
        for (const Axis& axis : axes_of(pixels, samples_of(pixels, places, file, samples)))
            planes = std::min(planes * std::min(axis.length, most), most);
        image.size = {planes, length("SizeY", 0), length("SizeX", 0)};
        for (const auto& child : pixels.children()) {
            if (!is_named(child, "TiffData")) continue;
            image.elsewhere = places.elsewhere(child);
            if (image.elsewhere.empty()) break;
        }
        images.push_back(std::move(image));
    }
    return images;
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
                   const OmeFile& file, Description& found) {
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
    const std::vector<pugi::xml_node> all = pixels_in(root);
    if (all.empty()) return;
    const Whereabouts places(root, all, file);
    const std::vector<ImageInFile> images = images_of(all, places, file, samples);
    const auto here = std::find_if(images.begin(), images.end(), [](const ImageInFile& image) {
        return image.elsewhere.empty();
    });
    const std::size_t taken = picked_series(
        images.size() > 1 ? file.series : "", images,
        here == images.end() ? 0 : static_cast<std::size_t>(here - images.begin()), file.path);
    const pugi::xml_node pixels = all[taken];
    samples = samples_of(pixels, places, file, samples);
    found.source = "OME";
    found.image = taken;
    if (images.size() > 1) found.images = images;
    found.sizes = sizes_of(pixels);
    found.channel_names = channel_names(pixels);
    const std::vector<Axis> axes = axes_of(pixels, samples);
    // Where TiffData elements say which directories the planes are, there may be fewer or more.
    constexpr std::int64_t most_planes = 1 << 22;
    const bool says = static_cast<bool>(child_named(pixels, "TiffData"));
    const auto order = says                ? order_of(axes, most_planes)
                       : images.size() > 1 ? order_of(axes, pages)
                                           : PageOrder::of(axes, pages);
    if (!order) {
        found.fault = fmt::format(
            "its OME description speaks of {}, but it has {} page(s); save one series as one file",
            axes.empty() ? "no order of planes" : to_string(axes), pages);
        return;
    }
    found.order = *order;
    if (says)
        found.directories = directories_of(pixels, places, pages, samples, found);
    else if (taken > 0)
        found.fault = "its OME description does not say where the planes of its images are";
}

}  // namespace unet
