#include <algorithm>
#include <bit>
#include <numeric>
#include <string_view>

#include "unet/core/error.h"
#include "unet/image/zarr/zarr_codec.h"
#include "unet/image/zarr/zarr_json.h"
#include "unet/image/zarr/zarr_metadata.h"

namespace unet {
namespace {

using Json = nlohmann::json;

void read_type(const std::string& type, ZarrMetadata& array, const std::filesystem::path& folder) {
    constexpr std::string_view known[] = {"|u1", "|i1", "|b1", "<u2", ">u2", "<i2", ">i2",
                                          "<f2", ">f2", "<u4", ">u4", "<i4", ">i4", "<f4",
                                          ">f4", "<u8", ">u8", "<i8", ">i8", "<f8", ">f8"};
    if (std::find(std::begin(known), std::end(known), type) == std::end(known))
        refuse_zarr_kind(folder, fmt::format("its values are of type '{}'", type));
    array.kind = type[1] == 'i'   ? NumberKind::signed_integer
                 : type[1] == 'f' ? NumberKind::floating
                                  : NumberKind::unsigned_integer;
    array.bits = 8 * (type[2] - '0');
    array.codecs.swapped = type[0] == (std::endian::native == std::endian::little ? '>' : '<');
}

}  // namespace

ZarrMetadata zarr_metadata_of_v2(const std::filesystem::path& folder) {
    const Json json = read_zarr_json(folder, ".zarray");
    ZarrMetadata array;
    array.shape = zarr_lengths(json, "shape", folder);
    array.chunk_shape = zarr_lengths(json, "chunks", folder);
    read_type(text_at(json, "dtype"), array, folder);
    if (text_at(json, "order") == "F") {
        array.codecs.order.resize(array.shape.size());
        std::iota(array.codecs.order.rbegin(), array.codecs.order.rend(), std::size_t{0});
    }
    const auto filters = json.value("filters", Json());
    if (!filters.is_null() && !filters.empty()) refuse_zarr_kind(folder, "its chunks are filtered");
    const auto compressor = json.value("compressor", Json());
    if (compressor.is_object()) {
        const std::string name = text_at(compressor, "id");
        if (!is_zarr_codec(name))
            refuse_zarr_kind(folder, fmt::format("it is compressed by '{}'", name));
        array.codecs.packing = {name};
    }
    const std::string separator = text_at(json, "dimension_separator");
    if (separator.size() > 1 || (separator.size() == 1 && separator != "." && separator != "/"))
        refuse_zarr(folder, "its names of chunks are odd");
    if (!separator.empty()) array.separator = separator[0];
    const auto fill = json.value("fill_value", Json());
    array.fill_value =
        zarr_fill_value(fill.is_null() ? Json(0) : fill, array.kind, array.bits, folder);
    return array;
}

}  // namespace unet
