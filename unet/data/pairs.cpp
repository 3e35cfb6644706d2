#include "unet/data/pairs.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <set>
#include <system_error>

#include "unet/core/error.h"
#include "unet/data/list.h"
#include "unet/image/read.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// Files that read_image reads, and pictures that it refuses with a reason: better than silence.
bool is_picture(const fs::path& path) {
    static const std::set<std::string> refused = {".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".jp2"};
    return is_image_file(path) || refused.count(lower(path.extension().string())) > 0;
}

bool is_folder(const fs::path& path) {
    std::error_code error;
    return fs::is_directory(path, error);
}

bool is_there(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error);
}

std::map<std::string, fs::path> pictures_in(const fs::path& folder) {
    std::map<std::string, fs::path> found;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        const fs::path& path = it->path();
        if (path.filename().string().front() == '.' || is_folder(path) || !is_picture(path))
            continue;
        const auto [entry, is_new] = found.emplace(stem_of(path), path);
        if (!is_new)
            fail(ErrorCode::invalid_argument,
                 "{}: found {} and {}, expected one file of each name; move one away",
                 folder.string(), entry->second.filename().string(), path.filename().string());
    }
    if (error) fail(ErrorCode::io, "{}: {}", folder.string(), error.message());
    if (found.empty())
        fail(ErrorCode::invalid_argument, "{}: found no image, expected .png or .tif files",
             folder.string());
    return found;
}

std::string some_of(const std::vector<std::string>& names) {
    const std::size_t shown = std::min<std::size_t>(names.size(), 5);
    const std::vector<std::string> first(names.begin(),
                                         names.begin() + static_cast<std::ptrdiff_t>(shown));
    return fmt::format("{}{}", fmt::join(first, ", "), names.size() > shown ? ", ..." : "");
}

std::vector<Pair> match(const fs::path& images, const fs::path& labels, bool labelled_only,
                        const Notice& notice) {
    const auto image_files = pictures_in(images), label_files = pictures_in(labels);
    std::vector<Pair> pairs;
    std::vector<std::string> without_label, without_image;
    for (const auto& [stem, path] : image_files) {
        const auto label = label_files.find(stem);
        if (label == label_files.end())
            without_label.push_back(path.filename().string());
        else
            pairs.push_back({stem, path, label->second, stem, Part::any});
    }
    for (const auto& [stem, path] : label_files)
        if (image_files.count(stem) == 0) without_image.push_back(path.filename().string());
    if (!without_image.empty() && notice)
        notice(fmt::format("{}: {} label(s) without an image are left out: {}", labels.string(),
                           without_image.size(), some_of(without_image)));
    const std::string missing =
        fmt::format("{} of {} images have no label: {}", without_label.size(), image_files.size(),
                    some_of(without_label));
    if (pairs.empty() || (!without_label.empty() && !labelled_only))
        fail(ErrorCode::invalid_argument, "{}: {}; expected a file of the same name in {}{}",
             images.string(), missing, labels.string(),
             pairs.empty() ? "" : ", or --labelled-only to leave them out");
    if (!without_label.empty() && notice) notice(fmt::format("{}: {}", images.string(), missing));
    return pairs;
}

[[noreturn]] void no_split(const fs::path& where, const std::string& split) {
    fail(ErrorCode::invalid_argument,
         "{}: found no list.csv with the columns image, label and split in it, expected one for "
         "--split {}",
         where.string(), split);
}

std::vector<Pair> pairs_of_folder(const fs::path& folder, bool labelled_only, const Notice& notice,
                                  const std::string& split) {
    const fs::path table = folder / "list.csv";
    if (is_there(table)) {
        if (auto pairs = pairs_of_list(table, split)) return *pairs;
        if (notice) notice(fmt::format("{}: ignored, it has no column 'image'", table.string()));
    }
    if (!split.empty()) no_split(folder, split);
    const fs::path images = folder / "images";
    std::optional<fs::path> labels;
    for (const char* name : {"labels", "masks"})
        if (!labels && is_folder(folder / name)) labels = folder / name;
    if (!is_folder(images) || !labels)
        fail(ErrorCode::invalid_argument,
             "{}: found no folder {}, expected the folders images and labels (or masks) in it",
             folder.string(), is_folder(images) ? "labels" : "images");
    return match(images, *labels, labelled_only, notice);
}

}  // namespace

std::string stem_of(const fs::path& path) {
    std::string stem = path.stem().string();
    if (stem.size() > 4 && lower(stem.substr(stem.size() - 4)) == ".ome")
        stem.resize(stem.size() - 4);
    return stem;
}

std::vector<Pair> find_pairs(const fs::path& images, const fs::path& labels, bool labelled_only,
                             const Notice& notice, const std::string& split) {
    for (const fs::path& path : {images, labels})
        if (!path.empty() && !is_there(path))
            fail(ErrorCode::io, "{}: no such file or folder", path.string());
    if (labels.empty()) {
        if (!is_folder(images))
            fail(ErrorCode::invalid_argument,
                 "{}: found a file, expected a folder with images/ and labels/, or two files: "
                 "IMAGES LABELS",
                 images.string());
        return pairs_of_folder(images, labelled_only, notice, split);
    }
    if (!split.empty()) no_split(images, split);
    if (is_folder(images) != is_folder(labels))
        fail(ErrorCode::invalid_argument,
             "{} and {}: found a folder and a file, expected two of a kind", images.string(),
             labels.string());
    if (is_folder(images)) return match(images, labels, labelled_only, notice);
    return {{stem_of(images), images, labels, stem_of(images), Part::any}};
}

}  // namespace unet
