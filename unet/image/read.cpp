#include "unet/image/read.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/core/system/memory.h"
#include "unet/image/convert.h"
#include "unet/image/file_errors.h"
#include "unet/image/format.h"
#include "unet/image/reading_notes.h"
#include "unet/image/stored.h"
#include "unet/image/upright.h"

namespace unet {

std::unique_ptr<StoredFile> open_stored(const std::filesystem::path& path,
                                        const std::string& axes) {
    const Format* format = format_of(path);
    if (format == nullptr) fail(ErrorCode::unsupported, "{}", why_unknown(path));
    auto file = turned_upright(format->open(path, !axes.empty()));
    if (!axes.empty()) file->set_axes(axes, path.string());
    return file;
}

namespace {

/// Refuses what could never fit before asking for it: Linux grants more than there is and ends the
/// process later.
void check_memory(const std::filesystem::path& path, std::int64_t bytes) {
    const auto physical = static_cast<double>(system::physical_memory());
    if (static_cast<double>(bytes) > physical)
        fail_setting("pages", ErrorCode::memory,
                     "'{}' needs {:.1f} GB in memory, this machine has {:.1f} GB; "
                     "read it in parts (`pages`) or crop it",
                     path.string(), static_cast<double>(bytes) / 1e9, physical / 1e9);
}

/// A page to be decoded, and which slice of the result it is part of.
struct PageTask {
    std::int64_t page, slice, channel_page;
};

/// The pages of `slices` and `channel_pages` in the order of the file, which compressed streams
/// need.
std::vector<PageTask> tasks_of(const PageOrder& order, const std::vector<std::int64_t>& slices,
                               const std::vector<std::int64_t>& channel_pages) {
    std::vector<PageTask> tasks;
    for (std::size_t z = 0; z < slices.size(); ++z)
        for (const std::int64_t c : channel_pages)
            tasks.push_back({order.page(slices[z], c), static_cast<std::int64_t>(z), c});
    std::sort(tasks.begin(), tasks.end(),
              [](const PageTask& a, const PageTask& b) { return a.page < b.page; });
    return tasks;
}

Image decode_image(StoredFile& file, const std::filesystem::path& path,
                   const ReadOptions& options) {
    const ImageInfo& info = file.info();
    const auto slices = picked_slices(options, file.order(), path.string());
    const auto channels = picked_channels(options, info.channels, path.string());
    Image image;
    image.size = info.size;
    image.size.depth = static_cast<std::int64_t>(slices.size());
    image.channels = static_cast<std::int64_t>(channels.size());
    image.type = info.type;
    image.spacing = spacing_of(options, info.spacing);
    image.rgb = info.rgb && channels == std::vector<std::int64_t>{0, 1, 2};
    const std::int64_t values = image.channels * image.size.elements();
    check_memory(path, values * 4 + file.page_bytes());
    image.values.resize(values);
    std::vector<std::byte> page(file.page_bytes());
    const std::int64_t per_page = file.channels_per_page();
    for (const PageTask& task : tasks_of(file.order(), slices, channel_pages_of(file, channels))) {
        file.read_page(task.page, page);
        for (std::size_t c = 0; c < channels.size(); ++c)
            if (channels[c] / per_page == task.channel_page)
                convert_to_float(file, page, channels[c] % per_page,
                                 image.plane(static_cast<std::int64_t>(c), task.slice));
    }
    return image;
}

/// Three equal channels are one grey channel.
void drop_equal_colours(Image& image) {
    const auto third = static_cast<std::ptrdiff_t>(image.size.elements());
    const auto red = image.values.begin();
    if (!std::equal(red, red + third, red + third) ||
        !std::equal(red, red + third, red + 2 * third))
        return;
    image.values.resize(third);
    image.values.shrink_to_fit();
    image.channels = 1;
    image.rgb = false;
}

LabelMap decode_labels(StoredFile& file, const std::filesystem::path& path,
                       const ReadOptions& options) {
    check_lossless(file, path.string());
    const auto slices = picked_slices(options, file.order(), path.string());
    const bool rgb = file.info().rgb && !file.info().palette;
    const std::int64_t channels = file.layout().kept * file.order().channels();
    if (channels != 1 && !rgb)
        fail(ErrorCode::unsupported,
             "'{}' has {} channels, expected labels: one channel that holds a class number or an "
             "object id per pixel; save the channel with the labels alone",
             path.string(), channels);
    LabelMap labels;
    labels.storage = storage_of(file.info());
    labels.size = file.info().size;
    labels.size.depth = static_cast<std::int64_t>(slices.size());
    labels.spacing = spacing_of(options, file.info().spacing);
    check_memory(path, labels.size.elements() * 4 + file.page_bytes());
    labels.values.resize(labels.size.elements());
    std::vector<std::byte> page(file.page_bytes());
    for (const PageTask& task : tasks_of(file.order(), slices, {0})) {
        file.read_page(task.page, page);
        if (rgb) check_colours_are_grey(file, page, path.string());
        convert_to_labels(file, page, slices[task.slice], path.string(), labels.plane(task.slice));
    }
    return labels;
}

}  // namespace

ImageInfo read_image_info(const std::filesystem::path& path) {
    return with_file_errors(path, [&] { return open_stored(path)->info(); });
}

Image read_image(const std::filesystem::path& path, const ReadOptions& options,
                 std::vector<std::string>* notes) {
    return with_file_errors(path, [&] {
        const auto file = open_stored(path, options.axes);
        if (notes) *notes = reading_notes(file->info(), options);
        if (options.as_stored) file->take_stored_values();
        Image image = decode_image(*file, path, options);
        if (image.rgb) drop_equal_colours(image);
        return image;
    });
}

LabelMap read_labels(const std::filesystem::path& path, const ReadOptions& options,
                     std::vector<std::string>* notes) {
    return with_file_errors(path, [&] {
        const auto file = open_stored(path, options.axes);
        if (notes) *notes = reading_notes(file->info(), options);
        return decode_labels(*file, path, options);
    });
}

}  // namespace unet
