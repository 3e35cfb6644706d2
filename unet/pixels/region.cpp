#include "unet/pixels/region.h"

#include <algorithm>
#include <vector>

#include "unet/core/error.h"

namespace unet {
namespace {

/// Calls row(first value of the row inside the image, first value inside the region).
template <class Row>
void for_each_row(const Region& region, const Size3& size, std::int64_t channels, Row row) {
    std::int64_t inside = 0;
    for (std::int64_t c = 0; c < channels; ++c)
        for (std::int64_t z = 0; z < region.size.depth; ++z)
            for (std::int64_t y = 0; y < region.size.height; ++y) {
                const std::int64_t line =
                    (c * size.depth + region.z + z) * size.height + region.y + y;
                row(line * size.width + region.x, inside);
                inside += region.size.width;
            }
}

}  // namespace

void check_region(const Region& region, const Size3& size, std::int64_t channels,
                  std::size_t values) {
    const auto inside = [](std::int64_t start, std::int64_t length, std::int64_t whole) {
        return start >= 0 && length >= 0 && start <= whole && length <= whole - start;
    };
    if (!inside(region.z, region.size.depth, size.depth) ||
        !inside(region.y, region.size.height, size.height) ||
        !inside(region.x, region.size.width, size.width))
        fail(ErrorCode::shape_mismatch,
             "region {} at z {}, y {}, x {} lies outside the image of {}", to_string(region.size),
             region.z, region.y, region.x, to_string(size));
    if (static_cast<std::int64_t>(values) != channels * region.size.elements())
        fail(ErrorCode::shape_mismatch, "region {} of {} channel(s) needs {} values, found {}",
             to_string(region.size), channels, channels * region.size.elements(), values);
}

void RegionSink::write_labels(const Region& region, std::span<const std::uint32_t> labels) {
    constexpr std::uint32_t largest_exact = std::uint32_t{1} << 24;
    const auto large = std::find_if(labels.begin(), labels.end(),
                                    [](std::uint32_t label) { return label > largest_exact; });
    if (large != labels.end())
        fail(ErrorCode::unsupported, "found the label {}, this sink holds labels up to {}", *large,
             largest_exact);
    write(region, std::vector<float>(labels.begin(), labels.end()));
}

void ImageSource::read(const Region& region, std::span<float> values) {
    check_region(region, image_.size, image_.channels, values.size());
    for_each_row(
        region, image_.size, image_.channels, [&](std::int64_t image, std::int64_t inside) {
            std::copy_n(image_.values.data() + image, region.size.width, values.data() + inside);
        });
}

ImageSink::ImageSink(Image& image, std::int64_t channels, const Size3& size) : image_(image) {
    image_.size = size;
    image_.channels = channels;
    image_.values.assign(channels * size.elements(), 0.0f);
}

void ImageSink::write(const Region& region, std::span<const float> values) {
    check_region(region, image_.size, image_.channels, values.size());
    for_each_row(
        region, image_.size, image_.channels, [&](std::int64_t image, std::int64_t inside) {
            std::copy_n(values.data() + inside, region.size.width, image_.values.data() + image);
        });
}

LabelSink::LabelSink(std::span<std::uint32_t> labels, const Size3& size)
    : labels_(labels), size_(size) {
    if (std::ssize(labels) != size.elements())
        fail(ErrorCode::shape_mismatch, "an image of {} needs room for {} labels, found {}",
             to_string(size), size.elements(), labels.size());
}

void LabelSink::write(const Region& region, std::span<const float> values) {
    check_region(region, size_, 1, values.size());
    for_each_row(region, size_, 1, [&](std::int64_t label, std::int64_t inside) {
        for (std::int64_t i = 0; i < region.size.width; ++i)
            labels_[label + i] = static_cast<std::uint32_t>(values[inside + i]);
    });
}

void LabelSink::write_labels(const Region& region, std::span<const std::uint32_t> labels) {
    check_region(region, size_, 1, labels.size());
    for_each_row(region, size_, 1, [&](std::int64_t label, std::int64_t inside) {
        std::copy_n(labels.data() + inside, region.size.width, labels_.data() + label);
    });
}

}  // namespace unet
