#include "unet/data/pairs.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <system_error>

#include "unet/core/error.h"
#include "unet/core/files/file_name.h"
#include "unet/core/text/text.h"
#include "unet/core/text/unicode.h"
#include "unet/data/list.h"
#include "unet/image/folder.h"
#include "unet/image/format.h"
#include "unet/image/image_path.h"
#include "unet/image/read.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

/// Where faults are told instead of thrown; nullptr: thrown.
using Faults = std::vector<FileFault>*;

/// The images of a folder in the order of their names, those too that are refused with a reason
/// when they are read: better than silence.
std::vector<fs::path> images_in(const fs::path& folder, const Notice& notice) {
    FolderContent content = content_of(folder);
    std::vector<fs::path> found;
    std::merge(content.images.begin(), content.images.end(), content.other_images.begin(),
               content.other_images.end(), std::back_inserter(found));
    content.other_images.clear();
    if (notice)
        for (const std::string& told : passed_over(folder, content)) notice(told);
    return found;
}

/// By name.
std::map<std::string, fs::path> named_images_in(const fs::path& folder, Faults faults,
                                                const Notice& notice) {
    std::map<std::string, fs::path> found;
    for (const fs::path& path : images_in(folder, notice)) {
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

/// What is left over of both, by names that look the same though their bytes differ; each must be
/// the only one of its look.
std::vector<std::pair<fs::path, fs::path>> alike(const std::vector<fs::path>& images,
                                                 const std::vector<fs::path>& labels) {
    std::map<std::string, std::pair<std::vector<fs::path>, std::vector<fs::path>>> by_look;
    for (const fs::path& image : images)
        by_look[comparable_name(stem_of(image))].first.push_back(image);
    for (const fs::path& label : labels)
        by_look[comparable_name(stem_of(label))].second.push_back(label);
    std::vector<std::pair<fs::path, fs::path>> found;
    for (const auto& [look, files] : by_look)
        if (files.first.size() == 1 && files.second.size() == 1)
            found.emplace_back(files.first[0], files.second[0]);
    return found;
}

Pairing match(const fs::path& images, const fs::path& labels, Faults faults, const Notice& notice) {
    Pairing found{{}, images, labels, {}, {}};
    const auto image_files = named_images_in(images, faults, notice),
               label_files = named_images_in(labels, faults, notice);
    const auto add = [&](const fs::path& image, const fs::path& label) {
        const std::string name = stem_of(image);
        found.pairs.push_back({name, image, label, name, Part::any});
    };
    for (const auto& [stem, path] : image_files) {
        const auto label = label_files.find(stem);
        if (label == label_files.end())
            found.lone_images.push_back(path);
        else
            add(path, label->second);
    }
    for (const auto& [stem, path] : label_files)
        if (image_files.count(stem) == 0) found.lone_labels.push_back(path);
    for (const auto& [image, label] : alike(found.lone_images, found.lone_labels)) {
        add(image, label);
        std::erase(found.lone_images, image);
        std::erase(found.lone_labels, label);
    }
    std::sort(found.pairs.begin(), found.pairs.end(),
              [](const Pair& a, const Pair& b) { return a.name < b.name; });
    return found;
}

/// The pairs, where what is left over is allowed.
std::vector<Pair> accepted(Pairing found, bool labelled_only, const Notice& notice) {
    if (found.images.empty()) return std::move(found.pairs);
    if (!found.lone_labels.empty() && notice)
        notice(fmt::format("{}: {} label(s) without an image are left out: {}",
                           found.labels.string(), found.lone_labels.size(),
                           first_names(found.lone_labels)));
    const std::string missing =
        fmt::format("{} of {} images have no label: {}", found.lone_images.size(),
                    found.lone_images.size() + found.pairs.size(), first_names(found.lone_images));
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
    return match(images, *labels, faults, notice);
}

/// A path as JSON or TOML has it, or with other bytes for the same letters.
fs::path found(const fs::path& typed) {
    const fs::path path = image_path(typed);
    const fs::path named = path.empty() || is_there(path) ? path : file_named({}, path.string());
    return named.empty() ? path : named;
}

Pairing pairing_of(const fs::path& said_images, const fs::path& said_labels, const Notice& notice,
                   const std::string& split, Faults faults) {
    const fs::path images = found(said_images), labels = found(said_labels);
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
    if (is_folder_of_images(images)) return match(images, labels, faults, notice);
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

std::vector<std::string> names_of(const std::vector<fs::path>& files) {
    std::vector<std::string> names;
    std::vector<fs::path> parents;
    for (const fs::path& file : files) {
        names.push_back(stem_of(file));
        parents.push_back(file.parent_path());
    }
    for (bool again = true; again;) {
        again = false;
        std::map<std::string, int> count;
        for (const std::string& name : names) ++count[name];
        for (std::size_t i = 0; i < names.size(); ++i) {
            const std::string folder = parents[i].filename().string();
            if (count[names[i]] == 1 || folder.empty() || folder[0] == '.') continue;
            names[i] = folder + "_" + names[i];
            parents[i] = parents[i].parent_path();
            again = true;
        }
    }
    return names;
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
