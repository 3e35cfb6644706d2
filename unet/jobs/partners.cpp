#include "unet/jobs/partners.h"

#include <map>

#include "unet/core/error.h"
#include "unet/image/image_path.h"

namespace unet {

Partners partners_of(const std::vector<Input>& maps, const std::vector<Input>& files,
                     const std::function<std::string(const std::string&)>& key,
                     const std::string& problem, const std::string& where) {
    std::map<std::string, Input> by_key;
    for (const Input& input : files) by_key.emplace(key(input.stem), input);
    Partners partners;
    std::string missing;
    std::size_t count = 0;
    for (const Input& map : maps) {
        const auto found = by_key.find(key(map.stem));
        if (found != by_key.end()) {
            partners.of_each.push_back(found->second);
            by_key.erase(found);
        } else if (++count <= 3) {
            missing += (missing.empty() ? "" : ", ") + map.stem;
        }
    }
    if (count > 0)
        fail(ErrorCode::invalid_argument,
             "{} for {} of {} label maps in {} ({}{}), expected files of equal names", problem,
             count, maps.size(), where, missing, count > 3 ? ", ..." : "");
    partners.left_over = by_key.size();
    return partners;
}

std::vector<LabelsAndImage> pair_with_images(const std::string& labels, const std::string& images,
                                             const std::string& setting) {
    const auto maps = collect_inputs({labels}, two_of_one_name);
    std::vector<LabelsAndImage> pairs;
    for (const Input& map : maps) pairs.push_back({map, {}});
    if (images.empty()) return pairs;
    const auto found = collect_inputs({images}, two_of_one_name);
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
