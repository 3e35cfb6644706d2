#include "unet/image/tiff/ome_tiff_sink.h"

#include <libdeflate.h>
#include <tiff.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <utility>

#include "unet/core/error.h"
#include "unet/core/files/file_name.h"
#include "unet/image/sample_bytes.h"
#include "unet/image/tiff/ome_xml_write.h"
#include "unet/image/tiff/tiff_entries.h"
#include "unet/image/tiff/tiff_format.h"

namespace unet {
namespace {

std::filesystem::path tiles_name(const std::filesystem::path& path) {
    // The file never has this name, which thus has to fit: cut where a character ends.
    std::string name = path.filename().string();
    constexpr std::string_view ending = ".tiles";
    std::size_t kept = std::min(name.size(), most_name_bytes - ending.size());
    while (kept > 0 && kept < name.size() &&
           (static_cast<unsigned char>(name[kept]) & 0xC0) == 0x80)
        --kept;
    name.resize(kept);
    return path.parent_path() / name.append(ending);
}

const FileShape& checked(const std::filesystem::path& path, const FileShape& shape) {
    constexpr std::int64_t longest = 4294967295;
    if (shape.size.elements() < 1 || shape.size.height > longest || shape.size.width > longest)
        fail(ErrorCode::unsupported, "'{}': TIFF cannot hold {} pixels", path.string(),
             to_string(shape.size));
    return shape;
}

std::int64_t chunks_along(std::int64_t length, std::int64_t edge) {
    return (length + edge - 1) / edge;
}

}  // namespace

OmeTiffSink::OmeTiffSink(const std::filesystem::path& path, const FileShape& shape, int threads)
    : PyramidSink(ome_tiff_format, path, checked(path, shape), threads),
      planes_(shape.channels * shape.size.depth),
      tiles_(tiles_name(path)),
      places_(levels().size() * static_cast<std::size_t>(planes_)) {
    for (std::size_t level = 0; level < levels().size(); ++level)
        for (std::int64_t plane = 0; plane < planes_; ++plane)
            places_[index_of(static_cast<std::int64_t>(level), plane)].resize(
                chunks_along(levels()[level].height, shape.chunk) *
                chunks_along(levels()[level].width, shape.chunk));
}

std::size_t OmeTiffSink::index_of(std::int64_t level, std::int64_t plane) const {
    return static_cast<std::size_t>(level * planes_ + plane);
}

void OmeTiffSink::store(const Chunk& chunk) {
    // Higher levels take up to twice as long for 5 % less (8-bit probabilities).
    constexpr int compression_level = 1;
    const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
        libdeflate_alloc_compressor(compression_level), libdeflate_free_compressor);
    std::vector<std::byte> packed(
        libdeflate_zlib_compress_bound(compressor.get(), chunk.samples.size()));
    const std::size_t bytes =
        compressor == nullptr
            ? 0
            : libdeflate_zlib_compress(compressor.get(), chunk.samples.data(), chunk.samples.size(),
                                       packed.data(), packed.size());
    if (bytes == 0)
        fail(ErrorCode::memory, "cannot write '{}': a tile cannot be compressed", path().string());
    const std::int64_t across = chunks_along(levels()[chunk.level].width, shape().chunk);
    const std::lock_guard lock(end_of_tiles_);
    places_[index_of(chunk.level, chunk.plane)][chunk.row * across + chunk.column] = {
        tiles_end_, static_cast<std::int64_t>(bytes)};
    tiles_.write(std::span(packed).first(bytes));
    tiles_end_ += static_cast<std::int64_t>(bytes);
}

/// Puts all tiles into the file from `position` on, level by level, and notes where they stand
/// there. Returns where they end.
std::int64_t OmeTiffSink::copy_tiles(AtomicFile& file, std::int64_t position) {
    std::ifstream tiles(tiles_.temporary(), std::ios::binary);
    std::vector<std::byte> packed;
    for (auto& plane : places_)
        for (Place& place : plane) {
            if (place.bytes == 0)
                fail(ErrorCode::invalid_argument,
                     "cannot write '{}': not all of its pixels were given", path().string());
            packed.resize(place.bytes);
            tiles.seekg(place.offset);
            if (!tiles.read(reinterpret_cast<char*>(packed.data()), place.bytes))
                fail(ErrorCode::io, "cannot read '{}': {}", tiles_.temporary().string(),
                     std::strerror(errno));
            file.write_at(position, packed);
            place.offset = position;
            position += place.bytes + place.bytes % 2;
        }
    return position;
}

