#include "unet/jobs/identity.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <utility>

#include "unet/core/error.h"
#include "unet/core/fingerprint.h"
#include "unet/core/system/files.h"

namespace unet {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Nanoseconds of the file system's own clock.
std::int64_t time_of(const fs::path& path) {
    std::error_code error;
    return fs::last_write_time(path, error).time_since_epoch().count();
}

/// Pictures of one size may be unpacked within one tick of a coarse clock: their pixels differ.
std::string sample_of(const fs::path& path, std::uintmax_t bytes) {
    constexpr std::uintmax_t places = 16;
    std::array<char, 4096> block;
    Fingerprint fingerprint;
    std::ifstream file(path, std::ios::binary);
    for (std::uintmax_t i = 0; i < places; ++i) {
        file.clear();  // the last place may have ended early
        file.seekg(static_cast<std::streamoff>(bytes / places * i));
        file.read(block.data(), block.size());
        fingerprint.add(std::string_view(block.data(), static_cast<std::size_t>(file.gcount())));
    }
    return fingerprint.text();
}

/// Sums, since folders list their files in any order.
Json identity_inside(const fs::path& folder) {
    std::uint64_t files = 0, bytes = 0, sum = 0;
    std::error_code error;
    for (auto entry = fs::recursive_directory_iterator(folder, error);
         entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        if (entry->is_directory(error)) continue;
        const std::uint64_t size = entry->file_size(error);
        Fingerprint fingerprint;
        fingerprint.add(entry->path().lexically_relative(folder).string());
        fingerprint.add(size);
        fingerprint.add(static_cast<std::uint64_t>(time_of(entry->path())));
        ++files;
        bytes += size;
        sum += fingerprint.value();
    }
    return {{"bytes", bytes}, {"files", files}, {"sum", fmt::format("{:016x}", sum)}};
}

}  // namespace

Json identity_of(const fs::path& path) {
    Json identity{{"name", (path.has_filename() ? path : path.parent_path()).filename().string()}};
    std::error_code error;  // what cannot be looked at is told by who reads it
    if (fs::is_directory(path, error)) {
        identity.update(identity_inside(path));
        return identity;
    }
    const auto bytes = fs::file_size(path, error);
    identity["bytes"] = bytes;
    identity["modified"] = time_of(path);
    identity["sample"] = error ? "" : sample_of(path, bytes);
    return identity;
}

WatchedFile::WatchedFile(fs::path path)
    : path_(std::move(path)), identity_(identity_of(path_)), node_(system::node_of(path_)) {}

bool WatchedFile::changed() const {
    return system::node_of(path_) != node_ || identity_of(path_) != identity_;
}

void WatchedFile::check() const {
    if (changed())
        fail(ErrorCode::io,
             "{}: changed while it was read, so no result was written; predict it again when it is "
             "complete",
             path_.string());
}

}  // namespace unet
