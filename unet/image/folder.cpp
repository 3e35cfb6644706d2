#include "unet/image/folder.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <system_error>

#include "unet/core/error.h"
#include "unet/core/files/file_name.h"
#include "unet/core/text/text.h"
#include "unet/image/format.h"
#include "unet/image/image_path.h"
#include "unet/image/read.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

/// Images of kinds that are not read.
bool is_other_image(const fs::path& path) {
    static const std::set<std::string> endings = {".bmp", ".gif", ".webp", ".jp2"};
    return !conversion_of(path).empty() || endings.count(lower_case(path.extension().string())) > 0;
}

}  // namespace

FolderContent content_of(const fs::path& folder) {
    FolderContent content;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        const fs::path& path = it->path();
        std::error_code unknown;
        if (is_of_system(path.filename().string())) continue;
        // What only has the name of an image (a link to nowhere) is told when it is read.
        if (is_image_folder(path))
            content.images.push_back(path);
        else if (fs::is_directory(path, unknown))
            content.folders.push_back(path);
        else if (is_image_file(path))
            content.images.push_back(path);
        else if (is_other_image(path))
            content.other_images.push_back(path);
        else
            content.others.push_back(path);
    }
    if (error) fail(ErrorCode::io, "{}: {}", folder.string(), error.message());
    for (auto* files : {&content.images, &content.other_images, &content.others, &content.folders})
        std::sort(files->begin(), files->end());
    return content;
}

std::string first_names(const std::vector<fs::path>& files) {
    const std::size_t shown = std::min<std::size_t>(files.size(), 5);
    std::vector<std::string> first;
    for (std::size_t i = 0; i < shown; ++i) first.push_back(files[i].filename().string());
    return fmt::format("{}{}", fmt::join(first, ", "), files.size() > shown ? ", ..." : "");
}

std::string passed_over(const fs::path& folder, const std::vector<fs::path>& files,
                        const std::string& what) {
    if (files.empty()) return {};
    return fmt::format("{}: {} {} were passed over: {}", folder.string(), files.size(), what,
                       first_names(files));
}

std::vector<std::string> passed_over(const fs::path& folder, const FolderContent& content) {
    std::vector<std::string> told;
    for (const auto& [files, what] :
         {std::pair(&content.other_images, "image(s) of kinds that are not read"),
          std::pair(&content.others, "file(s) that are no images"),
          std::pair(&content.folders, "folder(s) inside")})
        if (!files->empty()) told.push_back(passed_over(folder, *files, what));
    return told;
}

}  // namespace unet
