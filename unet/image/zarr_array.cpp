#include "unet/image/zarr_array.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "unet/core/error.h"
#include "unet/core/file.h"
#include "unet/image/zarr_codec.h"

namespace unet {
namespace {

using Json = nlohmann::json;

// Larger ones are not met: readers hold whole chunks, and blosc ends at 2 GB.
constexpr std::int64_t most_chunk_bytes = std::int64_t{1} << 30;

[[noreturn]] void refuse(const std::filesystem::path& folder, const std::string& what) {
    fail(ErrorCode::corrupt_file, "'{}' is not a readable Zarr array: {}; save it again",
         folder.string(), what);
}

[[noreturn]] void refuse_kind(const std::filesystem::path& folder, const std::string& what) {
    fail(ErrorCode::unsupported,
         "'{}' cannot be read: {}; save it with blosc, zstd, gzip or without compression, as "
         "integers or floats",
         folder.string(), what);
}

std::vector<std::int64_t> lengths_of(const Json& json, const char* key,
                                     const std::filesystem::path& folder) {
    constexpr std::int64_t most = std::int64_t{1} << 31;
    constexpr std::size_t most_axes = 8;
    const auto found = json.find(key);
    std::vector<std::int64_t> lengths;
    if (found != json.end() && found->is_array() && found->size() <= most_axes)
        for (const Json& length : *found)
            if (length.is_number_unsigned() && length.get<std::uint64_t>() > 0 &&
                length.get<std::uint64_t>() <= most)
                lengths.push_back(length.get<std::int64_t>());
    if (lengths.empty() || lengths.size() != found->size())
        refuse(folder, fmt::format("its '{}' is no list of lengths", key));
    return lengths;
}

/// The value of a key where it is text; else empty.
std::string text_at(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

template <class T>
void put(double value, std::vector<std::byte>& bytes) {
    bytes.resize(sizeof(T));
    const double low = static_cast<double>(std::numeric_limits<T>::lowest());
    const double high = static_cast<double>(std::numeric_limits<T>::max());
    const T number = value <= low    ? std::numeric_limits<T>::lowest()
                     : value >= high ? std::numeric_limits<T>::max()
                                     : static_cast<T>(value);
    std::memcpy(bytes.data(), &number, sizeof number);
}

}  // namespace

ZarrArray::ZarrArray(const std::filesystem::path& folder) : folder_(folder) {
    constexpr std::size_t most_metadata = 1 << 20;
    const auto bytes = read_file(folder / ".zarray", most_metadata);
    const auto* text = reinterpret_cast<const char*>(bytes.data());
    // Copying goes down the levels on the stack.
    constexpr int deepest = 100;
    const auto watch = [&](int depth, Json::parse_event_t, Json&) {
        if (depth > deepest) refuse(folder, "its .zarray is nested too deeply");
        return true;
    };
    const Json json = Json::parse(text, text + bytes.size(), watch, false);
    if (!json.is_object()) refuse(folder, "its .zarray is damaged");
    shape_ = lengths_of(json, "shape", folder);
    chunk_shape_ = lengths_of(json, "chunks", folder);
    if (shape_.size() != chunk_shape_.size())
        refuse(folder, fmt::format("it has {} axes, its chunks have {}", shape_.size(),
                                   chunk_shape_.size()));
    read_type(text_at(json, "dtype"));
    double elements = 1.0;
    for (const std::int64_t length : chunk_shape_) elements *= static_cast<double>(length);
    if (elements * bits_ / 8 > static_cast<double>(most_chunk_bytes))
        refuse_kind(folder,
                    fmt::format("one of its chunks takes {:.1f} GB", elements * bits_ / 8e9));
    if (text_at(json, "order") == "F") refuse_kind(folder, "its chunks are in Fortran's order");
    const auto filters = json.value("filters", Json());
    if (!filters.is_null() && !filters.empty()) refuse_kind(folder, "its chunks are filtered");
    const auto compressor = json.value("compressor", Json());
    compression_ = compressor.is_object() ? text_at(compressor, "id") : "none";
    if (!is_zarr_codec(compression_))
        refuse_kind(folder, fmt::format("it is compressed by '{}'", compression_));
    const std::string separator = text_at(json, "dimension_separator");
    if (separator.size() > 1 || (separator.size() == 1 && separator != "." && separator != "/"))
        refuse(folder, "its names of chunks are odd");
    if (!separator.empty()) separator_ = separator[0];
    const auto fill = json.value("fill_value", Json());
    read_fill_value(fill.is_number() ? fill.get<double>() : 0.0);
}

void ZarrArray::read_type(const std::string& type) {
    constexpr std::string_view known[] = {"|u1", "|i1", "|b1", "<u2", ">u2", "<i2", ">i2",
                                          "<f2", ">f2", "<u4", ">u4", "<i4", ">i4", "<f4",
                                          ">f4", "<u8", ">u8", "<i8", ">i8", "<f8", ">f8"};
    if (std::find(std::begin(known), std::end(known), type) == std::end(known))
        refuse_kind(folder_, fmt::format("its values are of type '{}'", type));
    kind_ = type[1] == 'i'   ? NumberKind::signed_integer
            : type[1] == 'f' ? NumberKind::floating
                             : NumberKind::unsigned_integer;
    bits_ = 8 * (type[2] - '0');
    swapped_ = type[0] == (std::endian::native == std::endian::little ? '>' : '<');
}

void ZarrArray::read_fill_value(double value) {
    if (kind_ == NumberKind::floating) {
        if (bits_ == 64)
            put<double>(value, fill_value_);
        else if (bits_ == 32)
            put<float>(value, fill_value_);
        else if (value == 0.0)
            put<std::uint16_t>(0.0, fill_value_);
        else
            refuse_kind(folder_, "its fill value is a float of 16 bits");
    } else if (kind_ == NumberKind::signed_integer) {
        bits_ == 8    ? put<std::int8_t>(value, fill_value_)
        : bits_ == 16 ? put<std::int16_t>(value, fill_value_)
        : bits_ == 32 ? put<std::int32_t>(value, fill_value_)
                      : put<std::int64_t>(value, fill_value_);
    } else {
        bits_ == 8    ? put<std::uint8_t>(value, fill_value_)
        : bits_ == 16 ? put<std::uint16_t>(value, fill_value_)
        : bits_ == 32 ? put<std::uint32_t>(value, fill_value_)
                      : put<std::uint64_t>(value, fill_value_);
    }
}

std::int64_t ZarrArray::chunk_bytes() const noexcept {
    std::int64_t bytes = bits_ / 8;
    for (const std::int64_t length : chunk_shape_) bytes *= length;
    return bytes;
}

void ZarrArray::read_chunk(const std::vector<std::int64_t>& index,
                           std::span<std::byte> values) const {
    std::string name;
    for (const std::int64_t number : index) {
        if (!name.empty()) name += separator_;
        name += fmt::format("{}", number);
    }
    const auto path = folder_ / name;
    if (!std::filesystem::exists(path)) {
        for (std::size_t at = 0; at < values.size(); at += fill_value_.size())
            std::copy(fill_value_.begin(), fill_value_.end(),
                      values.begin() + static_cast<std::ptrdiff_t>(at));
        return;
    }
    // What cannot be compressed grows by a few bytes for each block.
    const auto packed = read_file(path, 2 * values.size() + 65536);
    if (!unpack_chunk(compression_, packed, values))
        refuse(folder_, fmt::format("its chunk {} is damaged", name));
    if (swapped_) swap_bytes(values, bits_ / 8);
}

}  // namespace unet
