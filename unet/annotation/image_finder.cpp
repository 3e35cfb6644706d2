#include "unet/annotation/image_finder.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <system_error>

#include "unet/core/error.h"
#include "unet/core/files/file_name.h"
#include "unet/core/text/text.h"
#include "unet/core/text/unicode.h"
#include "unet/data/pairs.h"
#include "unet/image/image_path.h"
#include "unet/image/read.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

bool is_image(const fs::path& path) {
    std::error_code ignored;
    return !path.empty() && !is_of_system(path.filename().string()) &&
           ((fs::is_regular_file(path, ignored) && is_image_file(path)) || is_image_folder(path));
}

/// Its last part, whichever system wrote it.
std::string file_name_in(const std::string& path) {
    const std::size_t slash = path.find_last_of("/\\");
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

/// The name of an annotation file without what programs add to that of the image.
std::string image_name_of(std::string name) {
    for (const std::string_view ending : {"_RoiSet", "-RoiSet", " RoiSet", "_rois"})
        if (ends_in(name, ending)) name = name.substr(0, name.size() - ending.size());
    return name;
}

}  // namespace

ImageFinder::ImageFinder(const fs::path& images) : images_(image_path(images)) {
    std::error_code ignored;
    if (!images_.empty() && !fs::exists(images_, ignored))
        fail_setting("images", ErrorCode::io, "`images` {}: there is no such file or folder",
                     images_.string());
}

bool ImageFinder::is_one_image() const { return !images_.empty() && !is_folder_of_images(images_); }

const ImageFinder::Names& ImageFinder::names_in(const fs::path& folder) {
    const auto [place, fresh] = known_.try_emplace(folder);
    std::error_code ignored;
    if (fresh && fs::is_directory(folder, ignored)) {
        for (const auto& entry : fs::directory_iterator(folder))
            if (is_image(entry.path()))
                place->second[comparable_name(stem_of(entry.path()))].push_back(entry.path());
        for (auto& [stem, files] : place->second) std::sort(files.begin(), files.end());
    }
    return place->second;
}

std::vector<fs::path> ImageFinder::named(const fs::path& folder, const std::string& stem) {
    const Names& images = names_in(folder);
    const auto found = images.find(comparable_name(stem));
    if (found == images.end()) return {};
    std::vector<fs::path> same;  // before those that only look the same
    for (const fs::path& image : found->second)
        if (stem_of(image) == stem) same.push_back(image);
    return same.empty() ? found->second : same;
}

std::vector<fs::path> ImageFinder::folders_of(const fs::path& annotation) const {
    if (!images_.empty()) return {images_};
    const fs::path folder = annotation.has_parent_path() ? annotation.parent_path() : ".";
    return {folder, folder / "images"};
}

std::optional<fs::path> ImageFinder::found_in(const std::vector<fs::path>& folders,
                                              const std::vector<std::string>& names,
                                              const fs::path& annotation) {
    for (const fs::path& folder : folders)
        for (const std::string& name : names) {
            if (is_image(folder / name)) return folder / name;
            const bool has_folder = file_name_in(name) != name;
            if (has_folder && is_image(file_named(folder, name))) return file_named(folder, name);
            const std::string stem = is_image_file(name) ? stem_of(fs::path(name)) : name;
            std::vector<fs::path> found = named(folder, stem);
            if (found.size() > 1)
                fail(ErrorCode::invalid_argument,
                     "{}: found {} and {} for it, expected one image; move the other away",
                     annotation.string(), found[0].string(), found[1].string());
            if (!found.empty()) return found[0];
            if (is_image(file_named(folder, name))) return file_named(folder, name);
        }
    return {};
}

fs::path ImageFinder::find_in(const std::vector<fs::path>& folders,
                              const std::vector<std::string>& names, const fs::path& annotation) {
    if (auto found = found_in(folders, names, annotation)) return *found;
    std::vector<std::string> places;
    for (const fs::path& folder : folders) places.push_back(folder.string());
    fail_setting("images", ErrorCode::io,
                 "{}: found no image named {} in {}; say with `images` where the images are",
                 annotation.string(), names[0], fmt::join(places, " or "));
}

fs::path ImageFinder::find(const AnnotatedImage& annotated) {
    if (is_one_image()) return images_;
    const auto folders = folders_of(annotated.file);
    std::vector<std::string> names;
    if (!annotated.image.empty()) {
        const std::vector<std::string> said{annotated.image, file_name_in(annotated.image)};
        const auto found = found_in(folders, said, annotated.file);
        if (found) return *found;
        const auto renamed = found_in(folders, annotated.names, annotated.file);
        return renamed ? *renamed : find_in(folders, said, annotated.file);
    }
    for (const std::string& name : annotated.names) names.push_back(image_name_of(name));
    if (names.empty()) names.push_back(image_name_of(annotated.file.stem().string()));
    if (names[0] == "RoiSet")
        for (const fs::path& folder : folders) {
            const Names& images = names_in(folder);
            if (images.size() == 1 && images.begin()->second.size() == 1)
                return images.begin()->second[0];
        }
    return find_in(folders, names, annotated.file);
}

fs::path ImageFinder::find(const fs::path& mask, const std::string& stem) {
    if (is_one_image()) return images_;
    return find_in(folders_of(mask), {stem}, mask);
}

}  // namespace unet
