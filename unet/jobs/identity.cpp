#include "unet/jobs/identity.h"

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "unet/core/error.h"
#include "unet/core/fingerprint.h"
#include "unet/core/system/files.h"
#include "unet/core/text/unicode.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

/// Nanoseconds of the file system's own clock.
std::int64_t time_of(const fs::path& path) {
    std::error_code error;
    return fs::last_write_time(path, error).time_since_epoch().count();
}

/// Images of one size may be unpacked within one tick of a coarse clock: their pixels differ.
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
void look_inside(const fs::path& folder, Identity& identity) {
    std::uint64_t sum = 0;
    std::error_code error;
    for (auto entry = fs::recursive_directory_iterator(folder, error);
         entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        if (entry->is_directory(error)) continue;
        const std::uint64_t size = entry->file_size(error);
        Fingerprint fingerprint;
        fingerprint.add(entry->path().lexically_relative(folder).string());
        fingerprint.add(size);
        fingerprint.add(static_cast<std::uint64_t>(time_of(entry->path())));
        ++identity.files;
        identity.bytes += size;
        sum += fingerprint.value();
    }
    identity.fingerprint = fmt::format("{:016x}", sum);
}

}  // namespace

Identity identity_of(const fs::path& path) {
    Identity identity{(path.has_filename() ? path : path.parent_path()).filename().string()};
    std::error_code error;  // what cannot be looked at is told by who reads it
    identity.folder = fs::is_directory(path, error);
    if (identity.folder) {
        look_inside(path, identity);
        return identity;
    }
    identity.bytes = fs::file_size(path, error);
    identity.modified = time_of(path);
    if (!error) identity.fingerprint = sample_of(path, identity.bytes);
    return identity;
}

nlohmann::ordered_json to_json(const Identity& identity) {
    if (identity.folder)
        return {{"name", as_utf8(identity.name)},
                {"bytes", identity.bytes},
                {"files", identity.files},
                {"sum", identity.fingerprint}};
    return {{"name", as_utf8(identity.name)},
            {"bytes", identity.bytes},
            {"modified", identity.modified},
            {"sample", identity.fingerprint}};
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
