#include "unet/image/png/png_format.h"

#include "unet/core/error.h"
#include "unet/image/png/png_sink.h"
#include "unet/image/png/png_write.h"
#include "unet/image/sample_bytes.h"

namespace unet {
namespace {

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

template <class T>
void put_labels(const std::uint32_t* labels, std::int64_t count, bool big_endian,
                std::span<std::byte> bytes) {
    for (std::int64_t i = 0; i < count; ++i)
        put(static_cast<T>(labels[i]), big_endian, bytes.data() + i * std::int64_t{sizeof(T)});
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
    const std::int64_t count = labels.size.elements();
    std::vector<std::byte> bytes(count * bits / 8);
    if (bits == 16)
        put_labels<std::uint16_t>(labels.values.data(), count, true, bytes);
    else
        put_labels<std::uint8_t>(labels.values.data(), count, true, bytes);
    write_png(path, {labels.size.width, labels.size.height, 1, bits, bytes, labels.spacing});
}

}  // namespace

const Format png_format{
    .name = "png",
    .title = "PNG",
    .endings = endings,
    .recognises = [](const Format::Path&,
                     std::string_view begin) { return begin == "\x89PNG\r\n\x1a\n"; },
    .open = [](const Format::Path& path, bool) { return open_png(path); },
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
