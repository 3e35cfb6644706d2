#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

namespace unet {

/// What tells a file from another one of its stem, and from itself before a change: its name,
/// bytes, time of change and a fingerprint of 16 places in it; of an OME-Zarr, a fingerprint of the
/// names, bytes and times of all files inside. The same on all machines that see it.
nlohmann::ordered_json identity_of(const std::filesystem::path& path);

/// A file that is read for a while and has to stay as it is.
class WatchedFile {
public:
    /// To be made before the file is opened.
    explicit WatchedFile(std::filesystem::path path);

    const nlohmann::ordered_json& identity() const noexcept { return identity_; }
    bool changed() const;
    /// Throws Error(io) if it changed.
    void check() const;

private:
    std::filesystem::path path_;
    nlohmann::ordered_json identity_;
    std::uint64_t node_;  ///< of the file system: another file may have taken the name
};

}  // namespace unet
