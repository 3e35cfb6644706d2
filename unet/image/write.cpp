#include "unet/image/write.h"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include "unet/core/error.h"
#include "unet/image/description.h"
#include "unet/image/nifti_write.h"
#include "unet/image/png_write.h"
#include "unet/image/tiff_handle.h"
#include "unet/image/tiff_write.h"

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

/// The bytes of a number, least significant first or (`big_endian`) last.
template <class T>
void put(T value, bool big_endian, std::byte* target) {
    using Bits =
        std::conditional_t<sizeof(T) == 1, std::uint8_t,
                           std::conditional_t<sizeof(T) == 2, std::uint16_t, std::uint32_t>>;
    const auto bits = std::bit_cast<Bits>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i)
        target[big_endian ? sizeof(T) - 1 - i : i] = static_cast<std::byte>(bits >> (8 * i));
}

template <class T>
T sample_of(float value, const std::filesystem::path& path) {
    if constexpr (std::is_same_v<T, float>) {
        return value;
    } else {
        using Limits = std::numeric_limits<T>;
        // The largest 32-bit numbers are not floats; the float above them stands for them.
        if (!(value >= static_cast<float>(Limits::min()) &&
              value <= static_cast<float>(Limits::max()) && value == std::floor(value)))
            fail(ErrorCode::invalid_argument,
                 "cannot write '{}': found the value {}, expected whole numbers from {} to {}",
                 path.string(), value, Limits::min(), Limits::max());
        return static_cast<double>(value) >= static_cast<double>(Limits::max())
                   ? Limits::max()
                   : static_cast<T>(value);
    }
}

/// Interleaves `samples` planes that stand `stride` values apart.
template <class T>
void interleave(const float* plane, std::int64_t pixels, int samples, std::int64_t stride,
                bool big_endian, const std::filesystem::path& path, std::span<std::byte> bytes) {
    std::byte* target = bytes.data();
    for (std::int64_t i = 0; i < pixels; ++i)
        for (int s = 0; s < samples; ++s, target += sizeof(T))
            put(sample_of<T>(plane[s * stride + i], path), big_endian, target);
}

struct TypeLayout {
    int bits;
    NumberKind kind;
    void (*interleave)(const float*, std::int64_t, int, std::int64_t, bool,
                       const std::filesystem::path&, std::span<std::byte>);
};

TypeLayout layout_of(SampleType type) {
    switch (type) {
        case SampleType::u8:
            return {8, NumberKind::unsigned_integer, interleave<std::uint8_t>};
        case SampleType::u16:
            return {16, NumberKind::unsigned_integer, interleave<std::uint16_t>};
        case SampleType::u32:
            return {32, NumberKind::unsigned_integer, interleave<std::uint32_t>};
        case SampleType::i8:
            return {8, NumberKind::signed_integer, interleave<std::int8_t>};
        case SampleType::i16:
            return {16, NumberKind::signed_integer, interleave<std::int16_t>};
        case SampleType::i32:
            return {32, NumberKind::signed_integer, interleave<std::int32_t>};
        case SampleType::f32:
            break;
    }
    return {32, NumberKind::floating, interleave<float>};
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

/// The range that a viewer should show.
std::pair<double, double> displayed_range(const Image& image) {
    if (image.type == SampleType::u8 || image.values.empty()) return {0.0, 255.0};
    const auto [low, high] = std::minmax_element(image.values.begin(), image.values.end());
    return {*low, *high > *low ? *high : *low + 1.0};
}

void write_image_tiff(const std::filesystem::path& path, const Image& image) {
    const TypeLayout layout = layout_of(image.type);
    const bool rgb = image.rgb && image.channels == 3;
    const std::int64_t channel_pages = rgb ? 1 : image.channels, slices = image.size.depth;
    const auto [low, high] = displayed_range(image);
    TiffPages pages;
    pages.pages = channel_pages * slices;
    pages.height = image.size.height;
    pages.width = image.size.width;
    pages.samples = rgb ? 3 : 1;
    pages.bits = layout.bits;
    pages.kind = layout.kind;
    pages.description = imagej_description(channel_pages, slices, image.spacing, low, high);
    pages.spacing = image.spacing;
    write_tiff(path, pages, [&](std::int64_t page, std::span<std::byte> bytes) {
        layout.interleave(image.plane(page % channel_pages, page / channel_pages),
                          pages.height * pages.width, pages.samples, image.size.elements(), false,
                          path, bytes);
    });
}

/// 256 reds, greens and blues that ImageJ spreads over the displayed range.
std::vector<std::uint16_t> colour_map(std::span<const Colour> colours) {
    constexpr int to_16_bits = 257;
    std::vector<std::uint16_t> map;
    for (std::size_t component = 0; component < 3; ++component)
        for (std::uint32_t label = 0; label < 256; ++label) {
            const Colour colour = label < colours.size() ? colours[label] : label_colour(label);
            map.push_back(static_cast<std::uint16_t>(colour[component] * to_16_bits));
        }
    return map;
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
    std::vector<std::byte> bytes(static_cast<std::size_t>(count * bits / 8));
    if (bits == 16)
        put_labels<std::uint16_t>(labels.values.data(), count, true, bytes);
    else
        put_labels<std::uint8_t>(labels.values.data(), count, true, bytes);
    write_png(path, {labels.size.width, labels.size.height, 1, bits, bytes, labels.spacing});
}

void write_labels_tiff(const std::filesystem::path& path, const LabelMap& labels,
                       std::uint32_t largest, std::span<const Colour> colours) {
    // Up to 255 each label shows its own colour; beyond, 256 colours are spread over all.
    const double high = std::max(largest, 255u);
    TiffPages pages;
    pages.pages = labels.size.depth;
    pages.height = labels.size.height;
    pages.width = labels.size.width;
    pages.bits = largest > 65535 ? 32 : 16;
    pages.description = imagej_description(1, labels.size.depth, labels.spacing, 0.0, high);
    pages.spacing = labels.spacing;
    pages.colour_map = colour_map(colours);
    write_tiff(path, pages, [&](std::int64_t page, std::span<std::byte> bytes) {
        const std::int64_t count = pages.height * pages.width;
        if (pages.bits == 32)
            put_labels<std::uint32_t>(labels.plane(page), count, false, bytes);
        else
            put_labels<std::uint16_t>(labels.plane(page), count, false, bytes);
    });
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
    if (is_nifti_of_unet(path)) return true;
    constexpr std::int64_t largest_tag = 1 << 20;
    try {
        const TiffHandle tiff(path, largest_tag);
        const char* software = tiff.tag<const char*>(TIFFTAG_SOFTWARE, nullptr);
        return software != nullptr && std::string_view(software) == tiff_software;
    } catch (const Error&) {
        return false;
    }
}

void write_png_rgb8(const std::filesystem::path& path, std::int64_t width, std::int64_t height,
                    std::span<const std::uint8_t> pixels) {
    write_png(path, {width, height, 3, 8, std::as_bytes(pixels), {}});
}

}  // namespace unet
