#include "unet/image/pyramid_sink.h"

#include "unet/image/sample_bytes.h"

namespace unet {

PyramidSink::PyramidSink(const Format& format, const std::filesystem::path& path,
                         const FileShape& shape, int threads)
    : FileSink(format, path, shape, threads),
      levels_(Pyramid::levels(shape.size.height, shape.size.width, shape.chunk)),
      pyramid_(shape.size.height, shape.size.width, shape.type, shape.chunk, shape.labels, threads,
               [this](const Chunk& chunk) { store(chunk); }) {}

std::int64_t PyramidSink::bytes(const FileShape& shape, int threads, const Size3& core) {
    return Pyramid::bytes(shape.size, shape.channels, layout_of(shape.type).bits / 8, shape.chunk,
                          threads, core);
}

void PyramidSink::put(const Region& region, std::int64_t channel,
                      std::span<const std::byte> samples) {
    pyramid_.put(region.z * shape().channels + channel, region.y, region.x, region.size.height,
                 region.size.width, samples);
}

}  // namespace unet
