#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace unet {

/// What tells a file from another one of its stem, and from itself before a change. The same on all
/// machines that see it.
struct Identity {
    std::string name;
    std::uint64_t bytes = 0;    ///< of an OME-Zarr, of all files inside
    std::int64_t modified = 0;  ///< of a file: nanoseconds of the file system's own clock
    std::uint64_t files = 0;    ///< inside an OME-Zarr
    bool folder = false;        ///< an OME-Zarr
    std::string fingerprint{};  ///< of a file, of 16 places in it; else of the names, bytes and
                                ///< times of all files inside
    bool operator==(const Identity&) const = default;
};

Identity identity_of(const std::filesystem::path& path);
nlohmann::ordered_json to_json(const Identity& identity);

/// A file that is read for a while and has to stay as it is.
class WatchedFile {
public:
    /// To be made before the file is opened.
    explicit WatchedFile(std::filesystem::path path);

    const Identity& identity() const noexcept { return identity_; }
    bool changed() const;
    /// Throws Error(io) if it changed.
    void check() const;

private:
    std::filesystem::path path_;
    Identity identity_;
    std::uint64_t node_;  ///< of the file system: another file may have taken the name
};

}  // namespace unet
