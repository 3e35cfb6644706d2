#include "unet/data/comparing/grey_labels.h"

#include <set>

#include "unet/core/error.h"

namespace unet {

void check_not_grey(const LabelMap& map, const std::string& where) {
    constexpr std::size_t few = 8;
    const std::int64_t width = map.size.width;
    std::int64_t pairs = 0, different = 0;
    std::set<std::uint32_t> values;
    for (std::int64_t i = 0; i < std::ssize(map.values); ++i) {
        const std::uint32_t value = map.values[i];
        if (values.size() <= few) values.insert(value);
        if (i % width == 0 || value == 0 || map.values[i - 1] == 0) continue;
        ++pairs;
        different += value != map.values[i - 1] ? 1 : 0;
    }
    if (values.size() <= few || 2 * different <= pairs) return;
    fail(ErrorCode::invalid_argument,
         "{}: {:.0f} % of neighbouring pixels hold different values, as in an image or in "
         "probabilities, expected a mask, classes or objects: give the label map, or threshold it "
         "(`find_objects` makes objects of probabilities)",
         where, 100.0 * static_cast<double>(different) / static_cast<double>(pairs));
}

}  // namespace unet
