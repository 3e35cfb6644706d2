#include "unet/image/tiff/raw_planes.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/image/stored.h"

namespace unet {

bool RawPlanes::possible(const TiffHandle& tiff, const TiffDirectory& page) {
    const bool whole = page.bits % 8 == 0 && page.bits != 24;
    const bool apart = page.planar == PLANARCONFIG_SEPARATE && page.samples > 1;
    if (!whole || apart || page.tile_width > 0 || page.compression != COMPRESSION_NONE)
        return false;
    const std::uint32_t strips = TIFFNumberOfStrips(tiff.get());
    const auto rows = tiff.tag<std::uint32_t>(TIFFTAG_ROWSPERSTRIP, page.height);
    const std::uint64_t strip_bytes =
        std::uint64_t{std::min(rows, page.height)} * page.width * page.samples * (page.bits / 8u);
    const std::uint64_t begin = TIFFGetStrileOffset(tiff.get(), 0);
    for (std::uint32_t strip = 1; strip < strips; ++strip)
        if (TIFFGetStrileOffset(tiff.get(), strip) != begin + strip * strip_bytes) return false;
    return begin > 0;
}

RawPlanes::RawPlanes(const std::filesystem::path& path, const TiffHandle& tiff,
                     std::int64_t plane_bytes, std::int64_t sample_bytes)
    : path_(path),
      file_(path, std::ios::binary),
      begin_(static_cast<std::int64_t>(TIFFGetStrileOffset(tiff.get(), 0))),
      plane_bytes_(plane_bytes),
      sample_bytes_(sample_bytes),
      swapped_(TIFFIsByteSwapped(tiff.get()) != 0) {}

void RawPlanes::read(std::int64_t plane, std::span<std::byte> pixels) {
    file_.clear();
    file_.seekg(begin_ + plane * plane_bytes_);
    file_.read(reinterpret_cast<char*>(pixels.data()), static_cast<std::streamsize>(pixels.size()));
    if (!file_)
        fail(ErrorCode::corrupt_file,
             "'{}' ends before its page {}; it is damaged or incomplete, copy or save it again",
             path_.string(), plane);
    if (swapped_) swap_bytes(pixels, sample_bytes_);
}

}  // namespace unet
