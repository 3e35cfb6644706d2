#include "unet/image/jpeg/multi_picture.h"

#include <algorithm>
#include <string_view>

namespace unet {
namespace {

/// A number of `size` bytes at `at`; 0 beyond the end.
std::uint32_t number_at(std::span<const std::byte> bytes, std::size_t at, std::size_t size,
                        bool little) {
    std::uint32_t value = 0;
    if (at > bytes.size() || size > bytes.size() - at) return 0;
    for (std::size_t i = 0; i < size; ++i)
        value =
            value << 8 | std::to_integer<std::uint32_t>(bytes[at + (little ? size - 1 - i : i)]);
    return value;
}

/// The number of images in an index, which is a directory like those of TIFF.
std::int64_t images_in_index(std::span<const std::byte> index) {
    constexpr std::uint32_t number_of_images = 0xB001;
    const bool little = number_at(index, 0, 2, false) == 0x4949;
    const std::size_t directory = number_at(index, 4, 4, little);
    const std::size_t entries = number_at(index, directory, 2, little);
    for (std::size_t i = 0; i < entries; ++i) {
        const std::size_t entry = directory + 2 + 12 * i;
        if (number_at(index, entry, 2, little) == number_of_images)
            return std::max<std::int64_t>(number_at(index, entry + 8, 4, little), 1);
    }
    return 1;
}

}  // namespace

std::int64_t images_in_jpeg(std::span<const std::byte> bytes) {
    using namespace std::string_view_literals;
    constexpr std::uint32_t app2 = 0xFFE2, scan = 0xFFDA;
    constexpr auto name = "MPF\0"sv;
    std::size_t at = 2;
    while (at + 4 < bytes.size()) {
        const std::uint32_t marker = number_at(bytes, at, 2, false);
        const std::size_t length = number_at(bytes, at + 2, 2, false);
        if (marker < 0xFF00 || marker == scan || length < 2 || length > bytes.size() - at - 2)
            return 1;
        const auto segment = bytes.subspan(at + 4, length - 2);
        const std::string_view text(reinterpret_cast<const char*>(segment.data()), segment.size());
        if (marker == app2 && text.starts_with(name))
            return images_in_index(segment.subspan(name.size()));
        at += 2 + length;
    }
    return 1;
}

}  // namespace unet
