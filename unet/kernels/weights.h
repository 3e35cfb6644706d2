#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/core/shape.h"
#include "unet/kernels/element.h"

namespace unet::kernels {

/// The weights of a convolution or an up-convolution, in the order of files (out x in x taps; in x
/// out x taps of an up-convolution) and in that of the kernels (convolution.h).
struct WeightShape {
    std::int64_t out = 0;
    std::span<const std::int64_t> in{};  ///< channels of each part of the source
    std::int64_t taps = 1;
    bool up = false;  ///< of an up-convolution
};

using WeightBytes = std::int64_t(const WeightShape&);
/// File -> kernels; channels that do not exist are left as they are.
using PackWeights = void(const WeightShape&, const float* file, void* stored);
using UnpackWeights = void(const WeightShape&, const void* stored, float* file);

/// Where the weight from channel `i` to channel `o` stands in a block of both.
template <class T>
constexpr std::int64_t place_in_block(std::int64_t i, std::int64_t o) {
    return i * channel_block_of<T> + o;
}
/// Two AMX tiles, one after the other: [16 of out][pairs of in][out][2 in].
template <>
constexpr std::int64_t place_in_block<BFloat16>(std::int64_t i, std::int64_t o) {
    return o / 16 * 512 + i / 2 * 32 + o % 16 * 2 + i % 2;
}

/// Calls visit(place in the file, stored place) for every weight: the one place that knows both.
template <class T, class Visit>
void for_weights(const WeightShape& shape, Visit visit) {
    constexpr std::int64_t block = channel_block_of<T>;
    std::vector<std::int64_t> stored_in;  // place of every input channel, parts padded apart
    for (const std::int64_t part : shape.in) {
        const std::int64_t first = round_up(stored_in.empty() ? 0 : stored_in.back() + 1, block);
        for (std::int64_t c = 0; c < part; ++c) stored_in.push_back(first + c);
    }
    const std::int64_t in = std::ssize(stored_in), taps = shape.taps;
    const std::int64_t in_blocks = blocks_of(stored_in.back() + 1, block);
    const std::int64_t out_blocks = blocks_of(shape.out, block);
    for (std::int64_t o = 0; o < shape.out; ++o)
        for (std::int64_t i = 0; i < in; ++i)
            for (std::int64_t t = 0; t < taps; ++t) {
                const std::int64_t s = stored_in[static_cast<std::size_t>(i)];
                const std::int64_t ob = o / block, ib = s / block;
                const std::int64_t panel = shape.up ? (t * out_blocks + ob) * in_blocks + ib
                                                    : (ob * in_blocks + ib) * taps + t;
                visit((shape.up ? i * shape.out + o : o * in + i) * taps + t,
                      panel * block * block + place_in_block<T>(s % block, o % block));
            }
}

template <class T>
std::int64_t weight_bytes(const WeightShape& shape) {
    constexpr std::int64_t block = channel_block_of<T>, size = sizeof(T);
    std::int64_t in_blocks = 0;
    for (const std::int64_t part : shape.in) in_blocks += blocks_of(part, block);
    return blocks_of(shape.out, block) * in_blocks * shape.taps * block * block * size;
}

template <class T>
void pack_weights(const WeightShape& shape, const float* file, void* stored) {
    T* const to = static_cast<T*>(stored);
    for_weights<T>(shape, [&](std::int64_t from, std::int64_t place) {
        to[place] = static_cast<T>(file[from]);
    });
}

template <class T>
void unpack_weights(const WeightShape& shape, const void* stored, float* file) {
    const T* const from = static_cast<const T*>(stored);
    for_weights<T>(shape, [&](std::int64_t to, std::int64_t place) { file[to] = from[place]; });
}

}  // namespace unet::kernels
