#include "outline_file.h"

namespace unet::cli {
namespace {

namespace fs = std::filesystem;

bool is_file_name(const fs::path& target) { return target.extension() == ".geojson"; }

/// GeoJSON repeats the first corner at the end.
std::string text_of(const Ring& ring) {
    std::string text = "[";
    for (const PixelCorner& corner : ring) text += fmt::format("[{},{}],", corner.x, corner.y);
    return text + fmt::format("[{},{}]]", ring.front().x, ring.front().y);
}

std::string text_of(const Polygon& polygon) {
    std::string text;
    for (const Ring& ring : polygon.rings) text += (text.empty() ? "[" : ",") + text_of(ring);
    return text + "]";
}

/// `slice` is told of stacks only (below 0: none), in the way QuPath writes it.
std::string text_of(const ObjectOutline& object, std::int64_t slice) {
    std::string coordinates;
    for (const Polygon& piece : object.pieces)
        coordinates += (coordinates.empty() ? "" : ",") + text_of(piece);
    const bool several = object.pieces.size() > 1;
    const std::string plane =
        slice < 0 ? "" : fmt::format(R"(,"plane":{{"c":-1,"z":{},"t":0}})", slice);
    return fmt::format(R"({{"type":"Feature","geometry":{{"type":"{}","coordinates":{}{}{}{}}},)"
                       R"("properties":{{"objectType":"annotation","name":"{}"}}}})",
                       several ? "MultiPolygon" : "Polygon", several ? "[" : "", coordinates,
                       several ? "]" : "", plane, object.label);
}

}  // namespace

void OutlineFiles::add(const std::string& stem, const LabelMap& labels,
                       const std::vector<std::int64_t>& slices) {
    std::string text;
    for (std::int64_t z = 0; z < labels.size.depth; ++z)
        for (const ObjectOutline& object : object_outlines(labels, z))
            text += (text.empty() ? "" : ",\n") +
                    text_of(object, slices.empty() ? -1 : slices[static_cast<std::size_t>(z)]);
    texts_.emplace_back(stem, "{\"type\":\"FeatureCollection\",\"features\":[\n" + text + "\n]}\n");
}

void OutlineFiles::write(const fs::path& target) const {
    const fs::path folder = is_file_name(target) ? target.parent_path() : target;
    if (!folder.empty()) create_folder(folder);
    for (const auto& [stem, text] : texts_)
        write_file_atomically(is_file_name(target) ? target : target / (stem + ".geojson"), text);
}

void check_outline_name(const fs::path& target, std::size_t maps) {
    if (is_file_name(target) && maps > 1)
        fail(ErrorCode::invalid_argument,
             "--geojson {}: found one file for {} label maps, expected a folder, in which each "
             "gets its own",
             target.string(), maps);
    if (is_file_name(target) && fs::is_directory(target))
        fail(ErrorCode::invalid_argument, "--geojson: {} is a folder, expected the name of a file",
             target.string());
    if (!is_file_name(target) && maps == 1 && !fs::is_directory(target))
        fail(ErrorCode::invalid_argument,
             "--geojson: found {}, expected a name that ends in .geojson, or a folder that is "
             "there",
             target.string());
    if (!is_file_name(target) && fs::exists(target) && !fs::is_directory(target))
        fail(ErrorCode::invalid_argument, "--geojson: {} is a file, expected a folder",
             target.string());
}

}  // namespace unet::cli
