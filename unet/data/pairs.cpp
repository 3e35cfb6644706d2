#include "unet/data/pairs.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <system_error>

#include "unet/core/error.h"
#include "unet/core/text/text.h"
#include "unet/data/list.h"
#include "unet/image/format.h"
#include "unet/image/image_path.h"
#include "unet/image/read.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

/// Files that read_image reads, and images that it refuses with a reason: better than silence.
bool is_picture(const fs::path& path) {
    static const std::set<std::string> refused = {".bmp", ".gif", ".webp", ".jp2"};
    return is_image_file(path) || !conversion_of(path).empty() ||
           refused.count(lower_case(path.extension().string())) > 0;
}

bool is_there(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error);
}

/// Where faults are told instead of thrown; nullptr: thrown.
using Faults = std::vector<FileFault>*;

/// The images of a folder in the order of their names.
std::vector<fs::path> sorted_pictures(const fs::path& folder) {
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        const fs::path& path = it->path();
        if (path.filename().string().front() != '.' &&
            (is_image_folder(path) || (!is_folder_of_images(path) && is_picture(path))))
            found.push_back(path);
    }
    if (error) fail(ErrorCode::io, "{}: {}", folder.string(), error.message());
    std::sort(found.begin(), found.end());
    return found;
}

std::map<std::string, fs::path> pictures_in(const fs::path& folder, Faults faults) {
    std::map<std::string, fs::path> found;
    for (const fs::path& path : sorted_pictures(folder)) {
        const auto [entry, is_new] = found.emplace(stem_of(path), path);
        if (is_new) continue;
        const std::string what = fmt::format(
            "{}: found {} and {}, expected one file of each name; move one away", folder.string(),
            entry->second.filename().string(), path.filename().string());
        if (!faults) fail(ErrorCode::invalid_argument, "{}", what);
        faults->push_back({path, what});
    }
    if (found.empty())
        fail(ErrorCode::invalid_argument,
             "{}: found no image, expected .png, .tif, .jpg or .nii files", folder.string());
    return found;
}

std::string some_of(const std::vector<fs::path>& files) {
    const std::size_t shown = std::min<std::size_t>(files.size(), 5);
    std::vector<std::string> first;
    for (std::size_t i = 0; i < shown; ++i) first.push_back(files[i].filename().string());
    return fmt::format("{}{}", fmt::join(first, ", "), files.size() > shown ? ", ..." : "");
}

Pairing match(const fs::path& images, const fs::path& labels, Faults faults) {
    Pairing found{{}, images, labels, {}, {}};
    const auto image_files = pictures_in(images, faults), label_files = pictures_in(labels, faults);
    for (const auto& [stem, path] : image_files) {
        const auto label = label_files.find(stem);
        if (label == label_files.end())
            found.lone_images.push_back(path);
        else
            found.pairs.push_back({stem, path, label->second, stem, Part::any});
    }
    for (const auto& [stem, path] : label_files)
        if (image_files.count(stem) == 0) found.lone_labels.push_back(path);
    return found;
}

/// The pairs, where what is left over is allowed.
std::vector<Pair> accepted(Pairing found, bool labelled_only, const Notice& notice) {
    if (found.images.empty()) return std::move(found.pairs);
    if (!found.lone_labels.empty() && notice)
        notice(fmt::format("{}: {} label(s) without an image are left out: {}",
                           found.labels.string(), found.lone_labels.size(),
                           some_of(found.lone_labels)));
    const std::string missing =
        fmt::format("{} of {} images have no label: {}", found.lone_images.size(),
                    found.lone_images.size() + found.pairs.size(), some_of(found.lone_images));
    if (found.pairs.empty() || (!found.lone_images.empty() && !labelled_only))
        fail(ErrorCode::invalid_argument, "{}: {}; expected a file of the same name in {}{}",
             found.images.string(), missing, found.labels.string(),
             found.pairs.empty() ? "" : ", or `labelled_only` to leave them out");
    if (!found.lone_images.empty() && notice)
        notice(fmt::format("{}: {}", found.images.string(), missing));
    return std::move(found.pairs);
}

[[noreturn]] void no_split(const fs::path& where, const std::string& split) {
    fail_setting(
        "split", ErrorCode::invalid_argument,
        "{}: found no list.csv with the columns image, label and split in it, expected one for "
        "`split` {}",
        where.string(), split);
}

Pairing pairs_of_folder(const fs::path& folder, const Notice& notice, const std::string& split,
                        Faults faults) {
    const fs::path table = folder / "list.csv";
    if (is_there(table)) {
        if (auto pairs = pairs_of_list(table, split, faults))
            return {std::move(*pairs), {}, {}, {}, {}};
        if (notice) notice(fmt::format("{}: ignored, it has no column 'image'", table.string()));
    }
    if (!split.empty()) no_split(folder, split);
    const fs::path images = folder / "images";
    std::optional<fs::path> labels;
    for (const char* name : {"labels", "masks"})
        if (!labels && is_folder_of_images(folder / name)) labels = folder / name;
    if (!is_folder_of_images(images) || !labels)
        fail(ErrorCode::invalid_argument,
             "{}: found no folder {}, expected the folders images and labels (or masks) in it",
             folder.string(), is_folder_of_images(images) ? "labels" : "images");
    return match(images, *labels, faults);
}

Pairing pairing_of(const fs::path& typed_images, const fs::path& typed_labels, const Notice& notice,
                   const std::string& split, Faults faults) {
    const fs::path images = image_path(typed_images), labels = image_path(typed_labels);
    for (const fs::path& path : {images, labels})
        if (!path.empty() && !is_there(path))
            fail(ErrorCode::io, "{}: no such file or folder", path.string());
    if (labels.empty()) {
        if (!is_folder_of_images(images))
            fail(ErrorCode::invalid_argument,
                 "{}: found a file, expected a folder with images/ and labels/, or two files: "
                 "IMAGES LABELS",
                 images.string());
        return pairs_of_folder(images, notice, split, faults);
    }
    if (!split.empty()) no_split(images, split);
    if (is_folder_of_images(images) != is_folder_of_images(labels))
        fail(ErrorCode::invalid_argument,
             "{} and {}: found a folder and a file, expected two of a kind", images.string(),
             labels.string());
    if (is_folder_of_images(images)) return match(images, labels, faults);
    return {{{stem_of(images), images, labels, stem_of(images), Part::any}}, {}, {}, {}, {}};
}

}  // namespace

std::string stem_of(const fs::path& path) {
    const fs::path name = name_of_image(path);
    std::string stem = name.begin()->stem().string();
    for (const char* inner : {".ome", ".nii"})
        if (stem.size() > 4 && lower_case(stem.substr(stem.size() - 4)) == inner)
            stem.resize(stem.size() - 4);
    for (auto part = std::next(name.begin()); part != name.end(); ++part)
        stem.append("_").append(part->string());
    return stem;
}

std::vector<Pair> find_pairs(const fs::path& images, const fs::path& labels, bool labelled_only,
                             const Notice& notice, const std::string& split) {
    return accepted(pairing_of(images, labels, notice, split, nullptr), labelled_only, notice);
}

Pairing pair_up(const fs::path& images, const fs::path& labels, std::vector<FileFault>& faults,
                const Notice& notice) {
    return pairing_of(images, labels, notice, {}, &faults);
}

}  // namespace unet
