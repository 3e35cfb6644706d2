#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace unet {

/// How a safetensors file stores a number that can become a float32.
enum class ElementType { f64, f32, f16, bf16 };

/// The type that safetensors calls `name` ("F32"); nothing for integers and unknown words.
std::optional<ElementType> element_type_called(std::string_view name);

std::int64_t bytes_of(ElementType type);

/// Little-endian numbers to float32. f16 and bf16 are exact, f64 is rounded to nearest.
/// `bytes` holds values.size() * bytes_of(type) bytes.
void to_float32(ElementType type, std::span<const std::byte> bytes, std::span<float> values);

}  // namespace unet
