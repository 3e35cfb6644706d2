#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "unet/core/system/files.h"

namespace unet {

/// Bytes that are needed while a program runs and are too many for memory: a file without a name,
/// which the system takes away however the program ends.
class ScratchFile {
public:
    /// Throws Error(io) if no file can be made in `folder`.
    explicit ScratchFile(std::filesystem::path folder);

    /// Makes the file `bytes` long and takes its place on the disk, so that no later write can meet
    /// a full one. Throws Error(io) with what is needed and what is free.
    void reserve(std::int64_t bytes);

    /// At `offset`, inside what is reserved; from any thread. Throw Error(io).
    void write(std::int64_t offset, std::span<const std::byte> bytes);
    void read(std::int64_t offset, std::span<std::byte> bytes) const;

private:
    std::filesystem::path folder_;
    system::File file_;
};

}  // namespace unet
