#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace unet {

/// One entry of a TIFF directory: its values as bytes.
struct TiffEntry {
    std::uint16_t tag, type;
    std::uint64_t count;
    std::vector<std::byte> bytes;
};

/// `type` is TIFF_SHORT, TIFF_LONG or TIFF_LONG8.
TiffEntry tiff_numbers(std::uint16_t tag, std::uint16_t type,
                       const std::vector<std::uint64_t>& values);
TiffEntry tiff_text(std::uint16_t tag, std::string_view text);
/// Pixels per unit as a fraction whose reciprocal has the digits of `spacing`: 0.325 becomes
/// 10^9 / 325000000.
TiffEntry tiff_resolution(std::uint16_t tag, double spacing);

/// Little-endian directories of one file: 32-bit offsets (classic) or 64-bit ones (BigTIFF).
class TiffDirectoryWriter {
public:
    explicit TiffDirectoryWriter(bool big) : big_(big) {}

    int offset_bytes() const { return big_ ? 8 : 4; }
    /// The type of offsets and byte counts.
    std::uint16_t offset_type() const;
    std::uint64_t header_bytes() const { return big_ ? 16 : 8; }

    std::vector<std::byte> header(std::uint64_t first_directory) const;
    /// A directory that will stand at `position`, its long values behind it; entries in the order
    /// of their tags. One that is not the last names the place behind itself as the next one's.
    std::vector<std::byte> directory(const std::vector<TiffEntry>& entries, std::uint64_t position,
                                     bool last) const;

private:
    bool big_;
};

}  // namespace unet
