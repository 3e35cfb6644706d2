#include "unet/image/write.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "unet/core/error.h"
#include "unet/image/nifti/nifti_header_write.h"
#include "unet/image/png/png_write.h"
#include "unet/image/sample_bytes.h"
#include "unet/image/tiff/image_file_sink.h"
#include "unet/image/tiff/tiff_handle.h"
#include "unet/image/tiff/tiff_write.h"
#include "unet/image/zarr/ome_zarr_sink.h"

namespace unet {
namespace {

enum class Container { png, tiff };

Container container_of(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    for (char& letter : extension)
        letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    if (extension == ".png") return Container::png;
    if (extension == ".tif" || extension == ".tiff") return Container::tiff;
    fail(ErrorCode::invalid_argument,
         "cannot write '{}': its name ends in '{}', expected .tif or .png", path.string(),
         extension);
}

void write_image_png(const std::filesystem::path& path, const Image& image) {
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

void write_image_tiff(const std::filesystem::path& path, const Image& image) {
    ImageFileSink sink(path,
                       {image.size, image.channels, image.type, image.rgb, image.spacing, {}});
    sink.write({0, 0, 0, image.size}, image.values);
    sink.finish();
}

template <class T>
void put_labels(const std::uint32_t* labels, std::int64_t count, bool big_endian,
                std::span<std::byte> bytes) {
    for (std::int64_t i = 0; i < count; ++i)
        put(static_cast<T>(labels[i]), big_endian, bytes.data() + i * std::int64_t{sizeof(T)});
}

void write_labels_png(const std::filesystem::path& path, const LabelMap& labels,
                      std::uint32_t largest) {
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

void write_labels_tiff(const std::filesystem::path& path, const LabelMap& labels,
                       std::uint32_t largest, std::span<const Colour> colours) {
    FileShape shape;
    shape.size = labels.size;
    shape.type = largest > 65535 ? SampleType::u32 : SampleType::u16;
    shape.spacing = labels.spacing;
    shape.colour_map = label_colour_map(colours);
    ImageFileSink sink(path, shape);
    sink.write_labels({0, 0, 0, labels.size}, labels.values);
    sink.finish();
}

void check_count(const std::filesystem::path& path, std::size_t found, std::int64_t expected) {
    if (static_cast<std::int64_t>(found) != expected)
        fail(ErrorCode::shape_mismatch, "cannot write '{}': its size needs {} values, found {}",
             path.string(), expected, found);
}

}  // namespace

void write_image(const std::filesystem::path& path, const Image& image) {
    check_count(path, image.values.size(), image.channels * image.size.elements());
    if (container_of(path) == Container::png)
        write_image_png(path, image);
    else
        write_image_tiff(path, image);
}

void write_labels(const std::filesystem::path& path, const LabelMap& labels,
                  std::span<const Colour> colours) {
    check_count(path, labels.values.size(), labels.size.elements());
    const std::uint32_t largest =
        labels.values.empty() ? 0 : *std::max_element(labels.values.begin(), labels.values.end());
    if (container_of(path) == Container::png)
        write_labels_png(path, labels, largest);
    else
        write_labels_tiff(path, labels, largest, colours);
}

bool is_written_by_unet(const std::filesystem::path& path) {
    if (is_nifti_of_unet(path) || is_zarr_of_unet(path) || is_png_of_unet(path)) return true;
    constexpr std::int64_t largest_tag = 1 << 20;
    try {
        const TiffHandle tiff(path, largest_tag);
        const char* software = tiff.tag<const char*>(TIFFTAG_SOFTWARE, nullptr);
        return software != nullptr && std::string_view(software) == tiff_software;
    } catch (const Error&) {
        return false;
    }
}

void write_picture(const std::filesystem::path& path, const Picture& picture) {
    write_png(path,
              {picture.width, picture.height, 3, 8, std::as_bytes(std::span(picture.pixels)), {}});
}

}  // namespace unet
