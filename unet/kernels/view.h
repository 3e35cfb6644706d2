#pragma once

#include <cstdint>
#include <type_traits>

#include "unet/core/shape.h"
#include "unet/kernels/element.h"

namespace unet::kernels {

/// A tensor in the CPU layout [n][c/16][d][h][w][16] (32 of bfloat16), or a part of one: crops and
/// frames are other strides, never copies. Strides count elements; neighbouring pixels of a row are
/// a block of channels apart.
/// Channels beyond `channels` in the last block are zero. Around the image there may be a frame
/// of zeros that a kernel reads as padding; `data` points at the first pixel inside it.
template <class T>
struct BasicView {
    T* data = nullptr;
    std::int64_t batch = 1;
    std::int64_t channels = 0;
    Size3 size{};
    std::int64_t batch_stride = 0;
    std::int64_t block_stride = 0;  ///< to the next block of channels
    std::int64_t plane_stride = 0;  ///< to the next depth
    std::int64_t row_stride = 0;    ///< to the next height

    static constexpr std::int64_t block_size = channel_block_of<std::remove_const_t<T>>;
    std::int64_t blocks() const requires(!is_opaque<T>) { return blocks_of(channels, block_size); }
    T* row(std::int64_t n, std::int64_t block, std::int64_t z, std::int64_t y) const {
        return data + n * batch_stride + block * block_stride + z * plane_stride + y * row_stride;
    }
    T& at(std::int64_t n, std::int64_t c, std::int64_t z, std::int64_t y, std::int64_t x) const
        requires(!is_opaque<T>) {
        return row(n, c / block_size, z, y)[x * block_size + c % block_size];
    }
    explicit operator bool() const { return data != nullptr; }
    operator BasicView<const T>() const requires(!std::is_const_v<T>) {
        return {data, batch, channels, size, batch_stride, block_stride, plane_stride, row_stride};
    }
    operator BasicView<std::byte>() const requires(!std::is_const_v<T> && !is_opaque<T>) {
        return bytes<std::byte>();
    }
    operator BasicView<const std::byte>() const requires(!is_opaque<T>) {
        return bytes<const std::byte>();
    }

private:
    template <class Byte>
    BasicView<Byte> bytes() const {
        constexpr std::int64_t width = sizeof(T);
        return {reinterpret_cast<Byte*>(data),
                batch,
                channels,
                size,
                batch_stride * width,
                block_stride * width,
                plane_stride * width,
                row_stride * width};
    }
};

using View = BasicView<float>;
using ConstView = BasicView<const float>;
using AnyView = BasicView<std::byte>;
using ConstAnyView = BasicView<const std::byte>;

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

    std::int64_t blocks() const requires(!is_opaque<T>) {
        return parts[0].blocks() + (count > 1 ? parts[1].blocks() : 0);
    }
    operator BasicConcat<const std::byte>() const requires(!is_opaque<T>) {
        return {{parts[0], parts[1]}, count};
    }
};

using Concat = BasicConcat<const float>;
using AnyConcat = BasicConcat<const std::byte>;

/// Where a gradient goes, and how it passes the activation that made the tensor it belongs to:
/// stored = (accumulate ? stored : 0) + (activation > 0 ? scale : 0) * gradient, or plain gradient
/// where there is no activation. scale is 1 for ReLU and 1 / (1 - p) for ReLU with dropout, whose
/// dropped values are 0 too.
template <class T>
struct BasicGradientTarget {
    BasicView<T> gradient;
    BasicView<const T> activation;  ///< may be empty
    Plain<T> scale = 1;
    bool accumulate = false;

    operator BasicGradientTarget<std::byte>() const requires(!is_opaque<T>) {
        return {gradient, activation, static_cast<float>(scale), accumulate};
    }
};

using GradientTarget = BasicGradientTarget<float>;
using AnyGradientTarget = BasicGradientTarget<std::byte>;

/// One for each part of a concatenation.
template <class T>
struct BasicGradientTargets {
    BasicGradientTarget<T> parts[2];
    int count = 1;

    operator BasicGradientTargets<std::byte>() const requires(!is_opaque<T>) {
        return {{parts[0], parts[1]}, count};
    }
};

using GradientTargets = BasicGradientTargets<float>;
using AnyGradientTargets = BasicGradientTargets<std::byte>;

}  // namespace unet::kernels
