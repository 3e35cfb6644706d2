#include "unet/jobs/predicting/predicted_image.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "unet/core/files/file_name.h"
#include "unet/data/pairs.h"

namespace unet {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::pair<const char*, PredictionKind> kind_names[] = {
    {"objects", PredictionKind::objects},
    {"labels", PredictionKind::labels},
    {"probabilities", PredictionKind::probabilities},
    {"logits", PredictionKind::logits},
};

/// A path as it stands in JSON, where U+FFFD is for what is not UTF-8.
fs::path path_of(const Json& text) {
    const auto path = text.get<std::string>();
    const fs::path found = file_named({}, path);
    return found.empty() ? fs::path(path) : found;
}

}  // namespace

const char* name_of(PredictionKind kind) {
    for (const auto& [name, value] : kind_names)
        if (value == kind) return name;
    return "";
}

std::optional<PredictionKind> kind_named(std::string_view name) {
    for (const auto& [known, kind] : kind_names)
        if (known == name) return kind;
    return {};
}

const fs::path* PredictedImage::file_of(PredictionKind kind) const {
    const auto file = std::find_if(files.begin(), files.end(),
                                   [kind](const File& each) { return each.kind == kind; });
    return file == files.end() ? nullptr : &file->path;
}

bool PredictedImage::is_there() const {
    const auto exists = [](const fs::path& path) { return fs::exists(path); };
    return exists(input.path) && std::all_of(overlays.begin(), overlays.end(), exists) &&
           std::all_of(files.begin(), files.end(),
                       [&](const File& file) { return exists(file.path); });
}

void add_json(const ShownSize& shown, Json& entry) {
    if (shown.diameter > 0.0) entry["diameter"] = shown.diameter;
    if (shown.height == shown.width)
        entry["scale"] = shown.height;
    else
        entry["scale"] = {shown.height, shown.width};
}

Json to_json(const PredictedImage& image) {
    Json entry{{"input", image.input.path.string()}};
    add_json(image.shown, entry);
    if (image.missing_tiles > 0) entry["missing_tiles"] = image.missing_tiles;
    if (!image.written_by.empty()) entry["written_by"] = image.written_by;
    for (const auto& [kind, path] : image.files) {
        if (kind == PredictionKind::objects && image.objects) entry["count"] = *image.objects;
        entry[name_of(kind)] = path.string();
    }
    Json overlays = Json::array();
    for (const fs::path& path : image.overlays) overlays.push_back(path.string());
    if (!overlays.empty()) entry["overlay"] = overlays.size() == 1 ? overlays[0] : overlays;
    if (!image.notes.empty()) entry["notes"] = image.notes;
    return entry;
}

PredictedImage predicted_image(const Json& entry) {
    const fs::path input = path_of(entry.at("input"));
    PredictedImage image{{input, stem_of(input)}};
    for (const auto& [key, value] : entry.items()) {
        if (const auto kind = kind_named(key))
            image.files.push_back({*kind, path_of(value)});
        else if (key == "diameter")
            image.shown.diameter = value.get<double>();
        else if (key == "scale" && value.is_array())
            image.shown.height = value.at(0).get<double>(),
            image.shown.width = value.at(1).get<double>();
        else if (key == "scale")
            image.shown.height = image.shown.width = value.get<double>();
        else if (key == "count")
            image.objects = value.get<std::int64_t>();
        else if (key == "overlay" && value.is_array())
            for (const Json& path : value) image.overlays.push_back(path_of(path));
        else if (key == "overlay")
            image.overlays.push_back(path_of(value));
    }
    return image;
}

}  // namespace unet
