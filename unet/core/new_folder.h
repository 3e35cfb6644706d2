#pragma once

#include <filesystem>
#include <string_view>

namespace unet {

/// A folder that gets its name when it is complete: filled under a temporary name beside it and
/// renamed by commit(). Without commit() nothing is left behind.
class NewFolder {
public:
    /// `flag` begins the messages ("--fix"). Throws Error(invalid_argument) where something is
    /// there already (but for an empty folder) and Error(io) if the system refuses.
    NewFolder(std::filesystem::path target, std::string_view flag);
    ~NewFolder();
    NewFolder(const NewFolder&) = delete;
    NewFolder& operator=(const NewFolder&) = delete;

    /// Where to write.
    const std::filesystem::path& path() const noexcept { return temporary_; }
    /// Renames. Throws Error(io); nothing is left then.
    void commit();

private:
    std::filesystem::path target_, temporary_;
    bool done_ = false;
};

}  // namespace unet
