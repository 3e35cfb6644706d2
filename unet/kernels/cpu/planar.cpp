#include <algorithm>

#include "unet/kernels/cpu/pointwise.h"

namespace unet::kernels::cpu {

void from_planar(Context& context, const float* host, HostRows rows, const View& tensor) {
    const auto [depth, height, width] = tensor.size;
    const std::int64_t plane = depth * rows.height * width, blocks = tensor.blocks();
    parallel_for(context, tensor.batch * blocks * depth * height,
                 [&, height = height, width = width, depth = depth](std::int64_t item, int) {
                     const std::int64_t y = item % height, z = item / height % depth;
                     const std::int64_t block = item / height / depth % blocks,
                                        n = item / height / depth / blocks;
                     const std::int64_t first = block * channel_block;
                     const std::int64_t real = std::min(channel_block, tensor.channels - first);
                     const std::int64_t host_row = rows.first + y;
                     const bool outside = host_row < 0 || host_row >= rows.height;
                     const float* source = host + (n * tensor.channels + first) * plane +
                                           (z * rows.height + host_row) * width;
                     float* row = tensor.row(n, block, z, y);
                     if (outside || real < channel_block)
                         std::fill_n(row, width * channel_block, 0.0f);
                     if (outside) return;
                     for (std::int64_t c = 0; c < real; ++c)
                         for (std::int64_t x = 0; x < width; ++x)
                             row[x * channel_block + c] = source[c * plane + x];
                 });
}

void to_planar(Context& context, const ConstView& tensor, HostRows rows, float* host) {
    const std::int64_t height = tensor.size.height, width = tensor.size.width;
    const std::int64_t depth = tensor.size.depth, channels = tensor.channels;
    parallel_for(context, tensor.batch * depth * height, [&](std::int64_t item, int) {
        const std::int64_t y = item % height, z = item / height % depth, n = item / height / depth;
        for (std::int64_t c = 0; c < channels; ++c) {
            const float* row = tensor.row(n, c / channel_block, z, y) + c % channel_block;
            float* target =
                host + (((n * channels + c) * depth + z) * rows.height + rows.first + y) * width;
            for (std::int64_t x = 0; x < width; ++x) target[x] = row[x * channel_block];
        }
    });
}

}  // namespace unet::kernels::cpu
