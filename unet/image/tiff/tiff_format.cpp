#include "unet/image/tiff/tiff_format.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/image/stored.h"
#include "unet/image/tiff/ome_tiff_sink.h"
#include "unet/image/tiff/tiff_handle.h"
#include "unet/image/tiff/tiff_sink.h"

namespace unet {
namespace {

// Behind the first two: names of BigTIFF, and of MetaMorph's stacks.
constexpr std::string_view endings[] = {".tif", ".tiff", ".btf", ".tf8", ".stk"};

bool recognises(const Format::Path&, std::string_view begin) {
    using namespace std::string_view_literals;
    constexpr std::string_view magics[] = {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv};
    return std::any_of(std::begin(magics), std::end(magics),
                       [&](std::string_view magic) { return begin.starts_with(magic); });
}

std::unique_ptr<FileSink> create(const Format::Path& path, const FileShape& shape, int) {
    return std::make_unique<TiffSink>(path, shape);
}

std::unique_ptr<FileSink> create_ome(const Format::Path& path, const FileShape& shape,
                                     int threads) {
    return std::make_unique<OmeTiffSink>(path, shape, threads);
}

/// OME-TIFF, too.
bool is_ours(const Format::Path& path) {
    constexpr std::int64_t largest_tag = 1 << 20;
    try {
        const TiffHandle tiff(path, largest_tag);
        const char* software = tiff.tag<const char*>(TIFFTAG_SOFTWARE, nullptr);
        return software != nullptr && std::string_view(software) == written_by;
    } catch (const Error&) {
        return false;
    }
}

void write_image(const Format::Path& path, const Image& image) {
    TiffSink sink(path, {image.size, image.channels, image.type, image.rgb, image.spacing, {}});
    sink.write({0, 0, 0, image.size}, image.values);
    sink.finish();
}

void write_labels(const Format::Path& path, const LabelMap& labels, std::uint32_t largest,
                  std::span<const Colour> colours) {
    TiffSink sink(path, {.size = labels.size,
                         .type = largest > 65535 ? SampleType::u32 : SampleType::u16,
                         .spacing = labels.spacing,
                         .colour_map = label_colour_map(colours)});
    sink.write_labels({0, 0, 0, labels.size}, labels.values);
    sink.finish();
}

}  // namespace

const Format tiff_format{.name = "tif",
                         .title = "TIFF",
                         .endings = endings,
                         .recognises = recognises,
                         .open = open_tiff,
                         .ending = ".tif",
                         .create = create,
                         .is_ours = is_ours,
                         .whole_endings = std::span(endings).first(2),
                         .write_image = write_image,
                         .write_labels = write_labels};

const Format ome_tiff_format{.name = "ome-tif",
                             .title = "OME-TIFF",
                             .ending = ".ome.tif",
                             .smaller_copies = true,
                             .create = create_ome,
                             .footprint = PyramidSink::bytes};

}  // namespace unet
