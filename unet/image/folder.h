#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace unet {

/// What lies right inside a folder, by name; what systems put there (is_of_system) is not told.
struct FolderContent {
    std::vector<std::filesystem::path> images;        ///< that read_image reads: files, and folders
    std::vector<std::filesystem::path> other_images;  ///< of kinds that it refuses, with a reason
    std::vector<std::filesystem::path> others;        ///< other files
    std::vector<std::filesystem::path> folders;       ///< that are no image
};

/// Throws Error(io) for a folder that cannot be read.
FolderContent content_of(const std::filesystem::path& folder);

/// "a.txt, b.csv, ...": the names of the first few.
std::string first_names(const std::vector<std::filesystem::path>& files);

/// "FOLDER: 3 file(s) that are no images were passed over: a.txt, ...", and so of each kind of what
/// is not among `content.images`. Nothing in silence: whoever reads a folder tells these.
std::vector<std::string> passed_over(const std::filesystem::path& folder,
                                     const FolderContent& content);

/// One such sentence; empty for no file. `what` is "file(s) that are no images".
std::string passed_over(const std::filesystem::path& folder,
                        const std::vector<std::filesystem::path>& files, const std::string& what);

}  // namespace unet
