#include "unet/image/tiff/tiff_write.h"

#include <tiff.h>

#include <utility>

#include "unet/core/error.h"
#include "unet/image/format.h"
#include "unet/image/tiff/tiff_entries.h"

namespace unet {
namespace {

/// Of one page whose pixels stand at `offset`; `description` is null on all but the first.
std::vector<TiffEntry> entries_of(const TiffPages& pages, const std::string* description,
                                  std::uint64_t offset, std::uint64_t page_bytes, bool big) {
    const auto samples = static_cast<std::size_t>(pages.samples);
    const auto format = pages.kind == NumberKind::floating         ? SAMPLEFORMAT_IEEEFP
                        : pages.kind == NumberKind::signed_integer ? SAMPLEFORMAT_INT
                                                                   : SAMPLEFORMAT_UINT;
    const std::uint16_t place = TiffDirectoryWriter(big).offset_type();
    const auto number_of = [](auto value) { return static_cast<std::uint64_t>(value); };
    std::vector<TiffEntry> entries{
        tiff_numbers(TIFFTAG_IMAGEWIDTH, TIFF_LONG, {number_of(pages.width)}),
        tiff_numbers(TIFFTAG_IMAGELENGTH, TIFF_LONG, {number_of(pages.height)}),
        tiff_numbers(TIFFTAG_BITSPERSAMPLE, TIFF_SHORT,
                     std::vector<std::uint64_t>(samples, number_of(pages.bits))),
        tiff_numbers(TIFFTAG_COMPRESSION, TIFF_SHORT, {COMPRESSION_NONE}),
        tiff_numbers(TIFFTAG_PHOTOMETRIC, TIFF_SHORT,
                     {number_of(samples == 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK)})};
    if (description) entries.push_back(tiff_text(TIFFTAG_IMAGEDESCRIPTION, *description));
    entries.push_back(tiff_numbers(TIFFTAG_STRIPOFFSETS, place, {offset}));
    entries.push_back(tiff_numbers(TIFFTAG_SAMPLESPERPIXEL, TIFF_SHORT, {number_of(samples)}));
    entries.push_back(tiff_numbers(TIFFTAG_ROWSPERSTRIP, TIFF_LONG, {number_of(pages.height)}));
    entries.push_back(tiff_numbers(TIFFTAG_STRIPBYTECOUNTS, place, {page_bytes}));
    if (pages.spacing.known()) {
        entries.push_back(tiff_resolution(TIFFTAG_XRESOLUTION, pages.spacing.size[2]));
        entries.push_back(tiff_resolution(TIFFTAG_YRESOLUTION, pages.spacing.size[1]));
    }
    entries.push_back(tiff_numbers(TIFFTAG_PLANARCONFIG, TIFF_SHORT, {PLANARCONFIG_CONTIG}));
    if (pages.spacing.known())
        entries.push_back(tiff_numbers(TIFFTAG_RESOLUTIONUNIT, TIFF_SHORT, {RESUNIT_NONE}));
    if (description) entries.push_back(tiff_text(TIFFTAG_SOFTWARE, written_by));
    if (!pages.colour_map.empty())
        entries.push_back(tiff_numbers(TIFFTAG_COLORMAP, TIFF_SHORT,
                                       {pages.colour_map.begin(), pages.colour_map.end()}));
    entries.push_back(tiff_numbers(TIFFTAG_SAMPLEFORMAT, TIFF_SHORT,
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
    return static_cast<std::int64_t>(TiffDirectoryWriter(big_).header_bytes()) + page * page_bytes_;
}

void TiffWriter::write(std::int64_t page, std::int64_t y, std::int64_t x,
                       std::span<const std::byte> bytes) {
    const std::int64_t pixel_bytes = pages_.samples * (pages_.bits / 8);
    file_.write_at(offset_of(page) + (y * pages_.width + x) * pixel_bytes, bytes);
}

void TiffWriter::finish(const std::string& description) {
    const TiffDirectoryWriter writer(big_);
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
