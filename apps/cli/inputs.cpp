#include "inputs.h"

#include <algorithm>
#include <map>

#include "unet/unet.h"

namespace unet::cli {
namespace {

namespace fs = std::filesystem;

/// "._a.tif": what macOS writes beside a.tif on foreign disks is no image.
bool is_hidden(const fs::path& path) { return path.filename().string().front() == '.'; }

std::vector<fs::path> images_inside(const fs::path& folder) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder))
        if (((entry.is_regular_file() && is_image_file(entry.path())) ||
             is_image_folder(entry.path())) &&
            !is_hidden(entry.path()))
            found.push_back(entry.path());
    if (found.empty()) {
        for (const auto& entry : fs::directory_iterator(folder))
            if (!conversion_of(entry.path()).empty())
                fail(ErrorCode::unsupported, "{}", why_unknown(entry.path()));
        std::string inside;
        for (const char* name : {"images", "labels", "masks"})
            if (fs::is_directory(folder / name))
                inside += (inside.empty() ? "" : " or ") + (folder / name).string();
        fail(ErrorCode::invalid_argument,
             "{}: found no image in this folder, expected .png, .jpg, .tif or .nii files{}",
             folder.string(), inside.empty() ? "" : fmt::format("; did you mean {}?", inside));
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

std::vector<Input> collect_inputs(const std::vector<std::string>& words) {
    std::vector<Input> inputs;
    for (const std::string& word : words) {
        const fs::path path = word;
        if (!fs::exists(path)) fail(ErrorCode::io, "{}: there is no such file or folder", word);
        const bool many = fs::is_directory(path) && !is_image_folder(path);
        if (!many && !is_image_folder(path) && !is_image_file(path)) {
            if (!conversion_of(path).empty()) fail(ErrorCode::unsupported, "{}", why_unknown(path));
            fail(ErrorCode::invalid_argument,
                 "{}: found another kind of file, expected .png, .jpg, .tif or .nii", word);
        }
        const auto files = many ? images_inside(path) : std::vector<fs::path>{path};
        for (const fs::path& file : files) inputs.push_back({file, stem_of(file)});
    }
    std::map<std::string, fs::path> seen;
    for (const Input& input : inputs) {
        const auto [other, fresh] = seen.emplace(input.stem, input.path);
        if (!fresh)
            fail(ErrorCode::invalid_argument,
                 "{} and {}: both would be written as {}; predict them into different folders",
                 other->second.string(), input.path.string(), input.stem);
    }
    return inputs;
}

std::string told_of(const Input& input, const std::string& error) {
    const std::string path = input.path.string();
    return error.find(path) != std::string::npos ? error : fmt::format("{}: {}", path, error);
}

void check_apart(const fs::path& out, const std::vector<fs::path>& read) {
    const fs::path target = fs::weakly_canonical(out);
    for (const fs::path& path : read) {
        if (!fs::exists(path)) continue;
        const fs::path place = fs::weakly_canonical(path);
        const bool many = fs::is_directory(place) && !is_image_folder(place);
        if (target == place || (!many && target == place.parent_path()))
            fail(ErrorCode::invalid_argument,
                 "--out {}: {} is read from this folder; results go to another one", out.string(),
                 path.string());
    }
}

void check_own(const fs::path& file) {
    if (fs::exists(file) && !is_written_by_unet(file))
        fail(ErrorCode::invalid_argument,
             "{}: would be replaced, but unet did not write it (or it was saved anew since); move "
             "it away or give another --out",
             file.string());
}

}  // namespace unet::cli
