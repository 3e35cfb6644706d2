#include "unet/image/zarr/ome_zarr_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/text/json.h"
#include "unet/core/text/units.h"
#include "unet/image/sample_bytes.h"
#include "unet/image/zarr/zarr_codec.h"
#include "unet/image/zarr/zarr_format.h"

namespace unet {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* version = "0.4";

/// In a folder that has not its name yet, and is brought to disk as a whole; `inside` is the place
/// in it.
void write_plainly(const AtomicFolder& folder, const fs::path& inside,
                   std::span<const std::byte> bytes) {
    const fs::path path = folder.temporary() / inside;
    create_folder(path.parent_path());
    std::ofstream stream(path, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
    stream.close();
    if (!stream)
        fail(ErrorCode::io, "cannot write '{}': {}", (folder.target() / inside).string(),
             std::strerror(errno));
}

void write_json(const AtomicFolder& folder, const fs::path& inside, const Json& json) {
    const std::string text = json_text(json, 2) + "\n";
    write_plainly(folder, inside, std::as_bytes(std::span(text)));
}

void write_group(const AtomicFolder& folder, const fs::path& inside, const Json& attributes) {
    write_json(folder, inside / ".zgroup", {{"zarr_format", 2}});
    write_json(folder, inside / ".zattrs", attributes);
}

/// A group whose attributes name this program.
bool is_signed(const fs::path& group) {
    try {
        constexpr std::size_t most_bytes = 16 << 20;
        const auto bytes = read_file(group / ".zattrs", most_bytes);
        const auto* text = reinterpret_cast<const char*>(bytes.data());
        const Json json = Json::parse(text, text + bytes.size(), nullptr, false);
        return json.is_object() && json.contains("_creator") && json["_creator"].is_object() &&
               json["_creator"].value("name", Json()) == written_by;
    } catch (const Error&) {
        return false;
    }
}

const char* zarr_type(SampleType type) {
    constexpr const char* names[] = {"|u1", "<u2", "<u4", "|i1", "<i2", "<i4", "<f4"};
    return names[static_cast<std::size_t>(type)];
}

std::string axes_of(const FileShape& shape) {
    std::string axes;
    if (shape.times > 1) axes += 't';
    if (shape.channels > 1) axes += 'c';
    if (shape.size.depth > shape.times) axes += 'z';
    return axes + "yx";
}

Json described_axes(const std::string& axes, const Spacing& spacing) {
    Json described = Json::array();
    for (const char letter : axes) {
        Json axis{{"name", std::string(1, letter)},
                  {"type", letter == 't'   ? "time"
                           : letter == 'c' ? "channel"
                                           : "space"}};
        const LengthUnit* unit = length_unit(spacing.unit);
        if (letter != 't' && letter != 'c' && spacing.known() && unit && !unit->word.empty())
            axis["unit"] = unit->word;
        described.push_back(axis);
    }
    return described;
}

/// Pixel size along each axis at a level; 1 where nothing is known.
Json scale_of(const std::string& axes, const Spacing& spacing, std::size_t level) {
    Json scale = Json::array();
    for (const char letter : axes) {
        const std::size_t place = std::string("zyx").find(letter);
        const double size =
            place != std::string::npos && spacing.known() && spacing.size[place] > 0.0
                ? spacing.size[place]
                : 1.0;
        const bool halved = letter == 'y' || letter == 'x';
        scale.push_back(halved ? std::ldexp(size, static_cast<int>(level)) : size);
    }
    return scale;
}

/// Six digits: red, green, blue.
std::string shown_colour(const FileShape& shape, std::size_t channel) {
    if (channel == 0 || shape.channels == 2) return "FFFFFF";
    const auto [red, green, blue] =
        label_colour(static_cast<std::uint32_t>(channel), shape.colours);
    return fmt::format("{:02X}{:02X}{:02X}", red, green, blue);
}

/// How viewers begin to show channels: values from `low` to `high`. They add the light of one to
/// that of the others, and the probabilities of all classes are 1 everywhere: of several channels
/// the first, the background, is off.
Json shown_channels(const FileShape& shape, double low, double high) {
    const std::vector<std::string> names =
        shape.channel_names.empty() ? std::vector<std::string>{shape.name} : shape.channel_names;
    Json channels = Json::array();
    for (std::size_t i = 0; i < names.size(); ++i)
        channels.push_back(
            {{"label", names[i]},
             {"color", shown_colour(shape, i)},
             {"active", i > 0 || names.size() == 1},
             {"window", {{"min", low}, {"max", high}, {"start", low}, {"end", high}}}});
    return {{"version", version}, {"name", shape.name}, {"channels", channels}};
}

}  // namespace

OmeZarrSink::OmeZarrSink(const fs::path& path, const FileShape& shape, int threads)
    : PyramidSink(zarr_format, path, shape, threads),
      axes_(axes_of(shape)),
      arrays_(shape.labels ? "labels/" + shape.name + "/" : ""),
      folder_(path) {
    describe_arrays();
}

std::vector<std::int64_t> OmeZarrSink::lengths(const Size3& level) const {
    std::vector<std::int64_t> lengths;
    for (const char letter : axes_)
        lengths.push_back(letter == 't'   ? shape().times
                          : letter == 'c' ? shape().channels
                          : letter == 'z' ? shape().size.depth / shape().times
                          : letter == 'y' ? level.height
                                          : level.width);
    return lengths;
}

void OmeZarrSink::describe_arrays() const {
    const TypeLayout layout = layout_of(shape().type);
    std::vector<std::int64_t> chunks(axes_.size(), 1);
    chunks[axes_.size() - 1] = chunks[axes_.size() - 2] = shape().chunk;
    for (std::size_t level = 0; level < levels().size(); ++level)
        write_json(folder_, fs::path(arrays_ + std::to_string(level)) / ".zarray",
                   {{"chunks", chunks},
                    {"compressor",
                     {{"id", "blosc"},
                      {"cname", "zstd"},
                      {"clevel", zarr_packing_level},
                      {"shuffle", 1},
                      {"blocksize", 0}}},
                    {"dimension_separator", "/"},
                    {"dtype", zarr_type(shape().type)},
                    {"fill_value", layout.kind == NumberKind::floating ? Json(0.0) : Json(0)},
                    {"filters", nullptr},
                    {"order", "C"},
                    {"shape", lengths(levels()[level])},
                    {"zarr_format", 2}});
}

void OmeZarrSink::describe_groups() const {
    const auto image = [&](const std::string& prefix) {
        Json datasets = Json::array();
        for (std::size_t level = 0; level < levels().size(); ++level)
            datasets.push_back(
                {{"path", prefix + std::to_string(level)},
                 {"coordinateTransformations",
                  Json::array(
                      {{{"type", "scale"}, {"scale", scale_of(axes_, shape().spacing, level)}}})}});
        return Json::array({{{"version", version},
                             {"name", shape().name},
                             {"axes", described_axes(axes_, shape().spacing)},
                             {"datasets", datasets},
                             {"type", shape().labels ? "nearest" : "mean"}}});
    };
    const Json creator{{"name", written_by}};
    Json top{{"multiscales", image(arrays_)}, {"_creator", creator}};
    if (shape().labels || !shape().channel_names.empty())
        top["omero"] = shape().factor != 1.0
                           ? shown_channels(shape(), 0.0, shape().factor)
                           : shown_channels(shape(), std::min(low(), 0.0), std::max(high(), 1.0));
    write_group(folder_, {}, top);
    if (!shape().labels) return;
    write_group(folder_, "labels", {{"labels", {shape().name}}});
    Json colours = Json::array();
    for (std::size_t label = 1; label < shape().colours.size(); ++label) {
        const Colour& colour = shape().colours[label];
        colours.push_back(
            {{"label-value", label}, {"rgba", {colour[0], colour[1], colour[2], 255}}});
    }
    Json meaning{{"version", version}, {"source", {{"image", "../../"}}}};
    if (!colours.empty()) meaning["colors"] = colours;
    write_group(folder_, fs::path("labels") / shape().name,
                {{"multiscales", image("")}, {"image-label", meaning}, {"_creator", creator}});
}

void OmeZarrSink::store(const Chunk& chunk) {
    if (std::all_of(chunk.samples.begin(), chunk.samples.end(),
                    [](std::byte byte) { return byte == std::byte{0}; }))
        return;
    const std::int64_t slices = shape().size.depth / shape().times;
    const std::int64_t slice = chunk.plane / shape().channels;
    fs::path file = arrays_ + std::to_string(chunk.level);
    for (const char letter : axes_)
        file /= std::to_string(letter == 't'   ? slice / slices
                               : letter == 'c' ? chunk.plane % shape().channels
                               : letter == 'z' ? slice % slices
                               : letter == 'y' ? chunk.row
                                               : chunk.column);
    std::vector<std::byte> packed;
    pack_blosc(chunk.samples, sample_bytes(), packed);
    write_plainly(folder_, file, packed);
    system::start_writing_back(folder_.temporary() / file);
}

void OmeZarrSink::finish() {
    describe_groups();  // low() and high() are known only now
    folder_.commit();
}

bool is_zarr_of_unet(const fs::path& path) {
    if (!is_signed(path)) return false;
    // Others put images, labels and tables of their own in here.
    const auto is_level = [](const std::string& name) {
        return name.find_first_not_of("0123456789") == std::string::npos;
    };
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(path, error)) {
        const std::string name = entry.path().filename().string();
        if (name.front() != '.' && name != "labels" && !is_level(name)) return false;
    }
    for (const auto& entry : fs::directory_iterator(path / "labels", error))
        if (entry.is_directory(error) && !is_signed(entry.path())) return false;
    return true;
}

}  // namespace unet
