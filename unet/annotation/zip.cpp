#include "unet/annotation/zip.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>
#include <span>

#include "unet/core/bytes.h"
#include "unet/core/error.h"
#include "unet/core/files/file.h"

namespace unet {
namespace {

constexpr std::uint32_t end_mark = 0x06054b50, far_end_mark = 0x06064b50, locator_mark = 0x07064b50,
                        entry_mark = 0x02014b50, file_mark = 0x04034b50;
constexpr std::size_t end_bytes = 22, locator_bytes = 20, entry_bytes = 46, file_bytes = 30;

/// Little-endian numbers of an archive; reading beyond its end is an error.
class Archive {
public:
    Archive(const std::filesystem::path& path, std::vector<std::byte> bytes)
        : path_(path.string()), bytes_(std::move(bytes)) {}

    std::uint64_t number(std::size_t at, std::size_t width) const {
        return whole_number(piece(at, width));
    }
    std::uint32_t word(std::size_t at) const { return static_cast<std::uint32_t>(number(at, 4)); }
    std::uint32_t half(std::size_t at) const { return static_cast<std::uint32_t>(number(at, 2)); }
    std::span<const std::byte> piece(std::size_t at, std::size_t count) const {
        if (at > bytes_.size() || count > bytes_.size() - at) damaged("it ends too early");
        return std::span(bytes_).subspan(at, count);
    }
    std::string text(std::size_t at, std::size_t count) const {
        const auto part = piece(at, count);
        return {reinterpret_cast<const char*>(part.data()), part.size()};
    }
    std::size_t size() const { return bytes_.size(); }
    const std::string& path() const { return path_; }
    [[noreturn]] void damaged(std::string_view what) const {
        fail(ErrorCode::corrupt_file,
             "{}: the zip archive is damaged: {}; expected a whole archive, save or copy it again",
             path_, what);
    }

private:
    std::string path_;
    std::vector<std::byte> bytes_;
};

struct Directory {
    std::uint64_t entries, at;
};

Directory directory_of(const Archive& archive) {
    // A comment of up to 65535 bytes may follow the record at the end.
    const std::size_t size = archive.size();
    if (size < end_bytes) archive.damaged("it ends too early");
    std::size_t at = size - end_bytes;
    const std::size_t least = at - std::min<std::size_t>(at, 65535);
    while (archive.word(at) != end_mark)
        if (at-- == least) archive.damaged("its directory is missing");
    Directory directory{archive.half(at + 10), archive.word(at + 16)};
    const bool is_far = directory.entries == 0xffff || directory.at == 0xffffffff;
    if (is_far && at >= locator_bytes && archive.word(at - locator_bytes) == locator_mark) {
        const auto far = static_cast<std::size_t>(archive.number(at - locator_bytes + 8, 8));
        if (archive.word(far) != far_end_mark) archive.damaged("its directory is missing");
        directory = {archive.number(far + 32, 8), archive.number(far + 48, 8)};
    }
    if (directory.entries > size / entry_bytes) archive.damaged("it cannot hold so many files");
    return directory;
}

/// Empty where `packed` does not hold exactly so many bytes.
std::vector<std::byte> inflated(std::span<const std::byte> packed, std::size_t bytes) {
    const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>
        unpacker(libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
    if (!unpacker) throw std::bad_alloc();
    std::vector<std::byte> result(bytes);
    if (libdeflate_deflate_decompress(unpacker.get(), packed.data(), packed.size(), result.data(),
                                      bytes, nullptr) != LIBDEFLATE_SUCCESS)
        result.clear();
    return result;
}

std::uint32_t checksum(std::span<const std::byte> bytes) {
    return libdeflate_crc32(0, bytes.data(), bytes.size());
}

/// The file whose record in the directory is at `at`.
ZipEntry entry_at(const Archive& archive, std::size_t at, std::size_t& total) {
    const std::uint32_t flags = archive.half(at + 8), method = archive.half(at + 10);
    const std::size_t packed = archive.word(at + 20), bytes = archive.word(at + 24);
    ZipEntry entry{archive.text(at + entry_bytes, archive.half(at + 28)), {}};
    if ((flags & 1) != 0)
        fail(ErrorCode::unsupported, "{}: {} is encrypted, expected a plain archive",
             archive.path(), entry.name);
    if (method != 0 && method != 8)
        fail(ErrorCode::unsupported,
             "{}: {} is compressed by method {}, expected stored or deflated; zip it again",
             archive.path(), entry.name, method);
    total += bytes;
    if (bytes > most_bytes_of_entry || total > most_bytes_of_zip)
        fail(ErrorCode::corrupt_file,
             "{}: {} would unpack to {} bytes, more than is accepted ({} for a file, {} for all)",
             archive.path(), entry.name, bytes, most_bytes_of_entry, most_bytes_of_zip);
    const std::size_t file = archive.word(at + 42);
    if (archive.word(file) != file_mark) archive.damaged(entry.name + " is missing");
    const std::size_t begin = file + file_bytes + archive.half(file + 26) + archive.half(file + 28);
    const auto part = archive.piece(begin, packed);
    if (method == 0)
        entry.bytes.assign(part.begin(), part.end());
    else
        entry.bytes = inflated(part, bytes);
    if (entry.bytes.size() != bytes || checksum(entry.bytes) != archive.word(at + 16))
        archive.damaged(entry.name + " does not unpack to what was packed");
    return entry;
}

/// Appends little-endian numbers.
class Bytes {
public:
    void number(std::uint64_t value, std::size_t width) {
        std::byte raw[8];
        put_whole_number(value, std::span(raw).first(width));
        append(std::span(raw).first(width));
    }
    void append(std::span<const std::byte> more) {
        bytes.insert(bytes.end(), more.begin(), more.end());
    }
    std::vector<std::byte> bytes;
};

/// By zlib, whose bytes the archives of this program have always had.
std::vector<std::byte> deflated(std::span<const std::byte> bytes) {
    z_stream stream{};
    if (deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        fail(ErrorCode::memory, "zip: no memory to compress {} bytes", bytes.size());
    std::vector<std::byte> packed(deflateBound(&stream, bytes.size()));
    stream.next_in =
        const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));  // NOLINT: only read
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

}  // namespace

std::vector<ZipEntry> read_zip(const std::filesystem::path& path,
                               const std::function<bool(const std::string&)>& wanted) {
    const Archive archive(path, read_file(path, most_bytes_of_zip));
    const Directory directory = directory_of(archive);
    std::vector<ZipEntry> entries;
    std::size_t at = static_cast<std::size_t>(directory.at), total = 0;
    for (std::uint64_t i = 0; i < directory.entries; ++i) {
        if (archive.word(at) != entry_mark) archive.damaged("its directory ends too early");
        std::string name = archive.text(at + entry_bytes, archive.half(at + 28));
        if (wanted && !wanted(name))
            entries.push_back({std::move(name), {}});
        else
            entries.push_back(entry_at(archive, at, total));
        at += entry_bytes + archive.half(at + 28) + archive.half(at + 30) + archive.half(at + 32);
    }
    return entries;
}

std::vector<std::byte> zip_of(const std::vector<ZipEntry>& entries) {
    constexpr std::uint32_t version = 20, deflate_method = 8, no_time = 0, first_day = 0x21;
    constexpr std::uint32_t names_are_utf8 = 1u << 11;
    Bytes files, directory;
    for (const ZipEntry& entry : entries) {
        const auto packed = deflated(entry.bytes);
        Bytes head;  // what both records have
        head.number(version, 2);
        head.number(names_are_utf8, 2);
        head.number(deflate_method, 2);
        head.number(no_time, 2);
        head.number(first_day, 2);
        head.number(checksum(entry.bytes), 4);
        head.number(packed.size(), 4);
        head.number(entry.bytes.size(), 4);
        head.number(entry.name.size(), 2);
        head.number(0, 2);
        directory.number(entry_mark, 4);
        directory.number(version, 2);
        directory.append(head.bytes);
        directory.number(0, 6);  // comment, disk, attributes
        directory.number(0, 4);
        directory.number(files.bytes.size(), 4);
        directory.append(std::as_bytes(std::span(entry.name)));
        files.number(file_mark, 4);
        files.append(head.bytes);
        files.append(std::as_bytes(std::span(entry.name)));
        files.append(packed);
    }
    if (entries.size() >= 0xffff || files.bytes.size() >= 0xffffffff)
        fail(ErrorCode::unsupported,
             "a zip archive of {} files, {} bytes: expected fewer than 65535 and 4 GB; write "
             "GeoJSON instead",
             entries.size(), files.bytes.size());
    Bytes result = std::move(files);
    const std::size_t begin = result.bytes.size();
    result.append(directory.bytes);
    result.number(end_mark, 4);
    result.number(0, 4);
    result.number(entries.size(), 2);
    result.number(entries.size(), 2);
    result.number(directory.bytes.size(), 4);
    result.number(begin, 4);
    result.number(0, 2);
    return std::move(result.bytes);
}

}  // namespace unet
