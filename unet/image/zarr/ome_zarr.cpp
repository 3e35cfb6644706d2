#include "unet/image/zarr/ome_zarr.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <system_error>

#include "unet/core/error.h"
#include "unet/image/zarr/zarr_json.h"

namespace unet {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

bool is_there(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error);
}

/// What a group or an array says of itself.
struct Node {
    bool is_array = false;
    bool is_version_3 = false;
    Json attributes;
    Json dimension_names;  ///< of an array of version 3
};

Node node_of(const fs::path& folder) {
    Node node;
    node.attributes = Json::object();
    node.is_version_3 = is_there(folder / "zarr.json");
    if (node.is_version_3) {
        const Json json = read_zarr_json(folder, "zarr.json");
        node.is_array = text_at(json, "node_type") == "array";
        node.attributes = object_at(object_at(json, "attributes"), "ome");
        node.dimension_names = json.value("dimension_names", Json());
    } else {
        node.is_array = is_there(folder / ".zarray");
        if (is_there(folder / ".zattrs")) node.attributes = read_zarr_json(folder, ".zattrs");
    }
    return node;
}

/// The first element of an array; an empty object where there is none.
Json first_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_array() && !found->empty() &&
                   found->front().is_object()
               ? found->front()
               : Json::object();
}

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

std::string axes_of(const Json& image, const Node& node, const fs::path& folder) {
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
        stored.size[place] = sizes[i];
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

}  // namespace

bool is_zarr_folder(const fs::path& path) {
    return is_there(path / ".zattrs") || is_there(path / ".zgroup") || is_there(path / ".zarray") ||
           is_there(path / "zarr.json");
}

OmeZarr read_ome_zarr(const fs::path& folder) {
    const Node node = node_of(folder);
    const Json& attributes = node.attributes;
    OmeZarr found;
    if (node.is_array) {
        if (!node.dimension_names.is_array())
            fail(ErrorCode::unsupported,
                 "'{}' is an array without a description of its axes; name the folder above it",
                 folder.string());
        found.array = folder;
        found.axes = letters_of(node.dimension_names);
        return found;
    }
    // What bioformats2raw writes: images 0, 1, ... in one folder.
    if (attributes.contains("bioformats2raw.layout") && is_zarr_folder(folder / "0") &&
        !node_of(folder / "0").is_array)
        return read_ome_zarr(folder / "0");
    const Json image = first_of(attributes, "multiscales");
    const Json dataset = first_of(image, "datasets");
    const std::string path = text_at(dataset, "path");
    if (path.empty())
        fail(ErrorCode::unsupported,
             "'{}' holds no image at its top{}; name the folder of an image inside it",
             folder.string(), attributes.contains("plate") ? ", it is a plate" : "");
    found.array = folder / path;
    // A path that leads out of the folder is no part of the image.
    const fs::path inside = fs::path(path).lexically_normal();
    if (inside.is_absolute() || *inside.begin() == "..")
        refuse_zarr(folder, "its image lies outside it");
    found.axes = axes_of(image, node, folder);
    found.sizes = sizes_of(image, dataset, found.axes);
    found.channel_names = channel_names(attributes);
    return found;
}

}  // namespace unet
