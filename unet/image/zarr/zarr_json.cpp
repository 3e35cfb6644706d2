#include "unet/image/zarr/zarr_json.h"

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/text/json.h"

namespace unet {

using Json = nlohmann::json;

Json read_zarr_json(const std::filesystem::path& folder, const std::string& name) {
    constexpr std::size_t most_bytes = 16 << 20;
    const auto bytes = read_file(folder / name, most_bytes);
    std::string why;
    auto json = parse_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, &why, true);
    if (!json && why.find("nested") != std::string::npos)
        refuse_zarr(folder, fmt::format("its {} is nested too deeply", name));
    if (!json || !json->is_object()) refuse_zarr(folder, fmt::format("its {} is damaged", name));
    return std::move(*json);
}

std::string text_at(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json object_at(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_object() ? *found : Json::object();
}

void refuse_zarr(const std::filesystem::path& folder, const std::string& what) {
    fail(ErrorCode::corrupt_file, "'{}' is not a readable Zarr: {}; save it again", folder.string(),
         what);
}

void refuse_zarr_kind(const std::filesystem::path& folder, const std::string& what) {
    fail(ErrorCode::unsupported,
         "'{}' cannot be read: {}; save it with blosc, zstd, gzip or without compression, as "
         "integers or floats",
         folder.string(), what);
}

}  // namespace unet
