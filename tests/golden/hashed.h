#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace unet::golden {

// The C++ twin of hashed.py: both languages draw the same numbers from names and indices.

constexpr std::uint32_t mix(std::uint32_t word) {
    word ^= word >> 16;
    word *= 0x85EBCA6B;
    word ^= word >> 13;
    word *= 0xC2B2AE35;
    return word ^ (word >> 16);
}

/// The words of one name: a pure function of (name, index).
class Words {
public:
    explicit Words(std::string_view name) {
        for (const char byte : name) {
            start_ ^= static_cast<unsigned char>(byte);
            start_ *= 0x01000193;
        }
    }
    std::uint32_t operator[](std::size_t index) const {
        return mix(mix(static_cast<std::uint32_t>(index)) + start_);
    }

private:
    std::uint32_t start_ = 0x811C9DC5;
};

/// `count` values in [-1, 1), multiples of 2^-23.
inline std::vector<float> uniform(std::string_view name, std::int64_t count) {
    const Words words(name);
    std::vector<float> values(count);
    for (std::size_t k = 0; k < values.size(); ++k)
        values[k] = static_cast<float>(words[k] >> 8) / 8388608.0f - 1.0f;
    return values;
}

/// Initial value of a parameter in file layout; `calm` keeps activations off the kink of their
/// ReLU.
inline std::vector<float> parameter(const std::string& name, std::int64_t count,
                                    std::int64_t fan_in, bool calm) {
    std::vector<float> values = uniform(name, count);
    if (calm && name.ends_with("bias")) {
        for (float& value : values) value = (value < 0.0f ? -0.5f : 0.5f) + 0.1f * value;
        return values;
    }
    float offset = 0.0f, scale = 0.1f;  // bias, shift of a norm, running mean
    if (name.ends_with("running_var"))
        offset = 1.0f, scale = 0.5f;
    else if (name.ends_with("weight") && name.find(".norm.") != std::string::npos)
        offset = 1.0f, scale = 0.25f;
    else if (name.ends_with("weight"))
        scale =
            static_cast<float>((calm ? 0.2 : 1.0) * std::sqrt(6.0 / static_cast<double>(fan_in)));
    for (float& value : values) value = offset + scale * value;
    return values;
}

inline constexpr std::size_t projection_count = 16;

/// L2 norm of a tensor and its products with 16 vectors of random signs.
struct Summary {
    double norm = 0.0;
    std::array<double, projection_count> projections{};
};

/// Bit k of word("sign." + name, index) set: the element is subtracted from projection k, else
/// added. Elements are first summed by the value of four bits at a time, which leaves four
/// additions per element instead of sixteen.
inline Summary summary(const std::string& name, std::span<const float> values) {
    const Words signs("sign." + name);
    double sums[4][16] = {};
    double squares = 0.0;
    for (std::size_t index = 0; index < values.size(); ++index) {
        const double value = values[index];
        const std::uint32_t word = signs[index];
        for (int group = 0; group < 4; ++group) sums[group][(word >> (4 * group)) & 15] += value;
        squares += value * value;
    }
    Summary result{.norm = std::sqrt(squares), .projections = {}};
    for (std::size_t k = 0; k < projection_count; ++k)
        for (std::size_t four = 0; four < 16; ++four)
            result.projections[k] += (four >> (k % 4)) & 1 ? -sums[k / 4][four] : sums[k / 4][four];
    return result;
}

}  // namespace unet::golden
