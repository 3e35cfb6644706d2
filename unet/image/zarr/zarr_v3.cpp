#include <algorithm>
#include <bit>
#include <string_view>

#include "unet/core/error.h"
#include "unet/image/zarr/zarr_json.h"
#include "unet/image/zarr/zarr_metadata.h"

// zarr-specs.readthedocs.io, core version 3.1 and its registered codecs.

namespace unet {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

/// The name of an extension point, which may stand alone where there is nothing to configure.
std::string name_of(const Json& extension) {
    return extension.is_string()   ? extension.get<std::string>()
           : extension.is_object() ? text_at(extension, "name")
                                   : std::string();
}

Json configuration_of(const Json& extension) {
    return extension.is_object() ? object_at(extension, "configuration") : Json::object();
}

void read_type(const std::string& type, ZarrMetadata& array, const fs::path& folder) {
    struct Known {
        std::string_view name;
        NumberKind kind;
        int bits;
    };
    constexpr auto u = NumberKind::unsigned_integer, i = NumberKind::signed_integer,
                   f = NumberKind::floating;
    constexpr Known known[] = {{"bool", u, 8},     {"uint8", u, 8},    {"uint16", u, 16},
                               {"uint32", u, 32},  {"uint64", u, 64},  {"int8", i, 8},
                               {"int16", i, 16},   {"int32", i, 32},   {"int64", i, 64},
                               {"float16", f, 16}, {"float32", f, 32}, {"float64", f, 64}};
    const auto* found = std::find_if(std::begin(known), std::end(known),
                                     [&](const Known& each) { return each.name == type; });
    if (found == std::end(known))
        refuse_zarr_kind(folder, fmt::format("its values are of type '{}'", type));
    array.kind = found->kind;
    array.bits = found->bits;
}

std::vector<std::size_t> order_of(const Json& configuration, std::size_t axes,
                                  const fs::path& folder) {
    std::vector<std::size_t> order, sorted;
    const auto found = configuration.find("order");
    if (found != configuration.end() && found->is_array() && found->size() == axes)
        for (const Json& axis : *found)
            if (axis.is_number_unsigned()) order.push_back(axis.get<std::size_t>());
    sorted = order;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t axis = 0; axis < axes; ++axis)
        if (sorted.size() != axes || sorted[axis] != axis)
            refuse_zarr(folder, "its codec 'transpose' has no order of its axes");
    return order;
}

bool is_swapped(const Json& configuration, int bits, const fs::path& folder) {
    const std::string endian = text_at(configuration, "endian");
    if (bits > 8 && endian != "little" && endian != "big")
        refuse_zarr(folder, "its codec 'bytes' names no byte order");
    return bits > 8 && endian == (std::endian::native == std::endian::little ? "big" : "little");
}

/// A chain of codecs, as it is written: transpose, bytes, then compressors and checksums.
ZarrCodecs codecs_of(const Json& list, int bits, std::size_t axes, const fs::path& folder) {
    ZarrCodecs codecs;
    bool is_bytes = false, is_packed = false;
    if (!list.is_array()) refuse_zarr(folder, "its codecs are no list");
    for (const Json& codec : list) {
        const std::string name = name_of(codec);
        const bool packs = name == "gzip" || name == "zstd" || name == "blosc";
        if (!packs && name != "transpose" && name != "bytes" && name != "crc32c")
            refuse_zarr_kind(folder, fmt::format("its chunks have the codec '{}'", name));
        const bool is_of_bytes = packs || name == "crc32c";
        if (is_of_bytes != is_bytes)
            refuse_zarr(folder, fmt::format("its codec '{}' is out of place", name));
        if ((packs && is_packed) || (name == "transpose" && !codecs.order.empty()))
            refuse_zarr_kind(folder, fmt::format("its codec '{}' is a second one", name));
        if (name == "transpose") codecs.order = order_of(configuration_of(codec), axes, folder);
        if (name == "bytes") codecs.swapped = is_swapped(configuration_of(codec), bits, folder);
        if (is_of_bytes) codecs.packing.push_back(name);
        is_packed |= packs;
        is_bytes |= name == "bytes";
    }
    if (!is_bytes) refuse_zarr(folder, "it has no codec 'bytes'");
    return codecs;
}

