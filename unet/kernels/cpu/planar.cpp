#include <algorithm>

#include "unet/kernels/cpu/pointwise.h"

namespace unet::kernels::cpu {

template <class T>
void from_planar(Context& context, const float* host, HostRows rows, const BasicView<T>& tensor) {
    constexpr std::int64_t step = BasicView<T>::block_size;
    const auto [depth, height, width] = tensor.size;
    const std::int64_t plane = depth * rows.height * width, blocks = tensor.blocks();
    parallel_for(context, tensor.batch * blocks * depth * height,
                 [&, height = height, width = width, depth = depth](std::int64_t item, int) {
                     const std::int64_t y = item % height, z = item / height % depth;
                     const std::int64_t block = item / height / depth % blocks,
                                        n = item / height / depth / blocks;
                     const std::int64_t first = block * step;
                     const std::int64_t real = std::min(step, tensor.channels - first);
                     const std::int64_t host_row = rows.first + y;
                     const bool outside = host_row < 0 || host_row >= rows.height;
                     const float* source = host + (n * tensor.channels + first) * plane +
                                           (z * rows.height + host_row) * width;
                     T* row = tensor.row(n, block, z, y);
                     if (outside || real < step) std::fill_n(row, width * step, T(0));
                     if (outside) return;
                     for (std::int64_t c = 0; c < real; ++c)
                         for (std::int64_t x = 0; x < width; ++x)
                             row[x * step + c] = static_cast<T>(source[c * plane + x]);
                 });
}

template <class T>
void to_planar(Context& context, const BasicView<const T>& tensor, HostRows rows, float* host) {
    constexpr std::int64_t step = BasicView<T>::block_size;
    const std::int64_t height = tensor.size.height, width = tensor.size.width;
    const std::int64_t depth = tensor.size.depth, channels = tensor.channels;
    parallel_for(context, tensor.batch * depth * height, [&](std::int64_t item, int) {
        const std::int64_t y = item % height, z = item / height % depth, n = item / height / depth;
        for (std::int64_t c = 0; c < channels; ++c) {
            const T* row = tensor.row(n, c / step, z, y) + c % step;
            float* target =
                host + (((n * channels + c) * depth + z) * rows.height + rows.first + y) * width;
            for (std::int64_t x = 0; x < width; ++x) target[x] = row[x * step];
        }
    });
}

template void from_planar(Context&, const float*, HostRows, const BasicView<float>&);
template void from_planar(Context&, const float*, HostRows, const BasicView<BFloat16>&);
template void to_planar(Context&, const BasicView<const float>&, HostRows, float*);
template void to_planar(Context&, const BasicView<const BFloat16>&, HostRows, float*);

}  // namespace unet::kernels::cpu
