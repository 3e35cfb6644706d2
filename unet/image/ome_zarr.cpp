#include "unet/image/ome_zarr.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>
#include <system_error>

#include "unet/core/error.h"
#include "unet/core/file.h"

namespace unet {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

bool is_there(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error);
}

[[noreturn]] void refuse(const fs::path& folder, const std::string& what) {
    fail(ErrorCode::corrupt_file, "'{}' is not a readable OME-Zarr: {}; save it again",
         folder.string(), what);
}

/// The attributes of a group; an empty object where it has none.
Json attributes_of(const fs::path& folder) {
    constexpr std::size_t most_bytes = 16 << 20;
    if (!is_there(folder / ".zattrs")) return Json::object();
    const auto bytes = read_file(folder / ".zattrs", most_bytes);
    const auto* text = reinterpret_cast<const char*>(bytes.data());
    // Copying goes down the levels on the stack.
    constexpr int deepest = 100;
    const auto watch = [&](int depth, Json::parse_event_t, Json&) {
        if (depth > deepest) refuse(folder, "its .zattrs is nested too deeply");
        return true;
    };
    Json json = Json::parse(text, text + bytes.size(), watch, false);
    if (!json.is_object()) refuse(folder, "its .zattrs is damaged");
    return json;
}

/// The first element of an array; an empty object where there is none.
Json first_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_array() && !found->empty() &&
                   found->front().is_object()
               ? found->front()
               : Json::object();
}

std::string text_at(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Letters of the axes; before 0.4 they had no types, before 0.3 no names.
std::string axes_of(const Json& image) {
    const auto found = image.find("axes");
    if (found == image.end() || !found->is_array()) return "TCZYX";
    std::string axes;
    for (const Json& axis : *found) {
        const std::string name = axis.is_string()   ? axis.get<std::string>()
                                 : axis.is_object() ? text_at(axis, "name")
                                                    : "";
        axes += name.size() == 1
                    ? static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])))
                    : '?';
    }
    return axes;
}

double micrometres_per(const std::string& unit) {
    constexpr std::pair<const char*, double> units[] = {
        {"angstrom", 1e-4},  {"picometer", 1e-6}, {"nanometer", 1e-3}, {"micrometer", 1.0},
        {"millimeter", 1e3}, {"centimeter", 1e4}, {"meter", 1e6}};
    for (const auto& [name, factor] : units)
        if (unit == name) return factor;
    return 0.0;
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

Spacing spacing_of(const Json& image, const Json& dataset, const std::string& axes) {
    Spacing spacing;
    const auto named = image.find("axes");
    if (named == image.end() || !named->is_array()) return spacing;
    std::vector<double> sizes(axes.size(), 1.0);
    apply_scale(image, sizes);
    apply_scale(dataset, sizes);
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const std::size_t place = std::string("ZYX").find(axes[i]);
        const Json& axis = (*named)[i];
        if (place == std::string::npos || !axis.is_object()) continue;
        const double size = sizes[i] * micrometres_per(text_at(axis, "unit"));
        if (size > 0.0 && std::isfinite(size)) spacing.size[place] = size;
    }
    if (spacing.known()) spacing.unit = "um";
    return spacing;
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
    if (is_there(folder / "zarr.json"))
        fail(ErrorCode::unsupported,
             "'{}' is of Zarr version 3 (OME-Zarr 0.5), which is not read; save it as OME-Zarr 0.4 "
             "or "
             "OME-TIFF",
             folder.string());
    if (is_there(folder / ".zarray"))
        fail(ErrorCode::unsupported,
             "'{}' is an array without OME's description of its axes; name the folder above it",
             folder.string());
    const Json attributes = attributes_of(folder);
    // What bioformats2raw writes: images 0, 1, ... in one folder.
    if (attributes.contains("bioformats2raw.layout") && is_zarr_folder(folder / "0") &&
        !is_there(folder / "0/.zarray"))
        return read_ome_zarr(folder / "0");
    const Json image = first_of(attributes, "multiscales");
    const Json dataset = first_of(image, "datasets");
    const std::string path = text_at(dataset, "path");
    if (path.empty())
        fail(ErrorCode::unsupported,
             "'{}' holds no image at its top{}; name the folder of an image inside it",
             folder.string(), attributes.contains("plate") ? ", it is a plate" : "");
    OmeZarr found;
    found.array = folder / path;
    // A path that leads out of the folder is no part of the image.
    const fs::path inside = fs::path(path).lexically_normal();
    if (inside.is_absolute() || *inside.begin() == "..")
        refuse(folder, "its image lies outside it");
    found.axes = axes_of(image);
    found.spacing = spacing_of(image, dataset, found.axes);
    found.channel_names = channel_names(attributes);
    return found;
}

}  // namespace unet
