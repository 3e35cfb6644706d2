#include "unet/image/png/png_format.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/image/file_sink.h"
#include "unet/image/png/png_write.h"
#include "unet/image/sample_bytes.h"

namespace unet {
namespace {

/// A PNG of 8 or 16 bits: one slice, one channel. The whole plane is kept until finish(), since PNG
/// is packed as one stream from the top.
class PngSink final : public FileSink {
public:
    /// Throws Error(unsupported) for another shape.
    static void check(const std::filesystem::path& path, const FileShape& shape);
    /// Throws as check().
    PngSink(const std::filesystem::path& path, const FileShape& shape);

    void finish() override;

private:
    void put(const Region& region, std::int64_t channel,
             std::span<const std::byte> samples) override;

    std::vector<std::byte> plane_;  ///< big-endian
};

void PngSink::check(const std::filesystem::path& path, const FileShape& shape) {
    if (shape.size.depth != 1 || shape.channels != 1 ||
        (shape.type != SampleType::u8 && shape.type != SampleType::u16))
        fail(ErrorCode::unsupported,
             "cannot write '{}': PNG holds one plane of 8 or 16 bits; found {} slice(s), {} "
             "channel(s), {}; write tif, ome-tif or ome-zarr",
             path.string(), shape.size.depth, shape.channels, to_string(shape.type));
}

PngSink::PngSink(const std::filesystem::path& path, const FileShape& shape)
    : FileSink(png_format, path, shape) {
    check(path, shape);
    plane_.resize(shape.size.elements() * sample_bytes());
}

void PngSink::put(const Region& region, std::int64_t, std::span<const std::byte> samples) {
    const std::int64_t row_bytes = region.size.width * sample_bytes();
    for (std::int64_t y = 0; y < region.size.height; ++y) {
        const std::int64_t pixel = (region.y + y) * shape().size.width + region.x;
        std::byte* row = plane_.data() + pixel * sample_bytes();
        std::copy_n(samples.data() + y * row_bytes, row_bytes, row);
        swap_bytes({row, static_cast<std::size_t>(row_bytes)}, sample_bytes());
    }
}

void PngSink::finish() {
    write_png(path(), {shape().size.width, shape().size.height, 1,
                       static_cast<int>(8 * sample_bytes()), plane_, shape().spacing});
}

constexpr std::string_view endings[] = {".png"};

std::unique_ptr<FileSink> create(const Format::Path& path, const FileShape& shape, int) {
    return std::make_unique<PngSink>(path, shape);
}

std::int64_t footprint(const FileShape& shape, int, const Size3&) {
    return 2 * shape.size.elements() * (layout_of(shape.type).bits / 8);
}

void write_image(const std::filesystem::path& path, const Image& image) {
    const bool rgb = image.rgb && image.channels == 3;
    if ((image.channels != 1 && !rgb) || image.size.depth != 1 ||
        (image.type != SampleType::u8 && image.type != SampleType::u16))
        fail(ErrorCode::unsupported,
             "cannot write '{}': PNG holds one slice of 8 or 16 bits, grey or RGB; found {} "
             "slice(s), "
             "{} channel(s), {}; write .tif",
             path.string(), image.size.depth, image.channels,
             image.type == SampleType::f32 ? "floats" : "integers");
    const TypeLayout layout = layout_of(image.type);
    PngPixels pixels{image.size.width, image.size.height, rgb ? 3 : 1, layout.bits, {},
                     image.spacing};
    std::vector<std::byte> bytes(image.values.size() * static_cast<std::size_t>(layout.bits / 8));
    const std::int64_t plane = image.size.elements();
    layout.interleave(image.values.data(), plane, pixels.samples, plane, true, path, bytes);
    pixels.bytes = bytes;
    write_png(path, pixels);
}

void write_labels(const std::filesystem::path& path, const LabelMap& labels, std::uint32_t largest,
                  std::span<const Colour>) {
    if (labels.size.depth != 1 || largest > 65535)
        fail(ErrorCode::unsupported,
             "cannot write '{}': PNG holds one slice of labels up to 65535; found {} slice(s), "
             "labels "
             "up to {}; write .tif",
             path.string(), labels.size.depth, largest);
    const int bits = largest > 255 ? 16 : 8;
    std::vector<std::byte> bytes(labels.values.size() * bits / 8);
    std::byte* to = bytes.data();
    for (const std::uint32_t label : labels.values)
        for (int shift = bits - 8; shift >= 0; shift -= 8)
            *to++ = static_cast<std::byte>(label >> shift);
    write_png(path, {labels.size.width, labels.size.height, 1, bits, bytes, labels.spacing});
}

}  // namespace

const Format png_format{
    .name = "png",
    .title = "PNG",
    .endings = endings,
    .recognises = [](const Format::Path&,
                     std::string_view begin) { return begin == "\x89PNG\r\n\x1a\n"; },
    .open = [](const Format::Path& path, const ReadOptions&) { return open_png(path); },
    .ending = ".png",
    .one_plane = true,
    .check = PngSink::check,
    .create = create,
    .footprint = footprint,
    .is_ours = is_png_of_unet,
    .whole_endings = endings,
    .write_image = write_image,
    .write_labels = write_labels};

}  // namespace unet
