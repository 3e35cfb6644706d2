#include "unet/check/colours.h"

#include <algorithm>
#include <map>

namespace unet {

std::vector<std::pair<StoredColour, std::int64_t>> colours_of(const Image& image,
                                                              std::size_t most) {
    std::map<StoredColour, std::int64_t> counts;
    const std::int64_t pixels = image.size.elements();
    const float *red = image.plane(0), *green = image.plane(1), *blue = image.plane(2);
    for (std::int64_t i = 0; i < pixels; ++i) {
        ++counts[{red[i], green[i], blue[i]}];
        if (counts.size() > most) return {};
    }
    std::vector<std::pair<StoredColour, std::int64_t>> sorted(counts.begin(), counts.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return sorted;
}

}  // namespace unet