void read_sharding(const Json& configuration, ZarrMetadata& array, const fs::path& folder) {
    constexpr int bits_of_index = 64;
    array.shard_shape = array.chunk_shape;
    array.chunk_shape = zarr_lengths(configuration, "chunk_shape", folder);
    array.codecs =
        codecs_of(configuration.value("codecs", Json()), array.bits, array.shape.size(), folder);
    array.index_codecs = codecs_of(configuration.value("index_codecs", Json()), bits_of_index,
                                   array.shape.size() + 1, folder);
    const auto& packing = array.index_codecs.packing;
    if (!array.index_codecs.order.empty() || packing.size() > 1 ||
        (packing.size() == 1 && packing[0] != "crc32c"))
        refuse_zarr_kind(folder, "its shards have an index with more codecs than bytes and crc32c");
    const std::string place = text_at(configuration, "index_location");
    if (!place.empty() && place != "start" && place != "end")
        refuse_zarr_kind(folder, fmt::format("its shards have their index at '{}'", place));
    array.index_first = place == "start";
}

void read_codecs(const Json& list, ZarrMetadata& array, const fs::path& folder) {
    const bool is_sharded =
        list.is_array() && std::any_of(list.begin(), list.end(), [](const Json& codec) {
            return name_of(codec) == "sharding_indexed";
        });
    if (!is_sharded) {
        array.codecs = codecs_of(list, array.bits, array.shape.size(), folder);
        return;
    }
    // A shard that is packed or transposed as a whole would have to be held as a whole.
    if (list.size() != 1) refuse_zarr_kind(folder, "it has other codecs beside 'sharding_indexed'");
    read_sharding(configuration_of(list[0]), array, folder);
}

void read_names(const Json& encoding, ZarrMetadata& array, const fs::path& folder) {
    const std::string name = name_of(encoding);
    if (name != "default" && name != "v2")
        refuse_zarr_kind(folder, fmt::format("its chunks are named by '{}'", name));
    const Json configuration = configuration_of(encoding);
    const std::string usual = name == "v2" ? "." : "/";
    const std::string separator =
        configuration.contains("separator") ? text_at(configuration, "separator") : usual;
    if (separator != "." && separator != "/") refuse_zarr(folder, "its names of chunks are odd");
    array.first_name = name == "v2" ? std::string() : std::string("c");
    array.separator = separator[0];
}

/// What is added to an array and has to be understood makes its values something else.
void refuse_additions(const Json& json, const fs::path& folder) {
    constexpr std::string_view known[] = {
        "zarr_format",         "node_type",  "shape",  "data_type",  "chunk_grid",
        "chunk_key_encoding",  "fill_value", "codecs", "attributes", "dimension_names",
        "storage_transformers"};
    for (const auto& [key, value] : json.items()) {
        const bool may_be_ignored = value.is_object() && value.contains("must_understand") &&
                                    value["must_understand"] == false;
        if (!may_be_ignored &&
            std::find(std::begin(known), std::end(known), key) == std::end(known))
            refuse_zarr_kind(folder, fmt::format("its metadata have '{}'", key));
    }
    const Json transformers = json.value("storage_transformers", Json::array());
    if (transformers.is_array() && transformers.empty()) return;
    refuse_zarr_kind(folder, fmt::format("it has the storage transformer '{}'",
                                         transformers.is_array() ? name_of(transformers[0]) : ""));
}

}  // namespace

ZarrMetadata zarr_metadata_of_v3(const fs::path& folder) {
    const Json json = read_zarr_json(folder, "zarr.json");
    if (text_at(json, "node_type") != "array") refuse_zarr(folder, "it is no array");
    if (json.value("zarr_format", Json()) != 3)
        refuse_zarr_kind(folder, "its version of Zarr is neither 2 nor 3");
    refuse_additions(json, folder);
    ZarrMetadata array;
    array.shape = zarr_lengths(json, "shape", folder);
    const Json grid = json.value("chunk_grid", Json());
    if (name_of(grid) != "regular")
        refuse_zarr_kind(folder, fmt::format("its chunks lie in the grid '{}'", name_of(grid)));
    array.chunk_shape = zarr_lengths(configuration_of(grid), "chunk_shape", folder);
    read_type(name_of(json.value("data_type", Json())), array, folder);
    read_names(json.value("chunk_key_encoding", Json()), array, folder);
    read_codecs(json.value("codecs", Json()), array, folder);
    array.fill_value =
        zarr_fill_value(json.value("fill_value", Json()), array.kind, array.bits, folder);
    return array;
}

}  // namespace unet
