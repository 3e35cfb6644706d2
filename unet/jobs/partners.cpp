#include "unet/jobs/partners.h"

#include <map>

#include "unet/core/error.h"
#include "unet/core/text/unicode.h"
#include "unet/image/image_path.h"

namespace unet {

Partners partners_of(const std::vector<Input>& maps, const std::vector<Input>& files,
                     const std::function<std::string(const std::string&)>& key,
                     const std::string& problem, const std::string& where) {
    std::map<std::string, Input> by_key;
    for (const Input& input : files) by_key.emplace(key(input.stem), input);
    std::vector<std::optional<Input>> found;
    const auto take = [&](std::map<std::string, Input>& from, const std::string& name) {
        const auto node = from.extract(name);
        return node.empty() ? std::nullopt : std::optional(node.mapped());
    };
    for (const Input& map : maps) found.push_back(take(by_key, key(map.stem)));
    std::map<std::string, Input> by_look;  // what is left, whatever the bytes of its name
    for (const auto& [name, input] : by_key) by_look.emplace(comparable_name(name), input);
    Partners partners;
    std::string missing;
    std::size_t count = 0;
    for (std::size_t i = 0; i < maps.size(); ++i) {
        if (!found[i]) found[i] = take(by_look, comparable_name(key(maps[i].stem)));
        if (found[i])
            partners.of_each.push_back(*found[i]);
        else if (++count <= 3)
            missing += (missing.empty() ? "" : ", ") + maps[i].stem;
    }
    if (count > 0)
        fail(ErrorCode::invalid_argument,
             "{} for {} of {} label maps in {} ({}{}), expected files of equal names", problem,
             count, maps.size(), where, missing, count > 3 ? ", ..." : "");
    partners.left_over = by_look.size();
    return partners;
}

std::vector<LabelsAndImage> pair_with_images(const std::string& labels, const std::string& images,
                                             const std::string& setting, const Notice& notice) {
    const auto maps = collect_inputs({labels}, notice, two_of_one_name);
    std::vector<LabelsAndImage> pairs;
    for (const Input& map : maps) pairs.push_back({map, {}});
    if (images.empty()) return pairs;
    const auto found = collect_inputs({images}, notice, two_of_one_name);
    if (is_folder_of_images(labels) != is_folder_of_images(images))
        fail_setting(setting, ErrorCode::invalid_argument,
                     "`{}` {}: found a {}, expected a {} as {} is one", setting, images,
                     is_folder_of_images(images) ? "folder" : "file",
                     is_folder_of_images(labels) ? "folder" : "file", labels);
    if (!is_folder_of_images(labels)) {
        pairs[0].image = found[0];
        return pairs;
    }
    Partners partners = partners_of(
        maps, found, [](const std::string& stem) { return stem; },
        fmt::format("`{}` {}: found no image", setting, images), labels);
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i].image = std::move(partners.of_each[i]);
    return pairs;
}

}  // namespace unet
