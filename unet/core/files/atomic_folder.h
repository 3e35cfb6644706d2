#pragma once

#include <filesystem>
#include <string>

namespace unet {

/// A folder that appears under its name only when it is complete: filled beside it under a
/// temporary name and renamed by commit(), which takes the place of a folder of that name. Without
/// commit() nothing is left behind.
class AtomicFolder {
public:
    /// Throws Error(io) if the temporary folder cannot be created.
    explicit AtomicFolder(std::filesystem::path target);
    ~AtomicFolder();
    AtomicFolder(const AtomicFolder&) = delete;
    AtomicFolder& operator=(const AtomicFolder&) = delete;

    /// The name that it will have.
    const std::filesystem::path& target() const noexcept { return target_; }
    /// Where to write.
    const std::filesystem::path& temporary() const noexcept { return temporary_; }
    /// Throws Error(io); the target is then as it was.
    void commit();

private:
    std::filesystem::path target_, temporary_;
};

/// The same where nothing may be replaced: throws Error(invalid_argument) of `setting`, which names
/// the folder, where something is there already, but for an empty folder.
AtomicFolder new_folder(const std::filesystem::path& target, const std::string& setting);

}  // namespace unet
