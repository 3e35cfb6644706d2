#include "unet/image/tiff_write.h"

#include <tiff.h>

#include <algorithm>
#include <cmath>

#include "unet/core/error.h"
#include "unet/core/file.h"

namespace unet {
namespace {

void append_number(std::vector<std::byte>& bytes, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
}

/// One entry of a directory: its values as bytes.
struct Entry {
    std::uint16_t tag, type;
    std::uint64_t count;
    std::vector<std::byte> bytes;
};

/// Directories of one file: 32-bit offsets (classic) or 64-bit ones (BigTIFF).
class DirectoryWriter {
public:
    explicit DirectoryWriter(bool big) : big_(big) {}

    int offset_bytes() const { return big_ ? 8 : 4; }
    std::uint64_t header_bytes() const { return big_ ? 16 : 8; }

    std::vector<std::byte> header(std::uint64_t first_directory) const {
        std::vector<std::byte> bytes{std::byte{'I'}, std::byte{'I'}};
        append_number(bytes, big_ ? 43 : 42, 2);
        if (big_) append_number(bytes, 8, 4);  // size of an offset, and two bytes of zero
        append_number(bytes, first_directory, offset_bytes());
        return bytes;
    }

    /// A directory that will stand at `position`, its long values behind it.
    std::vector<std::byte> directory(const std::vector<Entry>& entries, std::uint64_t position,
                                     bool last) const {
        const auto offset = static_cast<std::size_t>(offset_bytes());
        const std::size_t entry_bytes = 4 + 2 * offset, count_bytes = big_ ? 8 : 2;
        const std::size_t fixed = count_bytes + entries.size() * entry_bytes + offset;
        std::vector<std::byte> table, behind;
        append_number(table, entries.size(), static_cast<int>(count_bytes));
        for (const Entry& entry : entries) {
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
        table.resize(static_cast<std::size_t>(next - position));
        return table;
    }

private:
    bool big_;
};

Entry entry_of(std::uint16_t tag, std::uint16_t type, const std::vector<std::uint64_t>& values) {
    const int size = type == TIFF_SHORT ? 2 : type == TIFF_LONG8 ? 8 : 4;
    Entry entry{tag, type, values.size(), {}};
    for (const auto value : values) append_number(entry.bytes, value, size);
    return entry;
}

Entry text_of(std::uint16_t tag, std::string_view text) {
    Entry entry{tag, TIFF_ASCII, text.size() + 1, {}};
    for (const char letter : text) entry.bytes.push_back(static_cast<std::byte>(letter));
    entry.bytes.push_back(std::byte{0});
    return entry;
}

/// Pixels per unit as a fraction whose reciprocal has the digits of `spacing`: 0.325 becomes
/// 10^9 / 325000000.
Entry resolution_of(std::uint16_t tag, double spacing) {
    double numerator = 1e9;
    while (spacing * numerator > 4294967295.0 && numerator > 1.0) numerator /= 10.0;
    const double denominator = std::clamp(std::round(spacing * numerator), 1.0, 4294967295.0);
    Entry entry =
        entry_of(tag, TIFF_LONG,
                 {static_cast<std::uint64_t>(numerator), static_cast<std::uint64_t>(denominator)});
    entry.type = TIFF_RATIONAL;
    entry.count = 1;
    return entry;
}

std::vector<Entry> entries_of(const TiffPages& pages, std::int64_t number, std::uint64_t offset,
                              std::uint64_t page_bytes, bool big) {
    const auto samples = static_cast<std::size_t>(pages.samples);
    const auto format = pages.kind == NumberKind::floating         ? SAMPLEFORMAT_IEEEFP
                        : pages.kind == NumberKind::signed_integer ? SAMPLEFORMAT_INT
                                                                   : SAMPLEFORMAT_UINT;
    const std::uint16_t place = big ? TIFF_LONG8 : TIFF_LONG;
    const auto number_of = [](auto value) { return static_cast<std::uint64_t>(value); };
    std::vector<Entry> entries{
        entry_of(TIFFTAG_IMAGEWIDTH, TIFF_LONG, {number_of(pages.width)}),
        entry_of(TIFFTAG_IMAGELENGTH, TIFF_LONG, {number_of(pages.height)}),
        entry_of(TIFFTAG_BITSPERSAMPLE, TIFF_SHORT,
                 std::vector<std::uint64_t>(samples, number_of(pages.bits))),
        entry_of(TIFFTAG_COMPRESSION, TIFF_SHORT, {COMPRESSION_NONE}),
        entry_of(TIFFTAG_PHOTOMETRIC, TIFF_SHORT,
                 {number_of(samples == 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK)})};
    if (number == 0) entries.push_back(text_of(TIFFTAG_IMAGEDESCRIPTION, pages.description));
    entries.push_back(entry_of(TIFFTAG_STRIPOFFSETS, place, {offset}));
    entries.push_back(entry_of(TIFFTAG_SAMPLESPERPIXEL, TIFF_SHORT, {number_of(samples)}));
    entries.push_back(entry_of(TIFFTAG_ROWSPERSTRIP, TIFF_LONG, {number_of(pages.height)}));
    entries.push_back(entry_of(TIFFTAG_STRIPBYTECOUNTS, place, {page_bytes}));
    if (pages.spacing.known()) {
        entries.push_back(resolution_of(TIFFTAG_XRESOLUTION, pages.spacing.size[2]));
        entries.push_back(resolution_of(TIFFTAG_YRESOLUTION, pages.spacing.size[1]));
    }
    entries.push_back(entry_of(TIFFTAG_PLANARCONFIG, TIFF_SHORT, {PLANARCONFIG_CONTIG}));
    if (pages.spacing.known())
        entries.push_back(entry_of(TIFFTAG_RESOLUTIONUNIT, TIFF_SHORT, {RESUNIT_NONE}));
    if (number == 0) entries.push_back(text_of(TIFFTAG_SOFTWARE, tiff_software));
    if (!pages.colour_map.empty())
        entries.push_back(entry_of(TIFFTAG_COLORMAP, TIFF_SHORT,
                                   {pages.colour_map.begin(), pages.colour_map.end()}));
    entries.push_back(entry_of(TIFFTAG_SAMPLEFORMAT, TIFF_SHORT,
                               std::vector<std::uint64_t>(samples, number_of(format))));
    return entries;
}

}  // namespace

void write_tiff(const std::filesystem::path& path, const TiffPages& pages,
                const std::function<void(std::int64_t, std::span<std::byte>)>& fill) {
    if (pages.pages < 1 || pages.height < 1 || pages.width < 1 || pages.height > 4294967295 ||
        pages.width > 4294967295)
        fail(ErrorCode::unsupported, "'{}': TIFF cannot hold {} page(s) of {}x{} pixels",
             path.string(), pages.pages, pages.height, pages.width);
    const std::int64_t page_bytes = pages.height * pages.width * pages.samples * (pages.bits / 8);
    // Directories and their texts are far smaller than the room left.
    constexpr std::int64_t classic_limit = 4'000'000'000;
    constexpr std::int64_t directory_room = 4096;
    const bool big = page_bytes * pages.pages > classic_limit - pages.pages * directory_room;
    const DirectoryWriter writer(big);
    const auto pixels_end =
        writer.header_bytes() + static_cast<std::uint64_t>(page_bytes * pages.pages);
    std::uint64_t position = pixels_end + pixels_end % 2;

    AtomicFile file(path);
    file.write(writer.header(position));
    std::vector<std::byte> page(static_cast<std::size_t>(page_bytes));
    for (std::int64_t number = 0; number < pages.pages; ++number) {
        fill(number, page);
        file.write(page);
    }
    if (pixels_end % 2 != 0) file.write(std::string_view("\0", 1));
    for (std::int64_t number = 0; number < pages.pages; ++number) {
        const auto offset = writer.header_bytes() + static_cast<std::uint64_t>(number * page_bytes);
        const auto bytes = writer.directory(
            entries_of(pages, number, offset, static_cast<std::uint64_t>(page_bytes), big),
            position, number + 1 == pages.pages);
        file.write(bytes);
        position += bytes.size();
    }
    file.commit();
}

}  // namespace unet
