#include "unet/objects/object_finder.h"

namespace unet {

void ObjectFinder::reserve(const Size3& size, const ObjectRule& rule) {
    rule.split_depth > 0.0 ? watershed_.reserve(size) : components_.reserve(size);
}

std::int64_t ObjectFinder::bytes(const Size3& size, const ObjectRule& rule) {
    return rule.split_depth > 0.0 ? Watershed::bytes(size) : ComponentFinder::bytes(size);
}

std::int64_t ObjectFinder::find(std::span<std::uint32_t> map, const Size3& size,
                                const ObjectRule& rule) {
    if (!(rule.split_depth > 0.0))
        return components_.find(map, size, Connectivity::four, rule.minimum_pixels);
    watershed_.find(map, size);
    return watershed_.merge(rule.split_depth, rule.minimum_pixels, map);
}

}  // namespace unet
