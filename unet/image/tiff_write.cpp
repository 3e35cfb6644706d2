#include "unet/image/tiff_write.h"

#include <tiff.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "unet/core/error.h"

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

/// Of one page whose pixels stand at `offset`; `description` is null on all but the first.
std::vector<Entry> entries_of(const TiffPages& pages, const std::string* description,
                              std::uint64_t offset, std::uint64_t page_bytes, bool big) {
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
    if (description) entries.push_back(text_of(TIFFTAG_IMAGEDESCRIPTION, *description));
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
    if (description) entries.push_back(text_of(TIFFTAG_SOFTWARE, tiff_software));
    if (!pages.colour_map.empty())
        entries.push_back(entry_of(TIFFTAG_COLORMAP, TIFF_SHORT,
                                   {pages.colour_map.begin(), pages.colour_map.end()}));
    entries.push_back(entry_of(TIFFTAG_SAMPLEFORMAT, TIFF_SHORT,
                               std::vector<std::uint64_t>(samples, number_of(format))));
    return entries;
}

/// Throws unless a TIFF can hold them; the bytes of one page.
std::int64_t checked_page_bytes(const std::filesystem::path& path, const TiffPages& pages) {
    if (pages.pages < 1 || pages.height < 1 || pages.width < 1 || pages.height > 4294967295 ||
        pages.width > 4294967295)
        fail(ErrorCode::unsupported, "'{}': TIFF cannot hold {} page(s) of {}x{} pixels",
             path.string(), pages.pages, pages.height, pages.width);
    return pages.height * pages.width * pages.samples * (pages.bits / 8);
}

/// Whether 32 bits are too few for the offsets.
bool needs_big(std::int64_t pages, std::int64_t page_bytes) {
    // Directories and their texts are far smaller than the room left.
    constexpr std::int64_t classic_limit = 4'000'000'000;
    constexpr std::int64_t directory_room = 4096;
    return page_bytes * pages > classic_limit - pages * directory_room;
}

}  // namespace

TiffWriter::TiffWriter(const std::filesystem::path& path, TiffPages pages)
    : pages_(std::move(pages)),
      page_bytes_(checked_page_bytes(path, pages_)),
      big_(needs_big(pages_.pages, page_bytes_)),
      file_(path) {}

std::int64_t TiffWriter::offset_of(std::int64_t page) const {
    return static_cast<std::int64_t>(DirectoryWriter(big_).header_bytes()) + page * page_bytes_;
}

void TiffWriter::write(std::int64_t page, std::int64_t y, std::int64_t x,
                       std::span<const std::byte> bytes) {
    const std::int64_t pixel_bytes = pages_.samples * (pages_.bits / 8);
    file_.write_at(offset_of(page) + (y * pages_.width + x) * pixel_bytes, bytes);
}

void TiffWriter::finish(const std::string& description) {
    const DirectoryWriter writer(big_);
    const std::int64_t pixels_end = offset_of(pages_.pages);
    std::int64_t position = pixels_end + pixels_end % 2;
    file_.write_at(0, writer.header(static_cast<std::uint64_t>(position)));
    for (std::int64_t number = 0; number < pages_.pages; ++number) {
        const auto bytes =
            writer.directory(entries_of(pages_, number == 0 ? &description : nullptr,
                                        static_cast<std::uint64_t>(offset_of(number)),
                                        static_cast<std::uint64_t>(page_bytes_), big_),
                             static_cast<std::uint64_t>(position), number + 1 == pages_.pages);
        file_.write_at(position, bytes);
        position += std::ssize(bytes);
    }
    file_.commit();
}

}  // namespace unet
