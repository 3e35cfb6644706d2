#include "unet/model/element_type.h"

#include <bit>
#include <cassert>
#include <cstring>

#include "unet/core/bytes.h"

namespace unet {
namespace {

static_assert(std::endian::native == std::endian::little, "files are read as they lie in memory");

// IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits.
float from_half(std::uint16_t half) {
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
    const std::uint32_t exponent = (half >> 10) & 0x1fu, fraction = half & 0x3ffu;
    if (exponent == 0) {  // zero and subnormal numbers: fraction * 2^-24, exact in float32
        const float magnitude = static_cast<float>(fraction) * 0x1p-24f;
        return sign != 0 ? -magnitude : magnitude;
    }
    const std::uint32_t wide = exponent == 31 ? 255u : exponent + 112u;  // other bias: 127 - 15
    return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

// bfloat16 is the upper half of a float32.
float from_bfloat(std::uint16_t bits) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

template <class Stored, class Convert>
void convert(std::span<const std::byte> bytes, std::span<float> values, Convert to_float) {
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = to_float(load<Stored>(bytes.data() + i * sizeof(Stored)));
}

}  // namespace

std::optional<ElementType> element_type_called(std::string_view name) {
    if (name == "F32") return ElementType::f32;
    if (name == "F64") return ElementType::f64;
    if (name == "F16") return ElementType::f16;
    if (name == "BF16") return ElementType::bf16;
    return std::nullopt;
}

std::int64_t bytes_of(ElementType type) {
    switch (type) {
        case ElementType::f64:
            return 8;
        case ElementType::f32:
            return 4;
        case ElementType::f16:
        case ElementType::bf16:
            break;
    }
    return 2;
}

void to_float32(ElementType type, std::span<const std::byte> bytes, std::span<float> values) {
    assert(bytes.size() == values.size() * static_cast<std::size_t>(bytes_of(type)));
    if (values.empty()) return;
    switch (type) {
        case ElementType::f64:
            return convert<double>(bytes, values, [](double v) { return static_cast<float>(v); });
        case ElementType::f32:
            std::memcpy(values.data(), bytes.data(), bytes.size());
            return;
        case ElementType::f16:
            return convert<std::uint16_t>(bytes, values, from_half);
        case ElementType::bf16:
            return convert<std::uint16_t>(bytes, values, from_bfloat);
    }
}

}  // namespace unet
