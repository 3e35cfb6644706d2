#include "unet/image/image_file_sink.h"

#include <algorithm>
#include <limits>

#include "unet/image/description.h"
#include "unet/image/sample_bytes.h"
#include "unet/image/tiff_write.h"

namespace unet {
namespace {

bool interleaved(const FileShape& shape) { return shape.rgb && shape.channels == 3; }

std::int64_t channel_pages(const FileShape& shape) {
    return interleaved(shape) ? 1 : shape.channels;
}

TiffPages pages_of(const FileShape& shape) {
    const TypeLayout layout = layout_of(shape.type);
    TiffPages pages;
    pages.pages = channel_pages(shape) * shape.size.depth;
    pages.height = shape.size.height;
    pages.width = shape.size.width;
    pages.samples = interleaved(shape) ? 3 : 1;
    pages.bits = layout.bits;
    pages.kind = layout.kind;
    pages.spacing = shape.spacing;
    pages.colour_map = shape.colour_map;
    return pages;
}

}  // namespace

ImageFileSink::ImageFileSink(const std::filesystem::path& path, const FileShape& shape)
    : path_(path),
      shape_(shape),
      writer_(std::make_unique<TiffWriter>(path, pages_of(shape))),
      low_(std::numeric_limits<float>::infinity()),
      high_(-low_) {}

ImageFileSink::~ImageFileSink() = default;

void ImageFileSink::write(const Region& region, std::span<const float> values) {
    check_region(region, shape_.size, shape_.channels, values.size());
    const TypeLayout layout = layout_of(shape_.type);
    const std::int64_t pages = channel_pages(shape_), plane = region.size.elements();
    const int samples = writer_->pages().samples;
    row_.resize(static_cast<std::size_t>(region.size.width * samples * layout.bits / 8));
    for (std::int64_t page = 0; page < pages; ++page)
        for (std::int64_t line = 0; line < region.size.depth * region.size.height; ++line) {
            const float* row = values.data() + page * plane + line * region.size.width;
            layout.interleave(row, region.size.width, samples, plane, false, path_, row_);
            writer_->write((region.z + line / region.size.height) * pages + page,
                           region.y + line % region.size.height, region.x, row_);
        }
    for (const float value : values) {
        low_ = std::min(low_, value);
        high_ = std::max(high_, value);
    }
}

double ImageFileSink::displayed_low() const {
    return shape_.type == SampleType::u8 || !shape_.colour_map.empty() || low_ > high_ ? 0.0 : low_;
}

double ImageFileSink::displayed_high() const {
    if (!shape_.colour_map.empty()) return displayed_label(static_cast<std::uint32_t>(high_));
    if (shape_.type == SampleType::u8 || low_ > high_) return 255.0;
    return high_ > low_ ? high_ : low_ + 1.0;
}

void ImageFileSink::finish() {
    writer_->finish(imagej_description(channel_pages(shape_), shape_.size.depth, shape_.spacing,
                                       displayed_low(), displayed_high()));
}

std::vector<std::uint16_t> label_colour_map(std::span<const Colour> colours) {
    constexpr int to_16_bits = 257;
    std::vector<std::uint16_t> map;
    for (std::size_t component = 0; component < 3; ++component)
        for (std::uint32_t label = 0; label < 256; ++label) {
            const Colour colour = label < colours.size() ? colours[label] : label_colour(label);
            map.push_back(static_cast<std::uint16_t>(colour[component] * to_16_bits));
        }
    return map;
}

double displayed_label(std::uint32_t largest) { return std::max(largest, 255u); }

}  // namespace unet
