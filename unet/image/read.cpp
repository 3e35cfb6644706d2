#include "unet/image/read.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/core/system/memory.h"
#include "unet/image/contents/reading_notes.h"
#include "unet/image/contents/upright.h"
#include "unet/image/convert.h"
#include "unet/image/file_errors.h"
#include "unet/image/format.h"
#include "unet/image/image_path.h"
#include "unet/image/read_series.h"
#include "unet/image/stored.h"

namespace unet {

namespace {

/// Whether the transparency of a file is asked for as a channel: that behind its last one.
bool picks_transparency(const StoredFile& file, const ReadOptions& options) {
    if (!file.info().alpha || !options.channels || file.order().channels() > 1) return false;
    const auto& spans = options.channels->spans;
    return std::any_of(spans.begin(), spans.end(),
                       [&](const auto& span) { return span.second == file.info().channels; });
}

}  // namespace

std::unique_ptr<StoredFile> open_stored(const std::filesystem::path& typed,
                                        const ReadOptions& options, FileUse use) {
    const std::filesystem::path path = image_path(typed);
    const Format* format = format_of(path);
    if (format == nullptr) fail(ErrorCode::unsupported, "{}", why_unknown(path));
    auto file = turned_upright(format->open(path, options));
    if (file->info().series.empty() && use == FileUse::image)
        picked_series(options.series, {{}}, 0, path.string());
    if (!options.axes.empty()) file->set_axes(options.axes, path.string());
    // Of labels only what ImageJ keeps signed numbers by: a density or an inverted look is no id.
    const bool counts = use == FileUse::labels ? file->info().calibration.slope == 1.0
                                               : options.as_stored && options.calibrated;
    if (counts) file->take_calibrated();
    if (use == FileUse::image && picks_transparency(*file, options)) file->take_transparency();
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

/// What reads all slices as they are stored.
ReadOptions untouched(ReadOptions options) {
    options.pages = options.z = options.t = {};
    options.turn = {};
    return options;
}

/// Turns an Image or LabelMap of all slices and picks among them.
template <class Map>
void turn_and_pick(Map& map, std::int64_t channels, const StoredFile& file,
                   const std::filesystem::path& path, const ReadOptions& options) {
    const Turn& turn = options.turn;
    const PageOrder order = turned_order(turn, file.order(), map.size);
    const Size3 stored{file.order().slices(), map.size.height, map.size.width};
    const Size3 turned = turn.size_of(stored), slice{1, turned.height, turned.width};
    const auto picked = picked_slices(options, order, path.string());
    check_memory(path,
                 4 * (std::ssize(map.values) + channels * std::ssize(picked) * slice.elements()));
    decltype(map.values) values(channels * std::ssize(picked) * slice.elements());
    decltype(map.values) one(turned.elements());
    auto* target = values.data();
    for (std::int64_t channel = 0; channel < channels; ++channel)
        for (std::int64_t at = 0, time = -1; at < std::ssize(picked); ++at) {
            if (picked[at] / turned.depth != time || at == 0) {
                time = picked[at] / turned.depth;
                turn.copy(map.values.data() + (channel * order.times() + time) * stored.elements(),
                          stored, one.data());
            }
            target = std::copy_n(one.data() + picked[at] % turned.depth * slice.elements(),
                                 slice.elements(), target);
        }
    map.values = std::move(values);
    map.size = {std::ssize(picked), turned.height, turned.width};
    map.spacing = turn.spacing_of(map.spacing);
}

Image decode_image(StoredFile& file, const std::filesystem::path& path,
                   const ReadOptions& options) {
    if (!options.turn.none()) {
        Image image = decode_image(file, path, untouched(options));
        turn_and_pick(image, image.channels, file, path, options);
        return image;
    }
    const ImageInfo& info = file.info();
    Image image;
    image.notes = reading_notes(info, options);
    if (options.as_stored) file.take_stored_values();
    const auto slices = picked_slices(options, file.order(), path.string());
    const auto channels = picked_channels(options, info.channels, path.string());
    image.size = info.size;
    image.size.depth = static_cast<std::int64_t>(slices.size());
    image.channels = static_cast<std::int64_t>(channels.size());
    image.type = info.type;
    image.spacing = spacing_of(options, info.spacing);
    image.rgb = info.rgb && channels == std::vector<std::int64_t>{0, 1, 2};
    const std::int64_t values = image.channels * image.size.elements();
    check_memory(path, values * 4 + file.page_bytes());
    image.values.resize(values);
    Transparency transparency;
    std::vector<std::byte> page(file.page_bytes());
    const std::int64_t per_page = file.channels_per_page();
    for (const PageTask& task : tasks_of(file.order(), slices, channel_pages_of(file, channels))) {
        file.read_page(task.page, page);
        if (!options.channels) transparency.look_at(file, page);
        for (std::size_t c = 0; c < channels.size(); ++c)
            if (channels[c] / per_page == task.channel_page)
                convert_to_float(file, page, channels[c] % per_page,
                                 image.plane(static_cast<std::int64_t>(c), task.slice));
    }
    if (transparency.differs()) image.notes.push_back(transparency_note(info));
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
    if (!options.turn.none()) {
        LabelMap labels = decode_labels(file, path, untouched(options));
        turn_and_pick(labels, 1, file, path, options);
        return labels;
    }
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
    labels.notes = reading_notes(file.info(), options);
    Transparency transparency;
    check_memory(path, labels.size.elements() * 4 + file.page_bytes());
    labels.values.resize(labels.size.elements());
    std::vector<std::byte> page(file.page_bytes());
    for (const PageTask& task : tasks_of(file.order(), slices, {0})) {
        file.read_page(task.page, page);
        transparency.look_at(file, page);
        if (rgb) check_colours_are_grey(file, page, path.string());
        convert_to_labels(file, page, slices[task.slice], path.string(), labels.plane(task.slice));
    }
    if (transparency.differs())
        labels.notes.push_back(transparency_note(file.info(), FileUse::labels));
    return labels;
}

}  // namespace

namespace {

ImageInfo info_of(const std::filesystem::path& path, const ReadOptions& options, FileUse use) {
    return with_file_errors(path, [&] {
        const auto file = open_stored(path, options, use);
        ImageInfo info = file->info();
        info.notes = reading_notes(info, options);
        if (info.alpha && !options.channels) info.notes.push_back(transparency_note(info, use));
        const auto channels = picked_channels(options, info.channels, path.string());
        info.size.depth = std::ssize(picked_slices(options, file->order(), path.string()));
        info.channels = std::ssize(channels);
        info.rgb = info.rgb && channels == std::vector<std::int64_t>{0, 1, 2};
        info.spacing = spacing_of(options, info.spacing);
        return info;
    });
}

}  // namespace

ImageInfo read_image_info(const std::filesystem::path& path, const ReadOptions& options) {
    return info_of(path, options, FileUse::image);
}

ImageInfo read_label_info(const std::filesystem::path& path, const std::string& series) {
    return info_of(path, read_series(series), FileUse::labels);
}

Image read_image(const std::filesystem::path& path, const ReadOptions& options) {
    return with_file_errors(path, [&] {
        Image image = decode_image(*open_stored(path, options), path, options);
        if (image.rgb) drop_equal_colours(image);
        return image;
    });
}

LabelMap read_labels(const std::filesystem::path& path, const ReadOptions& options) {
    return with_file_errors(path, [&] {
        return decode_labels(*open_stored(path, options, FileUse::labels), path, options);
    });
}

}  // namespace unet
