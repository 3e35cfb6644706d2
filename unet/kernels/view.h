#pragma once

#include <cstdint>
#include <type_traits>

#include "unet/core/shape.h"

namespace unet::kernels {

/// Channels that lie next to each other in memory on the CPU: one AVX-512 register of float32.
inline constexpr std::int64_t channel_block = 16;

/// Blocks that so many channels fill, the last one perhaps in part.
constexpr std::int64_t blocks_of(std::int64_t channels) {
    return (channels + channel_block - 1) / channel_block;
}

/// A tensor in the CPU layout [n][c/16][d][h][w][16], or a part of one: crops and frames are other
/// strides, never copies. Strides count elements; neighbouring pixels of a row are 16 apart.
/// Channels beyond `channels` in the last block are zero. Around the image there may be a frame
/// of zeros that a kernel reads as padding; `data` points at the first pixel inside it.
template <class T>
struct BasicView {
    T* data = nullptr;
    std::int64_t batch = 1;
    std::int64_t channels = 0;
    Size3 size{};
    std::int64_t batch_stride = 0;
    std::int64_t block_stride = 0;  ///< to the next 16 channels
    std::int64_t plane_stride = 0;  ///< to the next depth
    std::int64_t row_stride = 0;    ///< to the next height

    std::int64_t blocks() const { return blocks_of(channels); }
    T* row(std::int64_t n, std::int64_t block, std::int64_t z, std::int64_t y) const {
        return data + n * batch_stride + block * block_stride + z * plane_stride + y * row_stride;
    }
    T& at(std::int64_t n, std::int64_t c, std::int64_t z, std::int64_t y, std::int64_t x) const {
        return row(n, c / channel_block, z, y)[x * channel_block + c % channel_block];
    }
    explicit operator bool() const { return data != nullptr; }
    operator BasicView<const T>() const requires(!std::is_const_v<T>) {
        return {data, batch, channels, size, batch_stride, block_stride, plane_stride, row_stride};
    }
};

using View = BasicView<float>;
using ConstView = BasicView<const float>;

/// A tensor as the host has it: planar N, C, D, H, W without gaps.
template <class T>
struct BasicPlanar {
    T* data = nullptr;
    Shape shape{};
};

using Planar = BasicPlanar<float>;
using ConstPlanar = BasicPlanar<const float>;

/// One or two tensors that a convolution reads as one, channels of the first before those of the
/// second: concatenation without a copy. Both have the same batch and size (the skip is cropped).
template <class T>
struct BasicConcat {
    BasicView<T> parts[2];
    int count = 1;

    std::int64_t blocks() const { return parts[0].blocks() + (count > 1 ? parts[1].blocks() : 0); }
};

using Concat = BasicConcat<const float>;

/// Where a gradient goes, and how it passes the activation that made the tensor it belongs to:
/// stored = (accumulate ? stored : 0) + (activation > 0 ? scale : 0) * gradient, or plain gradient
/// where there is no activation. scale is 1 for ReLU and 1 / (1 - p) for ReLU with dropout, whose
/// dropped values are 0 too.
template <class T>
struct BasicGradientTarget {
    BasicView<T> gradient;
    BasicView<const T> activation;  ///< may be empty
    T scale = 1;
    bool accumulate = false;
};

using GradientTarget = BasicGradientTarget<float>;

}  // namespace unet::kernels
