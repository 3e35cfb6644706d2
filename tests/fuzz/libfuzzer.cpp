// One program for each target (UNET_FUZZ_READ is its function), driven by clang's libFuzzer.

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <string_view>

#include "targets.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size,
                                        std::size_t most_bytes);

namespace {

/// Gives the chunks of a PNG their checksums, without which libpng looks at nothing.
void correct_png(std::uint8_t* data, std::size_t size) {
    constexpr std::size_t head = 8, tail = 4;  // length and name; checksum
    std::size_t at = 8;
    while (at + head + tail <= size) {
        const std::uint32_t length = static_cast<std::uint32_t>(data[at]) << 24 |
                                     static_cast<std::uint32_t>(data[at + 1]) << 16 |
                                     static_cast<std::uint32_t>(data[at + 2]) << 8 | data[at + 3];
        if (length > size - at - head - tail) return;
        const auto sum = static_cast<std::uint32_t>(crc32(0, data + at + 4, length + 4));
        for (std::size_t i = 0; i < tail; ++i)
            data[at + head + length + i] = static_cast<std::uint8_t>(sum >> (24 - 8 * i));
        at += head + length + tail;
    }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most_bytes, unsigned /*seed*/) {
    const std::size_t changed = LLVMFuzzerMutate(data, size, most_bytes);
    constexpr std::string_view png = "\x89PNG\r\n\x1a\n";
    if (changed >= png.size() && std::memcmp(data, png.data(), png.size()) == 0)
        correct_png(data, changed);
    return changed;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    unet::fuzz::UNET_FUZZ_READ({reinterpret_cast<const std::byte*>(data), size});
    return 0;
}
