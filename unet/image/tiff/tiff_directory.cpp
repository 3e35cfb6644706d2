#include "unet/image/tiff/tiff_directory.h"

#include <algorithm>
#include <limits>

#include "unet/image/contents/exif.h"

namespace unet {
namespace {

struct Compression {
    std::uint16_t number;
    const char* name;
    std::int64_t expansion;
};

// Expansions: deflate codes 258 bytes in 2 bits; LZW strings grow by one byte a code until the
// table of 4096 is full; a PackBits pair repeats a byte 128 times; a zstd block of 4 bytes holds
// 128 KiB; LZMA codes 273 bytes in less than a bit, about 7000 in a byte; JPEG codes a block of 64
// samples in one bit at least, and a colour that is stored at half the resolution in four of them.
constexpr Compression compressions[] = {
    {COMPRESSION_NONE, "none", 1},           {COMPRESSION_LZW, "lzw", 2048},
    {COMPRESSION_DEFLATE, "deflate", 1032},  {COMPRESSION_ADOBE_DEFLATE, "deflate", 1032},
    {COMPRESSION_PACKBITS, "packbits", 128}, {COMPRESSION_ZSTD, "zstd", 32768},
    {COMPRESSION_LZMA, "lzma", 8192},        {COMPRESSION_JPEG, "jpeg", 2048},
};

const Compression* find_compression(std::uint16_t number) {
    for (const auto& entry : compressions)
        if (entry.number == number) return &entry;
    return nullptr;
}

std::uint64_t sum(std::uint64_t a, std::uint64_t b) {
    return a > std::numeric_limits<std::uint64_t>::max() - b
               ? std::numeric_limits<std::uint64_t>::max()
               : a + b;
}

/// Strips and tiles stand in any order; some writers leave out empty ones (offset and count 0).
/// Some count the missing rows of the last strip of a page that is not packed, so that of each no
/// more is asked for than its rows take.
std::uint64_t pixels_end(const TiffHandle& tiff, const TiffDirectory& page) {
    const bool tiled = page.tile_width > 0;
    std::uint64_t* offsets = nullptr;
    if (TIFFGetField(tiff.get(), tiled ? TIFFTAG_TILEOFFSETS : TIFFTAG_STRIPOFFSETS, &offsets) != 1)
        return 0;
    const std::uint32_t number =
        tiled ? TIFFNumberOfTiles(tiff.get()) : TIFFNumberOfStrips(tiff.get());
    const std::uint32_t strip_rows =
        std::min(tiff.tag<std::uint32_t>(TIFFTAG_ROWSPERSTRIP, page.height), page.height);
    const bool cuts = !tiled && page.compression == COMPRESSION_NONE && strip_rows > 0;
    const std::uint32_t strips = cuts ? (page.height - 1) / strip_rows + 1 : 1;  // of a plane
    const std::uint64_t last_bytes =
        cuts ? TIFFVStripSize64(tiff.get(), page.height - (strips - 1) * strip_rows) : 0;
    std::uint64_t end = 0;
    for (std::uint32_t i = 0; i < number; ++i) {
        std::uint64_t bytes = TIFFGetStrileByteCount(tiff.get(), i);
        if (cuts && i % strips == strips - 1) bytes = std::min(bytes, last_bytes);
        if (bytes > 0) end = std::max(end, sum(TIFFGetStrileOffset(tiff.get(), i), bytes));
    }
    return end;
}

/// What stands in the way of reading the page; empty if nothing does.
std::string obstacle(const TiffDirectory& page) {
    const bool floating = page.sample_format == SAMPLEFORMAT_IEEEFP;
    if (find_compression(page.compression) == nullptr)
        return fmt::format("its compression has number {}", page.compression);
    if (page.image_depth > 1) return "one page holds a volume";
    if (page.sample_format > SAMPLEFORMAT_IEEEFP) return "its samples are complex numbers";
    const bool readable = floating ? page.bits == 16 || page.bits == 32 || page.bits == 64
                                   : (page.bits >= 1 && page.bits <= 32) || page.bits == 64;
    if (!readable) return fmt::format("its samples have {} bits", page.bits);
    switch (page.photometric) {
        case PHOTOMETRIC_MINISBLACK:
        case PHOTOMETRIC_MINISWHITE:
            return {};
        case PHOTOMETRIC_RGB:
            return page.samples < 3 ? "it is called RGB but has fewer than three samples" : "";
        case PHOTOMETRIC_PALETTE:
            return page.samples != 1 || floating || page.bits > 16
                       ? "its colour table does not suit its samples"
                       : "";
        default:
            return fmt::format("its colours are of kind {}", page.photometric);
    }
}

}  // namespace

const char* compression_name(std::uint16_t compression) {
    const auto* found = find_compression(compression);
    return found != nullptr ? found->name : nullptr;
}

std::int64_t largest_expansion(std::uint16_t compression) {
    const auto* found = find_compression(compression);
    return found != nullptr ? found->expansion : 1;
}

TiffDirectory describe_directory(const TiffHandle& tiff) {
    TiffDirectory page;
    page.offset = TIFFCurrentDirOffset(tiff.get());
    page.width = tiff.tag<std::uint32_t>(TIFFTAG_IMAGEWIDTH, 0);
    page.height = tiff.tag<std::uint32_t>(TIFFTAG_IMAGELENGTH, 0);
    page.image_depth = tiff.tag<std::uint32_t>(TIFFTAG_IMAGEDEPTH, 1);
    page.bits = tiff.tag<std::uint16_t>(TIFFTAG_BITSPERSAMPLE, 1);
    page.samples = tiff.tag<std::uint16_t>(TIFFTAG_SAMPLESPERPIXEL, 1);
    page.sample_format = tiff.tag<std::uint16_t>(TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
    if (page.sample_format == SAMPLEFORMAT_VOID) page.sample_format = SAMPLEFORMAT_UINT;
    page.photometric = tiff.tag<std::uint16_t>(TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    page.planar = tiff.tag<std::uint16_t>(TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    page.compression = tiff.tag<std::uint16_t>(TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    if (page.photometric == PHOTOMETRIC_YCBCR && page.compression == COMPRESSION_JPEG &&
        page.planar == PLANARCONFIG_CONTIG) {
        page.ycbcr = true;
        page.photometric = PHOTOMETRIC_RGB;
    }
    if (TIFFIsTiled(tiff.get()) != 0) {
        page.tile_height = tiff.tag<std::uint32_t>(TIFFTAG_TILELENGTH, 0);
        page.tile_width = tiff.tag<std::uint32_t>(TIFFTAG_TILEWIDTH, 0);
    }
    const auto kind = tiff.tag<std::uint32_t>(TIFFTAG_SUBFILETYPE, 0);
    page.reduced = (kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) != 0;
    std::uint16_t extras = 0;
    const std::uint16_t* meanings = nullptr;
    if (TIFFGetField(tiff.get(), TIFFTAG_EXTRASAMPLES, &extras, &meanings) == 1 && extras > 0)
        page.transparency =
            extras < page.samples && meanings[extras - 1] != EXTRASAMPLE_UNSPECIFIED;
    page.orientation = known_orientation(tiff.tag<std::uint16_t>(TIFFTAG_ORIENTATION, 1));
    page.pixels_end = pixels_end(tiff, page);
    return page;
}

std::vector<TiffDirectory> read_directories(const TiffHandle& tiff) {
    std::vector<TiffDirectory> directories;
    for (std::int64_t number = 0;; ++number) {
        directories.push_back(describe_directory(tiff));
        directories.back().number = number;
        const TiffDirectory& page = directories.back();
        if (page.width == 0 || page.height == 0 || page.samples == 0)
            tiff.refuse(fmt::format("directory {} has no size", number));
        if (TIFFLastDirectory(tiff.get()) != 0) return directories;
        if (TIFFReadDirectory(tiff.get()) == 0)
            tiff.refuse(fmt::format("directory {} cannot be read", number + 1));
    }
}

void check_pages(const std::vector<TiffDirectory>& pages, const std::filesystem::path& path) {
    const TiffDirectory& first = pages.front();
    for (std::size_t number = 0; number < pages.size(); ++number) {
        const TiffDirectory& page = pages[number];
        if (const auto why = obstacle(page); !why.empty())
            fail(ErrorCode::unsupported,
                 "'{}' cannot be read: {} (page {}); save it as plain 8-bit, 16-bit or float TIFF "
                 "or PNG",
                 path.string(), why, number);
        if (page.orientation != first.orientation)
            fail(ErrorCode::unsupported,
                 "'{}': the orientation of page {} is {} (tag 274), that of page 0 is {}; the "
                 "slices of a stack must lie alike, save them one by one",
                 path.string(), number, page.orientation, first.orientation);
        if (!page.same_kind(first))
            fail(ErrorCode::unsupported,
                 "'{}': page {} is {}x{} with {} sample(s) of {} bits, page 0 is {}x{} with {} of "
                 "{}; the slices of a stack must be alike, save them as one stack or one by one",
                 path.string(), number, page.height, page.width, page.samples, page.bits,
                 first.height, first.width, first.samples, first.bits);
    }
}

void check_pixels_end(const std::vector<TiffDirectory>& pages, const std::filesystem::path& path,
                      std::int64_t file_bytes) {
    for (std::size_t number = 0; number < pages.size(); ++number)
        if (const auto end = pages[number].pixels_end; end > static_cast<std::uint64_t>(file_bytes))
            fail(ErrorCode::corrupt_file,
                 "'{}' has {} bytes, the pixels of its page {} end at byte {}: it is damaged or "
                 "incomplete, copy or save it again",
                 path.string(), file_bytes, number, end);
}

}  // namespace unet
