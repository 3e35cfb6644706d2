#include "unet/image/zarr/zarr_node.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "unet/core/error.h"
#include "unet/core/files/file_name.h"
#include "unet/core/text/text.h"
#include "unet/image/zarr/ome_zarr.h"
#include "unet/image/zarr/zarr_json.h"

namespace unet {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

bool is_named_zarr(const fs::path& path) {
    return lower_case(path.filename().string()).ends_with(".zarr");
}

/// Texts of an array.
std::vector<std::string> texts_of(const Json& object, const char* key) {
    std::vector<std::string> texts;
    const auto found = object.find(key);
    if (found == object.end() || !found->is_array()) return texts;
    for (const Json& each : *found)
        if (each.is_string()) texts.push_back(each.get<std::string>());
    return texts;
}

/// Paths that a plate or a well lists.
std::vector<std::string> paths_of(const Json& holder, const char* key) {
    std::vector<std::string> paths;
    for (const Json& each : objects_at(holder, key)) paths.push_back(text_at(each, "path"));
    return paths;
}

/// Folders in a folder that are Zarr, numbers in their order.
std::vector<std::string> groups_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (at->path().filename() != "OME" && is_zarr_folder(at->path()))
            names.push_back(at->path().filename().string());
    std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
        return std::pair(a.size(), a) < std::pair(b.size(), b);
    });
    return names;
}

/// Whether the array is in a pyramid: of the folder it lies in, or one further above.
bool is_level(const fs::path& array) {
    constexpr int most_above = 4;
    fs::path folder = array.parent_path();
    for (int i = 0; i < most_above && is_zarr_folder(folder); ++i, folder = folder.parent_path())
        if (!objects_at(zarr_node(folder).attributes, "multiscales").empty()) return true;
    return false;
}

}  // namespace

bool is_zarr_folder(const fs::path& path) {
    return is_there(path / ".zattrs") || is_there(path / ".zgroup") || is_there(path / ".zarray") ||
           is_there(path / "zarr.json");
}

ZarrNode zarr_node(const fs::path& folder) {
    ZarrNode node;
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

std::vector<Json> objects_at(const Json& object, const char* key) {
    std::vector<Json> objects;
    const auto found = object.find(key);
    if (found == object.end() || !found->is_array()) return objects;
    for (const Json& each : *found)
        if (each.is_object()) objects.push_back(each);
    return objects;
}

void check_in_zarr(const fs::path& folder, const std::string& path) {
    const fs::path inside = fs::path(path).lexically_normal();
    if (inside.is_absolute() || inside.empty() || *inside.begin() == "..")
        refuse_zarr(folder, "its image lies outside it");
}

std::vector<std::string> zarr_images_below(const fs::path& folder, int depth) {
    constexpr int deepest = 3;  // plate, row, well, field
    constexpr std::size_t most = 100000;
    const ZarrNode node = zarr_node(folder);
    if (node.is_array) return {};
    if (!objects_at(node.attributes, "multiscales").empty()) return {""};
    std::vector<std::string> below;
    if (node.attributes.contains("plate"))
        below = paths_of(object_at(node.attributes, "plate"), "wells");
    else if (node.attributes.contains("well"))
        below = paths_of(object_at(node.attributes, "well"), "images");
    else if (node.attributes.contains("labels"))
        below = texts_of(node.attributes, "labels");
    else if (is_zarr_folder(folder / "OME"))  // what bioformats2raw writes
        below = texts_of(zarr_node(folder / "OME").attributes, "series");
    if (below.empty()) below = groups_in(folder);
    std::vector<std::string> images;
    std::set<fs::path> seen;  // a list may name one folder again and again
    for (const std::string& path : below) {
        check_in_zarr(folder, path);
        if (depth > deepest || images.size() > most || !is_zarr_folder(folder / path) ||
            !seen.insert(fs::path(path).lexically_normal()).second)
            continue;
        for (const std::string& inner : zarr_images_below(folder / path, depth + 1))
            images.push_back(inner.empty() ? path : path + "/" + inner);
    }
    return images;
}

bool is_ome_zarr(const fs::path& path) {
    if (!is_zarr_folder(path)) return false;
    if (is_named_zarr(path)) return true;
    const fs::path whole = fs::absolute(path).lexically_normal();
    for (fs::path above = whole.parent_path(); above.has_relative_path();
         above = above.parent_path())
        if (is_named_zarr(above) && is_zarr_folder(above)) return true;
    try {
        const ZarrNode node = zarr_node(path);
        if (node.is_array) return is_level(whole);
        constexpr const char* keys[] = {"multiscales", "plate", "well", "bioformats2raw.layout"};
        return std::any_of(std::begin(keys), std::end(keys),
                           [&](const char* key) { return node.attributes.contains(key); });
    } catch (const Error&) {
        return false;
    }
}

}  // namespace unet
