#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace unet {

/// A file inside a zip archive.
struct ZipEntry {
    std::string name;
    std::vector<std::byte> bytes;
};

/// The files of a zip archive (stored or deflated; zip64), in the order of its directory. Throws
/// Error: io, corrupt_file (truncated, checksums that differ, sizes that contradict each other, or
/// that are absurd: an entry of more than `most_bytes_of_entry`, together more than
/// `most_bytes_of_zip`), unsupported (encrypted, other compression). Of entries that are not
/// `wanted`, by their names, only the name is read.
std::vector<ZipEntry> read_zip(const std::filesystem::path& path,
                               const std::function<bool(const std::string&)>& wanted = {});

inline constexpr std::size_t most_bytes_of_entry = std::size_t{1} << 26;
inline constexpr std::size_t most_bytes_of_zip = std::size_t{1} << 30;

/// The bytes of an archive, each file deflated. Without dates: equal files give equal bytes.
/// Throws Error(unsupported) for more than 65534 files or 4 GB.
std::vector<std::byte> zip_of(const std::vector<ZipEntry>& entries);

}  // namespace unet
