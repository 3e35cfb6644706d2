#include <bit>
#include <cmath>
#include <limits>
#include <optional>

#include "unet/core/bytes.h"
#include "unet/core/error.h"
#include "unet/image/zarr/zarr_json.h"
#include "unet/image/zarr/zarr_metadata.h"

namespace unet {
namespace {

using Json = nlohmann::json;

/// The bits of the nearest float of 16 bits (IEEE 754 binary16).
std::uint64_t half_bits(double value) {
    constexpr int mantissa_bits = 10, least_exponent = -14;
    constexpr std::uint64_t infinity = 0x7C00, not_a_number = 0x7E00;
    constexpr double beyond_the_largest = 65520.0;
    const std::uint64_t sign = std::signbit(value) ? 0x8000 : 0;
    if (std::isnan(value)) return not_a_number;
    const double size = std::abs(value);
    if (size >= beyond_the_largest) return sign | infinity;
    const int exponent = size == 0.0 ? least_exponent : std::max(std::ilogb(size), least_exponent);
    // The leading 1 of the mantissa, where there is one, counts the exponent up by one.
    const auto mantissa =
        static_cast<std::uint64_t>(std::nearbyint(std::ldexp(size, mantissa_bits - exponent)));
    return sign |
           ((static_cast<std::uint64_t>(exponent - least_exponent) << mantissa_bits) + mantissa);
}

std::uint64_t float_bits(double value, int bits) {
    if (bits == 64) return std::bit_cast<std::uint64_t>(value);
    if (bits == 32) return std::bit_cast<std::uint32_t>(static_cast<float>(value));
    return half_bits(value);
}

/// "0x7fc00000": as many digits as the float has.
std::optional<std::uint64_t> bits_of_digits(const std::string& text, int bits) {
    if (std::ssize(text) != 2 + bits / 4 || !text.starts_with("0x") ||
        text.find_first_not_of("0123456789abcdefABCDEF", 2) != std::string::npos)
        return std::nullopt;
    return std::stoull(text, nullptr, 16);
}

std::optional<std::uint64_t> bits_of_text(const std::string& text, int bits) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (text == "NaN") return float_bits(std::numeric_limits<double>::quiet_NaN(), bits);
    if (text == "Infinity") return float_bits(infinity, bits);
    if (text == "-Infinity") return float_bits(-infinity, bits);
    return bits_of_digits(text, bits);
}

/// long double, so that integers of 64 bits stay what they are.
std::uint64_t integer_bits(long double value, bool is_signed, int bits) {
    const int powers = is_signed ? bits - 1 : bits;
    const long double beyond = std::ldexp(1.0L, powers), low = is_signed ? -beyond : 0.0L;
    if (value <= low) return is_signed ? ~std::uint64_t{0} << powers : 0;
    if (value >= beyond) return ~std::uint64_t{0} >> (64 - powers);
    return value < 0.0L ? static_cast<std::uint64_t>(static_cast<std::int64_t>(value))
                        : static_cast<std::uint64_t>(value);
}

std::optional<std::uint64_t> bits_of(const Json& fill, NumberKind kind, int bits) {
    const bool is_float = kind == NumberKind::floating;
    if (fill.is_string() && is_float) return bits_of_text(fill.get<std::string>(), bits);
    if (fill.is_boolean()) return fill.get<bool>() && !is_float ? 1 : 0;
    if (!fill.is_number()) return std::nullopt;
    if (is_float) return float_bits(fill.get<double>(), bits);
    const long double value = fill.is_number_unsigned()  ? fill.get<std::uint64_t>()
                              : fill.is_number_integer() ? fill.get<std::int64_t>()
                                                         : fill.get<double>();
    return integer_bits(value, kind == NumberKind::signed_integer, bits);
}

}  // namespace

std::vector<std::byte> zarr_fill_value(const Json& fill, NumberKind kind, int bits,
                                       const std::filesystem::path& folder) {
    const auto found = bits_of(fill, kind, bits);
    if (!found) refuse_zarr(folder, "its fill value is none of its type");
    std::vector<std::byte> bytes(bits / 8);
    put_whole_number(*found, bytes, std::endian::native);
    return bytes;
}

}  // namespace unet
