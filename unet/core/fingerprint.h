#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace unet {

/// A number that tells whether two lists of values are the same (FNV-1a, word by word): not for
/// keeping anybody from making two that agree.
class Fingerprint {
public:
    void add(std::uint64_t word) noexcept { value_ = (value_ ^ word) * 1099511628211u; }
    void add(std::span<const float> values) noexcept {
        for (const float value : values) {
            std::uint32_t bits;
            std::memcpy(&bits, &value, sizeof bits);
            add(bits);
        }
    }
    void add(std::span<const std::uint32_t> values) noexcept {
        for (const std::uint32_t value : values) add(value);
    }
    void add(std::string_view text) noexcept {
        for (const char letter : text) add(static_cast<unsigned char>(letter));
        add(text.size());
    }

    std::uint64_t value() const noexcept { return value_; }
    /// 16 hexadecimal digits.
    std::string text() const { return fmt::format("{:016x}", value_); }

private:
    std::uint64_t value_ = 14695981039346656037u;
};

}  // namespace unet