std::vector<std::byte> OmeTiffSink::directory(std::int64_t level, std::int64_t plane, bool big,
                                              const std::vector<std::uint64_t>& sub_directories,
                                              const std::string& description, std::int64_t position,
                                              bool last) const {
    const TiffDirectoryWriter writer(big);
    const Size3& size = levels()[level];
    const TypeLayout layout = layout_of(shape().type);
    const auto number_of = [](auto value) { return static_cast<std::uint64_t>(value); };
    std::vector<std::uint64_t> offsets, counts;
    for (const Place& place : places_[index_of(level, plane)]) {
        offsets.push_back(number_of(place.offset));
        counts.push_back(number_of(place.bytes));
    }
    std::vector<TiffEntry> entries{
        tiff_numbers(TIFFTAG_SUBFILETYPE, TIFF_LONG, {level > 0 ? FILETYPE_REDUCEDIMAGE : 0u}),
        tiff_numbers(TIFFTAG_IMAGEWIDTH, TIFF_LONG, {number_of(size.width)}),
        tiff_numbers(TIFFTAG_IMAGELENGTH, TIFF_LONG, {number_of(size.height)}),
        tiff_numbers(TIFFTAG_BITSPERSAMPLE, TIFF_SHORT, {number_of(layout.bits)}),
        tiff_numbers(TIFFTAG_COMPRESSION, TIFF_SHORT, {COMPRESSION_ADOBE_DEFLATE}),
        tiff_numbers(TIFFTAG_PHOTOMETRIC, TIFF_SHORT, {PHOTOMETRIC_MINISBLACK})};
    if (!description.empty()) entries.push_back(tiff_text(TIFFTAG_IMAGEDESCRIPTION, description));
    entries.push_back(tiff_numbers(TIFFTAG_SAMPLESPERPIXEL, TIFF_SHORT, {1}));
    if (level == 0 && shape().spacing.known()) {
        entries.push_back(tiff_resolution(TIFFTAG_XRESOLUTION, shape().spacing.size[2]));
        entries.push_back(tiff_resolution(TIFFTAG_YRESOLUTION, shape().spacing.size[1]));
    }
    entries.push_back(tiff_numbers(TIFFTAG_PLANARCONFIG, TIFF_SHORT, {PLANARCONFIG_CONTIG}));
    if (level == 0 && shape().spacing.known())
        entries.push_back(tiff_numbers(TIFFTAG_RESOLUTIONUNIT, TIFF_SHORT, {RESUNIT_NONE}));
    if (!description.empty()) entries.push_back(tiff_text(TIFFTAG_SOFTWARE, written_by));
    for (const auto tag : {TIFFTAG_TILEWIDTH, TIFFTAG_TILELENGTH})
        entries.push_back(
            tiff_numbers(static_cast<std::uint16_t>(tag), TIFF_LONG, {number_of(shape().chunk)}));
    entries.push_back(tiff_numbers(TIFFTAG_TILEOFFSETS, writer.offset_type(), offsets));
    entries.push_back(tiff_numbers(TIFFTAG_TILEBYTECOUNTS, writer.offset_type(), counts));
    if (!sub_directories.empty())
        entries.push_back(tiff_numbers(TIFFTAG_SUBIFD, writer.offset_type(), sub_directories));
    entries.push_back(
        tiff_numbers(TIFFTAG_SAMPLEFORMAT, TIFF_SHORT,
                     {number_of(layout.kind == NumberKind::floating         ? SAMPLEFORMAT_IEEEFP
                                : layout.kind == NumberKind::signed_integer ? SAMPLEFORMAT_INT
                                                                            : SAMPLEFORMAT_UINT)}));
    return writer.directory(entries, static_cast<std::uint64_t>(position), last);
}

void OmeTiffSink::finish() {
    const std::string description = ome_xml(shape());
    // What stands behind the tiles: 16 bytes of each tile's place, and a page's other entries.
    std::int64_t tiles = 0;
    for (const auto& plane : places_) tiles += std::ssize(plane);
    constexpr std::int64_t classic_limit = 4'000'000'000, page_room = 4096;
    const bool big =
        tiles_end_ + 17 * tiles + std::ssize(places_) * page_room + std::ssize(description) >
        classic_limit;
    AtomicFile file(path());
    std::int64_t position =
        copy_tiles(file, static_cast<std::int64_t>(TiffDirectoryWriter(big).header_bytes()));
    std::vector<std::vector<std::uint64_t>> smaller(planes_);
    const auto add = [&](std::int64_t level, std::int64_t plane, bool last) {
        const auto& own = smaller[plane];
        const auto bytes =
            directory(level, plane, big, level == 0 ? own : std::vector<std::uint64_t>(),
                      level == 0 && plane == 0 ? description : "", position, last);
        file.write_at(position, bytes);
        position += std::ssize(bytes);
    };
    for (std::int64_t plane = 0; plane < planes_; ++plane)
        for (std::int64_t level = 1; level < std::ssize(levels()); ++level) {
            smaller[plane].push_back(static_cast<std::uint64_t>(position));
            add(level, plane, true);
        }
    file.write_at(0, TiffDirectoryWriter(big).header(static_cast<std::uint64_t>(position)));
    for (std::int64_t plane = 0; plane < planes_; ++plane) add(0, plane, plane + 1 == planes_);
    file.commit();
}

}  // namespace unet
