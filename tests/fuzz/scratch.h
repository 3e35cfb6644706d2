#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <span>
#include <string>

namespace unet::fuzz {

/// A folder in memory for the files of one process; gone when it ends.
class Scratch {
public:
    Scratch() {
        const std::filesystem::path memory = "/dev/shm";
        folder_ =
            (std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path()) /
            ("unet-fuzz-" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder_);
    }
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    const std::filesystem::path& folder() const { return folder_; }

    std::filesystem::path write(const std::filesystem::path& name,
                                std::span<const std::byte> bytes) const {
        std::filesystem::path path = folder_ / name;
        std::ofstream(path, std::ios::binary | std::ios::trunc)
            .write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
        return path;
    }

private:
    std::filesystem::path folder_;
};

inline const Scratch& scratch() {
    static const Scratch folder;
    return folder;
}

}  // namespace unet::fuzz
