#include "unet/image/contents/exif.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace unet {
namespace {

/// Numbers of a TIFF in either byte order; 0 behind its end.
struct Numbers {
    std::span<const std::byte> bytes;
    bool little;

    std::uint64_t at(std::uint64_t place, int count) const {
        if (place + static_cast<std::uint64_t>(count) > bytes.size()) return 0;
        std::uint64_t value = 0;
        for (int i = 0; i < count; ++i)
            value = value << 8 |
                    std::to_integer<std::uint64_t>(bytes[place + (little ? count - 1 - i : i)]);
        return value;
    }
};

}  // namespace

int exif_orientation(std::span<const std::byte> exif) {
    const auto begins = [&](std::string_view text) {
        return exif.size() >= text.size() &&
               std::equal(text.begin(), text.end(), exif.begin(), [](char letter, std::byte byte) {
                   return static_cast<std::byte>(letter) == byte;
               });
    };
    constexpr std::string_view prefix("Exif\0\0", 6);
    if (begins(prefix)) exif = exif.subspan(prefix.size());
    if (!begins({"II*\0", 4}) && !begins({"MM\0*", 4})) return 1;
    const Numbers numbers{exif, begins("II")};
    const std::uint64_t directory = numbers.at(4, 4), entries = numbers.at(directory, 2);
    constexpr int entry_bytes = 12, orientation_tag = 274, long_type = 4;
    for (std::uint64_t i = 0; i < entries; ++i) {
        const std::uint64_t entry = directory + 2 + i * entry_bytes;
        if (numbers.at(entry, 2) == orientation_tag)
            return known_orientation(static_cast<std::int64_t>(
                numbers.at(entry + 8, numbers.at(entry + 2, 2) == long_type ? 4 : 2)));
    }
    return 1;
}

}  // namespace unet
