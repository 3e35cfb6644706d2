#include "unet/annotation/annotation_place.h"

#include <algorithm>
#include <charconv>

#include "unet/core/error.h"
#include "unet/image/page_order.h"

namespace unet {

std::int64_t slice_of(const Annotation& annotation, const ImageInfo& image) {
    const StackPlace& place = annotation.place;
    const PageOrder order = PageOrder::of(image.axes, image.pages).value_or(PageOrder());
    const auto outside = [&](const char* what, std::int64_t found, std::int64_t count) {
        fail(ErrorCode::invalid_argument,
             "{}: found {} {} (counted from 1), but the image has {}; does it belong to another "
             "image?",
             annotation.where, what, found + 1, count);
    };
    if (place.page >= 0) {
        if (place.page >= image.pages) outside("slice", place.page, image.pages);
        for (std::int64_t slice = 0; slice < image.size.depth; ++slice)
            for (std::int64_t channel = 0; channel < order.channels(); ++channel)
                if (order.page(slice, channel) == place.page) return slice;
    }
    if (place.z < 0 && place.t < 0) return image.size.depth == 1 ? 0 : all_slices;
    const std::int64_t z = std::max<std::int64_t>(place.z, 0);
    const std::int64_t t = std::max<std::int64_t>(place.t, 0);
    // A file that says nothing of its pages has slices only.
    const std::int64_t slices = image.size.depth / std::max<std::int64_t>(order.times(), 1);
    if (z >= slices) outside("slice", z, slices);
    if (t >= order.times()) outside("time", t, order.times());
    return t * slices + z;
}

std::optional<std::uint32_t> number_in(const std::string& name) {
    std::uint32_t number = 0;
    const char* end = name.data() + name.size();
    const auto [rest, error] = std::from_chars(name.data(), end, number);
    if (error != std::errc() || number == 0) return {};
    std::int64_t slice = 0;
    if (rest != end && !(end - rest > 2 && rest[0] == '_' && rest[1] == 'z' &&
                         std::from_chars(rest + 2, end, slice).ptr == end))
        return {};
    return number;
}

}  // namespace unet
