#include "unet/image/png/png_sink.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/image/png/png_format.h"
#include "unet/image/png/png_write.h"
#include "unet/image/stored.h"

namespace unet {

void PngSink::check(const std::filesystem::path& path, const FileShape& shape) {
    if (shape.size.depth != 1 || shape.channels != 1 ||
        (shape.type != SampleType::u8 && shape.type != SampleType::u16))
        fail(ErrorCode::unsupported,
             "cannot write '{}': PNG holds one plane of 8 or 16 bits; found {} slice(s), {} "
             "channel(s), {}; write tif, ome-tif or ome-zarr",
             path.string(), shape.size.depth, shape.channels, to_string(shape.type));
}

PngSink::PngSink(const std::filesystem::path& path, const FileShape& shape)
    : FileSink(png_format, path, shape) {
    check(path, shape);
    plane_.resize(shape.size.elements() * sample_bytes());
}

void PngSink::put(const Region& region, std::int64_t, std::span<const std::byte> samples) {
    const std::int64_t row_bytes = region.size.width * sample_bytes();
    for (std::int64_t y = 0; y < region.size.height; ++y) {
        const std::int64_t pixel = (region.y + y) * shape().size.width + region.x;
        std::byte* row = plane_.data() + pixel * sample_bytes();
        std::copy_n(samples.data() + y * row_bytes, row_bytes, row);
        swap_bytes({row, static_cast<std::size_t>(row_bytes)}, sample_bytes());
    }
}

void PngSink::finish() {
    write_png(path(), {shape().size.width, shape().size.height, 1,
                       static_cast<int>(8 * sample_bytes()), plane_, shape().spacing});
}

}  // namespace unet
