#include "unet/image/sample_bytes.h"

#include <cmath>
#include <limits>

#include "unet/core/bytes.h"
#include "unet/core/error.h"

namespace unet {
namespace {

template <class T>
T sample_of(float value, const std::filesystem::path& path) {
    if constexpr (std::is_same_v<T, float>) {
        return value;
    } else {
        using Limits = std::numeric_limits<T>;
        // The largest 32-bit numbers are not floats; the float above them stands for them.
        if (!(value >= static_cast<float>(Limits::min()) &&
              value <= static_cast<float>(Limits::max()) &&
              value == static_cast<float>(static_cast<std::int64_t>(value))))
            fail(ErrorCode::invalid_argument,
                 "cannot write '{}': found the value {}, expected whole numbers from {} to {}",
                 path.string(), value, Limits::min(), Limits::max());
        return static_cast<double>(value) >= static_cast<double>(Limits::max())
                   ? Limits::max()
                   : static_cast<T>(value);
    }
}

template <class T>
void interleave(const float* plane, std::int64_t pixels, int samples, std::int64_t stride,
                bool big_endian, const std::filesystem::path& path, std::span<std::byte> bytes) {
    const std::endian order = big_endian ? std::endian::big : std::endian::little;
    std::byte* target = bytes.data();
    for (std::int64_t i = 0; i < pixels; ++i)
        for (int s = 0; s < samples; ++s, target += sizeof(T))
            store(sample_of<T>(plane[s * stride + i], path), target, order);
}

}  // namespace

TypeLayout layout_of(SampleType type) {
    switch (type) {
        case SampleType::u8:
            return {8, NumberKind::unsigned_integer, interleave<std::uint8_t>};
        case SampleType::u16:
            return {16, NumberKind::unsigned_integer, interleave<std::uint16_t>};
        case SampleType::u32:
            return {32, NumberKind::unsigned_integer, interleave<std::uint32_t>};
        case SampleType::i8:
            return {8, NumberKind::signed_integer, interleave<std::int8_t>};
        case SampleType::i16:
            return {16, NumberKind::signed_integer, interleave<std::int16_t>};
        case SampleType::i32:
            return {32, NumberKind::signed_integer, interleave<std::int32_t>};
        case SampleType::f32:
            break;
    }
    return {32, NumberKind::floating, interleave<float>};
}

}  // namespace unet
