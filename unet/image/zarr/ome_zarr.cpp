#include "unet/image/zarr/ome_zarr.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "unet/core/error.h"
#include "unet/image/zarr/zarr_json.h"
#include "unet/image/zarr/zarr_node.h"

namespace unet {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// A letter for each axis; they had no types before 0.4.
std::string letters_of(const Json& named) {
    std::string axes;
    for (const Json& axis : named) {
        const std::string name = axis.is_string()   ? axis.get<std::string>()
                                 : axis.is_object() ? text_at(axis, "name")
                                                    : "";
        axes += name.size() == 1
                    ? static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])))
                    : '?';
    }
    return axes;
}

std::string axes_of(const Json& image, const ZarrNode& node, const fs::path& folder) {
    const auto found = image.find("axes");
    if (found != image.end() && found->is_array()) return letters_of(*found);
    if (node.is_version_3)
        fail(ErrorCode::unsupported,
             "'{}' names no axes of its image, as OME-Zarr {} may; save it as OME-Zarr 0.5 or 0.4",
             folder.string(), text_at(node.attributes, "version"));
    return "TCZYX";  // before 0.3
}

/// Multiplies `sizes` by the numbers of a transformation of type scale.
void apply_scale(const Json& holder, std::vector<double>& sizes) {
    const auto found = holder.find("coordinateTransformations");
    if (found == holder.end() || !found->is_array()) return;
    for (const Json& each : *found) {
        if (!each.is_object() || text_at(each, "type") != "scale" || !each.contains("scale"))
            continue;
        const Json& scale = each["scale"];
        if (!scale.is_array() || scale.size() != sizes.size()) continue;
        for (std::size_t i = 0; i < sizes.size(); ++i)
            sizes[i] *= scale[i].is_number() ? scale[i].get<double>() : 0.0;
    }
}

StoredSizes sizes_of(const Json& image, const Json& dataset, const std::string& axes) {
    StoredSizes stored;
    const auto named = image.find("axes");
    if (named == image.end() || !named->is_array()) return stored;
    std::vector<double> sizes(axes.size(), 1.0);
    apply_scale(image, sizes);
    apply_scale(dataset, sizes);
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const std::size_t place = std::string("ZYX").find(axes[i]);
        const Json& axis = (*named)[i];
        if (place == std::string::npos || !axis.is_object()) continue;
        take_size(fmt::format("the scale of {}", axes[i]), fmt::format("{}", sizes[i]), place,
                  stored);
        stored.unit[place] = text_at(axis, "unit");
    }
    return stored;
}

std::vector<std::string> channel_names(const Json& attributes) {
    std::vector<std::string> names;
    const auto omero = attributes.find("omero");
    if (omero == attributes.end() || !omero->is_object() || !omero->contains("channels"))
        return names;
    const Json& channels = (*omero)["channels"];
    if (!channels.is_array()) return names;
    for (const Json& channel : channels)
        names.push_back(channel.is_object() ? text_at(channel, "label") : "");
    return names;
}

/// The array of one of a pyramid's levels.
OmeZarr level_of(const fs::path& folder, const ZarrNode& node, const Json& image,
                 const Json& dataset) {
    OmeZarr found;
    const std::string path = text_at(dataset, "path");
    check_in_zarr(folder, path);
    found.array = folder / path;
    found.axes = axes_of(image, node, folder);
    found.sizes = sizes_of(image, dataset, found.axes);
    found.channel_names = channel_names(node.attributes);
    return found;
}

/// An array by itself: a level of the image in a folder above it, or one that names its axes.
OmeZarr array_of(const fs::path& array, const ZarrNode& node) {
    constexpr int most_above = 4;
    const fs::path whole = fs::absolute(array);
    fs::path folder = whole.parent_path();
    for (int i = 0; i < most_above && is_zarr_folder(folder); ++i, folder = folder.parent_path()) {
        const ZarrNode above = zarr_node(folder);
        for (const Json& image : objects_at(above.attributes, "multiscales"))
            for (const Json& dataset : objects_at(image, "datasets"))
                if (folder / fs::path(text_at(dataset, "path")).lexically_normal() == whole)
                    return level_of(folder, above, image, dataset);
    }
    if (!node.dimension_names.is_array())
        fail(ErrorCode::unsupported,
             "'{}' is an array without a description of its axes; name the folder above it",
             array.string());
    OmeZarr found;
    found.array = array;
    found.axes = letters_of(node.dimension_names);
    return found;
}

std::vector<ImageInFile> named(const std::vector<std::string>& names) {
    std::vector<ImageInFile> images;
    for (const std::string& name : names) images.push_back({.name = name});
    return images;
}

}  // namespace

OmeZarr read_ome_zarr(const fs::path& folder, const std::string& series) {
    const ZarrNode node = zarr_node(folder);
    if (node.is_array) return array_of(folder, node);
    const std::vector<Json> pyramids = objects_at(node.attributes, "multiscales");
    std::vector<std::string> names;
    for (const Json& pyramid : pyramids) names.push_back(text_at(pyramid, "name"));
    if (pyramids.empty()) names = zarr_images_below(folder);
    if (names.empty())
        fail(ErrorCode::unsupported,
             "'{}' holds no image at its top; name the folder of an image inside it",
             folder.string());
    const auto images = named(names);
    const std::size_t taken =
        picked_series(images.size() > 1 ? series : "", images, 0, folder.string());
    OmeZarr found;
    if (pyramids.empty()) {
        found = read_ome_zarr(folder / names[taken]);
    } else {
        const std::vector<Json> levels = objects_at(pyramids[taken], "datasets");
        if (levels.empty() || text_at(levels.front(), "path").empty())
            refuse_zarr(folder, "its image names no array");
        found = level_of(folder, node, pyramids[taken], levels.front());
    }
    found.images = images.size() > 1 ? images : std::vector<ImageInFile>();
    found.image = taken;
    if (!pyramids.empty() && is_zarr_folder(folder / "labels"))
        found.labels = zarr_images_below(folder / "labels");
    return found;
}

}  // namespace unet
