#include "verbs/measure_pairs.h"

#include <algorithm>
#include <map>

#include "unet/unet.h"

namespace unet::cli {

namespace fs = std::filesystem;

std::vector<LabelsAndImage> pair_with_images(const std::string& labels, const std::string& images) {
    std::vector<LabelsAndImage> pairs;
    for (Input& input : collect_inputs({labels}, two_of_one_name))
        pairs.push_back({std::move(input), {}});
    if (images.empty()) return pairs;
    const auto found = collect_inputs({images}, two_of_one_name);
    if (fs::is_directory(labels) != fs::is_directory(images))
        fail(ErrorCode::invalid_argument, "--image {}: found a {}, expected a {} as {} is one",
             images, fs::is_directory(images) ? "folder" : "file",
             fs::is_directory(labels) ? "folder" : "file", labels);
    if (!fs::is_directory(labels)) {
        pairs[0].image = found[0];
        return pairs;
    }
    std::map<std::string, Input> by_stem;
    for (const Input& input : found) by_stem.emplace(input.stem, input);
    std::vector<std::string> missing;
    for (LabelsAndImage& pair : pairs) {
        const auto place = by_stem.find(pair.labels.stem);
        if (place == by_stem.end())
            missing.push_back(pair.labels.stem);
        else
            pair.image = place->second;
    }
    if (!missing.empty())
        fail(ErrorCode::invalid_argument,
             "--image {}: found no image for {} of {} label maps in {} ({}{}), expected files of "
             "equal names",
             images, missing.size(), pairs.size(), labels,
             fmt::join(missing.begin(),
                       missing.begin() + std::min<std::ptrdiff_t>(3, std::ssize(missing)), ", "),
             missing.size() > 3 ? ", ..." : "");
    return pairs;
}

}  // namespace unet::cli
