#include "unet/image/tiff/tiff_entries.h"

#include <tiff.h>

#include <algorithm>
#include <cmath>

namespace unet {
namespace {

void append_number(std::vector<std::byte>& bytes, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
}

}  // namespace

TiffEntry tiff_numbers(std::uint16_t tag, std::uint16_t type,
                       const std::vector<std::uint64_t>& values) {
    const int size = type == TIFF_SHORT ? 2 : type == TIFF_LONG8 ? 8 : 4;
    TiffEntry entry{tag, type, values.size(), {}};
    for (const auto value : values) append_number(entry.bytes, value, size);
    return entry;
}

TiffEntry tiff_text(std::uint16_t tag, std::string_view text) {
    TiffEntry entry{tag, TIFF_ASCII, text.size() + 1, {}};
    for (const char letter : text) entry.bytes.push_back(static_cast<std::byte>(letter));
    entry.bytes.push_back(std::byte{0});
    return entry;
}

TiffEntry tiff_resolution(std::uint16_t tag, double spacing) {
    double numerator = 1e9;
    while (spacing * numerator > 4294967295.0 && numerator > 1.0) numerator /= 10.0;
    const double denominator = std::clamp(std::round(spacing * numerator), 1.0, 4294967295.0);
    TiffEntry entry = tiff_numbers(
        tag, TIFF_LONG,
        {static_cast<std::uint64_t>(numerator), static_cast<std::uint64_t>(denominator)});
    entry.type = TIFF_RATIONAL;
    entry.count = 1;
    return entry;
}

std::uint16_t TiffDirectoryWriter::offset_type() const { return big_ ? TIFF_LONG8 : TIFF_LONG; }

std::vector<std::byte> TiffDirectoryWriter::header(std::uint64_t first_directory) const {
    std::vector<std::byte> bytes{std::byte{'I'}, std::byte{'I'}};
    append_number(bytes, big_ ? 43 : 42, 2);
    if (big_) append_number(bytes, 8, 4);  // size of an offset, and two bytes of zero
    append_number(bytes, first_directory, offset_bytes());
    return bytes;
}

std::vector<std::byte> TiffDirectoryWriter::directory(const std::vector<TiffEntry>& entries,
                                                      std::uint64_t position, bool last) const {
    const auto offset = static_cast<std::size_t>(offset_bytes());
    const std::size_t entry_bytes = 4 + 2 * offset, count_bytes = big_ ? 8 : 2;
    const std::size_t fixed = count_bytes + entries.size() * entry_bytes + offset;
    std::vector<std::byte> table, behind;
    append_number(table, entries.size(), static_cast<int>(count_bytes));
    for (const TiffEntry& entry : entries) {
        append_number(table, entry.tag, 2);
        append_number(table, entry.type, 2);
        append_number(table, entry.count, offset_bytes());
        if (entry.bytes.size() <= offset) {
            table.insert(table.end(), entry.bytes.begin(), entry.bytes.end());
            table.resize(table.size() + offset - entry.bytes.size());
        } else {
            append_number(table, position + fixed + behind.size(), offset_bytes());
            behind.insert(behind.end(), entry.bytes.begin(), entry.bytes.end());
            if (behind.size() % 2 != 0) behind.push_back(std::byte{0});
        }
    }
    // Everything starts at even places, as the standard asks.
    const std::uint64_t end = position + fixed + behind.size();
    const std::uint64_t next = end + end % 2;
    append_number(table, last ? 0 : next, offset_bytes());
    table.insert(table.end(), behind.begin(), behind.end());
    table.resize(next - position);
    return table;
}

}  // namespace unet
