#include "unet/image/zarr/zarr_format.h"

#include "unet/image/stored.h"
#include "unet/image/zarr/ome_zarr.h"
#include "unet/image/zarr/ome_zarr_sink.h"

namespace unet {
namespace {

constexpr std::string_view endings[] = {".zarr"};

std::unique_ptr<FileSink> create(const Format::Path& path, const FileShape& shape, int threads) {
    return std::make_unique<OmeZarrSink>(path, shape, threads);
}

}  // namespace

const Format zarr_format{
    .name = "ome-zarr",
    .title = "OME-Zarr",
    .endings = endings,
    .folder = true,
    .recognises = [](const Format::Path& path, std::string_view) { return is_zarr_folder(path); },
    .open = [](const Format::Path& path, bool) { return open_zarr(path); },
    .ending = ".ome.zarr",
    .smaller_copies = true,
    .create = create,
    .footprint = PyramidSink::bytes,
    .is_ours = is_zarr_of_unet};

}  // namespace unet
