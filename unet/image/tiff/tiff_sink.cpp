#include "unet/image/tiff/tiff_sink.h"

#include <algorithm>
#include <limits>

#include "unet/image/sample_bytes.h"
#include "unet/image/tiff/description.h"
#include "unet/image/tiff/tiff_format.h"
#include "unet/image/tiff/tiff_write.h"

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

TiffSink::TiffSink(const std::filesystem::path& path, const FileShape& shape)
    : FileSink(tiff_format, path, shape),
      writer_(std::make_unique<TiffWriter>(path, pages_of(shape))) {}

TiffSink::~TiffSink() = default;

void TiffSink::write(const Region& region, std::span<const float> values) {
    if (!interleaved(shape())) {
        FileSink::write(region, values);
        return;
    }
    check_region(region, shape().size, shape().channels, values.size());
    note(values);
    const std::int64_t plane = region.size.elements(), width = region.size.width;
    row_.resize(3 * width * sample_bytes());
    for (std::int64_t line = 0; line < region.size.depth * region.size.height; ++line) {
        layout_of(shape().type)
            .interleave(values.data() + line * width, width, 3, plane, false, path(), row_);
        writer_->write(region.z + line / region.size.height, region.y + line % region.size.height,
                       region.x, row_);
    }
}

void TiffSink::put(const Region& region, std::int64_t channel, std::span<const std::byte> samples) {
    const auto row_bytes = static_cast<std::size_t>(region.size.width * sample_bytes());
    for (std::int64_t y = 0; y < region.size.height; ++y, samples = samples.subspan(row_bytes))
        writer_->write(region.z * channel_pages(shape()) + channel, region.y + y, region.x,
                       samples.first(row_bytes));
}

double TiffSink::displayed_low() const {
    return shape().type == SampleType::u8 || !shape().colour_map.empty() || low() > high() ? 0.0
                                                                                           : low();
}

double TiffSink::displayed_high() const {
    if (!shape().colour_map.empty())
        return displayed_label(static_cast<std::uint32_t>(std::max(high(), 0.0)));
    if (shape().type == SampleType::u8 || low() > high()) return 255.0;
    return high() > low() ? high() : low() + 1.0;
}

void TiffSink::finish() {
    writer_->finish(imagej_description(channel_pages(shape()), shape().size.depth, shape().spacing,
                                       displayed_low(), displayed_high()));
}

std::vector<std::uint16_t> label_colour_map(std::span<const Colour> colours) {
    constexpr int to_16_bits = 257;
    std::vector<std::uint16_t> map;
    for (std::size_t component = 0; component < 3; ++component)
        for (std::uint32_t label = 0; label < 256; ++label) {
            const Colour colour = label_colour(label, colours);
            map.push_back(static_cast<std::uint16_t>(colour[component] * to_16_bits));
        }
    return map;
}

double displayed_label(std::uint32_t largest) { return std::max(largest, 255u); }

}  // namespace unet
