#include "unet/predict/tile_store.h"

#include <utility>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/image/zarr/zarr_codec.h"

namespace unet {

TileFolder::TileFolder(std::filesystem::path folder) : folder_(std::move(folder)) {
    create_folder(folder_);
}

std::filesystem::path TileFolder::file_of(const Region& core) const {
    return folder_ / fmt::format("{}_{}_{}_{}.tile", core.z, core.y, core.x, to_string(core.size));
}

bool TileFolder::has(const Region& core) const { return std::filesystem::exists(file_of(core)); }

bool TileFolder::load(const Region& core, std::span<float> values) {
    const auto file = file_of(core);
    if (!std::filesystem::exists(file)) return false;
    packed_ = read_file(file);
    return unpack_chunk("blosc", packed_, std::as_writable_bytes(values));
}

void TileFolder::save(const Region& core, std::span<const float> values) {
    pack_blosc(std::as_bytes(values), sizeof(float), packed_);
    write_file_atomically(file_of(core), packed_);
}

}  // namespace unet
