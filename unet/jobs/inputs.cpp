#include "unet/jobs/inputs.h"

#include <algorithm>
#include <map>
#include <system_error>

#include "unet/core/error.h"
#include "unet/core/files/file_name.h"
#include "unet/data/pairs.h"
#include "unet/image/folder.h"
#include "unet/image/format.h"
#include "unet/image/image_path.h"
#include "unet/image/read.h"
#include "unet/image/write.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> images_inside(const fs::path& folder, const Notice& notice) {
    FolderContent content = content_of(folder);
    if (content.images.empty()) {
        for (const fs::path& file : content.other_images)
            if (!conversion_of(file).empty()) fail(ErrorCode::unsupported, "{}", why_unknown(file));
        std::string inside;
        for (const char* name : {"images", "labels", "masks"})
            if (fs::is_directory(folder / name))
                inside += (inside.empty() ? "" : " or ") + (folder / name).string();
        std::vector<fs::path> all = std::move(content.other_images);
        for (const auto* more : {&content.others, &content.folders})
            all.insert(all.end(), more->begin(), more->end());
        fail(ErrorCode::invalid_argument,
             "{}: found no image in this folder, expected {} files{}{}", folder.string(),
             usual_endings(), all.empty() ? "" : fmt::format("; it holds {}", first_names(all)),
             inside.empty() ? "" : fmt::format("; did you mean {}?", inside));
    }
    if (notice)
        for (const std::string& told : passed_over(folder, content)) notice(told);
    return std::move(content.images);
}

}  // namespace

std::vector<Input> collect_inputs(const std::vector<std::string>& words, const Notice& notice,
                                  std::string_view if_of_one_name) {
    std::vector<Input> inputs;
    for (const std::string& word : words) {
        const fs::path path = image_path(word);
        std::error_code error;
        if (!fs::exists(path, error))
            fail(ErrorCode::io, "{}: {}", word,
                 error ? error.message() : "there is no such file or folder");
        const bool many = is_folder_of_images(path);
        if (!many && !is_image_folder(path) && !is_image_file(path)) {
            if (!conversion_of(path).empty()) fail(ErrorCode::unsupported, "{}", why_unknown(path));
            fail(ErrorCode::invalid_argument, "{}: found another kind of file, expected {}", word,
                 usual_endings());
        }
        const auto files = many ? images_inside(path, notice) : std::vector<fs::path>{path};
        for (const fs::path& file : files) inputs.push_back({file, stem_of(file)});
    }
    std::map<std::string, fs::path> seen;
    for (const Input& input : inputs) {
        const auto [other, fresh] = seen.emplace(input.stem, input.path);
        if (!fresh)
            fail(ErrorCode::invalid_argument, "{} and {}: both {}", other->second.string(),
                 input.path.string(), fmt::format(fmt::runtime(if_of_one_name), input.stem));
    }
    return inputs;
}

std::string told_of(const Input& input, const std::string& error) {
    const std::string path = input.path.string();
    return error.find(path) != std::string::npos ? error : fmt::format("{}: {}", path, error);
}

std::vector<std::string> told_of(const fs::path& file, const std::vector<std::string>& notes) {
    std::vector<std::string> told;
    for (const std::string& note : notes)
        told.push_back(fmt::format("{}: {}", name_of_image(file).string(), note));
    return told;
}

void check_apart(const fs::path& out, const std::vector<fs::path>& read) {
    const fs::path target = fs::weakly_canonical(out);
    for (const fs::path& path : read) {
        std::error_code error;
        if (!fs::exists(path, error)) continue;
        const fs::path place = fs::weakly_canonical(path);
        const bool many = is_folder_of_images(place);
        if (target == place || (!many && target == place.parent_path()))
            fail_setting("out", ErrorCode::invalid_argument,
                         "`out` {}: {} is read from this folder; results go to another one",
                         out.string(), path.string());
    }
}

void check_own(const fs::path& file) {
    check_name_fits(file);
    if (fs::exists(file) && !is_written_by_unet(file))
        fail_setting(
            "out", ErrorCode::invalid_argument,
            "{}: would be replaced, but unet did not write it (or it was saved anew since); move "
            "it away or give another `out`",
            file.string());
}

}  // namespace unet
