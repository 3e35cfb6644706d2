#include "unet/image/read.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <new>

#include "unet/core/error.h"
#include "unet/image/convert.h"
#include "unet/image/stored.h"

namespace unet {
namespace {

enum class Format { png, tiff, jpeg, other };

/// Names lie; the first bytes do not.
Format format_of(const std::filesystem::path& path) {
    const auto bytes = [&] {
        if (std::filesystem::is_directory(path))
            fail(ErrorCode::io, "cannot read '{}': it is a folder, expected an image file",
                 path.string());
        std::ifstream file(path, std::ios::binary);
        std::string begin(8, '\0');
        if (!file)
            fail(ErrorCode::io, "cannot read '{}': {}", path.string(),
                 std::filesystem::exists(path) ? std::strerror(errno) : "there is no such file");
        file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
        begin.resize(static_cast<std::size_t>(file.gcount()));
        return begin;
    }();
    if (bytes == "\x89PNG\r\n\x1a\n") return Format::png;
    for (const auto magic : {std::string_view("II*\0", 4), std::string_view("MM\0*", 4),
                             std::string_view("II+\0", 4), std::string_view("MM\0+", 4)})
        if (bytes.starts_with(magic)) return Format::tiff;
    return bytes.starts_with("\xff\xd8\xff") ? Format::jpeg : Format::other;
}

std::unique_ptr<StoredFile> open_stored(const std::filesystem::path& path, bool labels) {
    switch (format_of(path)) {
        case Format::png:
            return open_png(path);
        case Format::tiff:
            return open_tiff(path);
        case Format::jpeg:
            if (labels)
                fail(
                    ErrorCode::unsupported,
                    "'{}' is a JPEG, whose compression changes label values along every edge; save "
                    "the labels as PNG or TIFF from the original annotation",
                    path.string());
            fail(ErrorCode::unsupported,
                 "'{}' is a JPEG, which is not supported; convert it to PNG or TIFF",
                 path.string());
        case Format::other:
            break;
    }
    fail(
        ErrorCode::unsupported,
        "'{}' is neither PNG nor TIFF (its first bytes are those of no known image); convert it to "
        "PNG or TIFF",
        path.string());
}

/// Refuses what could never fit before asking for it: Linux grants more than there is and ends the
/// process later.
void check_memory(const std::filesystem::path& path, std::int64_t bytes) {
    const double physical = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) *
                            static_cast<double>(::sysconf(_SC_PAGESIZE));
    if (static_cast<double>(bytes) > physical)
        fail(ErrorCode::memory,
             "'{}' needs {:.1f} GB in memory, this machine has {:.1f} GB; "
             "read it in parts (--pages) or crop it",
             path.string(), static_cast<double>(bytes) / 1e9, physical / 1e9);
}

std::vector<std::int64_t> slices_of(const StoredFile& file, const std::filesystem::path& path,
                                    const std::optional<PageRange>& pages) {
    const std::int64_t depth = file.info().size.depth;
    if (pages) return pages->resolve(depth, path.string());
    std::vector<std::int64_t> all(static_cast<std::size_t>(depth));
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i);
    return all;
}

/// Turns bad_alloc into an error that names the file.
template <class Function>
auto with_memory_errors(const std::filesystem::path& path, Function function) {
    try {
        return function();
    } catch (const std::bad_alloc&) {
        fail(ErrorCode::memory,
             "'{}' does not fit into memory; read it in parts (--pages) or crop it", path.string());
    } catch (const std::filesystem::filesystem_error& error) {
        fail(ErrorCode::io, "cannot read '{}': {}", path.string(), error.code().message());
    }
}

Image decode_image(StoredFile& file, const std::filesystem::path& path,
                   const std::optional<PageRange>& pages) {
    const ImageInfo& info = file.info();
    const auto slices = slices_of(file, path, pages);
    Image image;
    image.size = info.size;
    image.size.depth = static_cast<std::int64_t>(slices.size());
    image.channels = info.channels;
    image.type = info.type;
    image.spacing = info.spacing;
    image.rgb = info.rgb;
    const std::int64_t values = image.channels * image.size.elements();
    check_memory(path, values * 4 + file.page_bytes());
    image.values.resize(static_cast<std::size_t>(values));
    std::vector<std::byte> page(static_cast<std::size_t>(file.page_bytes()));
    const std::int64_t per_page = image.channels / file.channel_pages();
    for (std::size_t z = 0; z < slices.size(); ++z)
        for (std::int64_t c = 0; c < file.channel_pages(); ++c) {
            file.read_page(slices[z], c, page);
            for (std::int64_t k = 0; k < per_page; ++k)
                convert_to_float(file, page, k,
                                 image.plane(c * per_page + k, static_cast<std::int64_t>(z)));
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
    image.values.resize(static_cast<std::size_t>(third));
    image.values.shrink_to_fit();
    image.channels = 1;
    image.rgb = false;
}

LabelStorage storage_of(const StoredFile& file) {
    if (file.info().palette) return LabelStorage::colour_table;
    if (file.info().white_is_zero) return LabelStorage::white_is_zero;
    if (file.info().rgb) return LabelStorage::equal_colours;
    return file.layout().kind == NumberKind::floating ? LabelStorage::floats
                                                      : LabelStorage::integers;
}

LabelMap decode_labels(StoredFile& file, const std::filesystem::path& path,
                       const std::optional<PageRange>& pages) {
    const auto slices = slices_of(file, path, pages);
    const bool rgb = file.info().rgb && !file.info().palette;
    const std::int64_t channels = file.layout().kept * file.channel_pages();
    if (channels != 1 && !rgb)
        fail(ErrorCode::unsupported,
             "'{}' has {} channels, expected labels: one channel that holds a class number or an "
             "object id per pixel; save the channel with the labels alone",
             path.string(), channels);
    LabelMap labels;
    labels.storage = storage_of(file);
    labels.size = file.info().size;
    labels.size.depth = static_cast<std::int64_t>(slices.size());
    labels.spacing = file.info().spacing;
    check_memory(path, labels.size.elements() * 4 + file.page_bytes());
    labels.values.resize(static_cast<std::size_t>(labels.size.elements()));
    std::vector<std::byte> page(static_cast<std::size_t>(file.page_bytes()));
    for (std::size_t z = 0; z < slices.size(); ++z) {
        file.read_page(slices[z], 0, page);
        if (rgb) check_colours_are_grey(file, page, path.string());
        convert_to_labels(file, page, slices[z], path.string(),
                          labels.plane(static_cast<std::int64_t>(z)));
    }
    return labels;
}

}  // namespace

bool is_image_file(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    for (char& letter : extension)
        letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return extension == ".png" || extension == ".tif" || extension == ".tiff";
}

bool is_jpeg_file(const std::filesystem::path& path) {
    try {
        return format_of(path) == Format::jpeg;
    } catch (const Error&) {
        return false;
    }
}

ImageInfo read_image_info(const std::filesystem::path& path) {
    return with_memory_errors(path, [&] { return open_stored(path, false)->info(); });
}

Image read_image(const std::filesystem::path& path, const std::optional<PageRange>& pages) {
    return with_memory_errors(path, [&] {
        Image image = decode_image(*open_stored(path, false), path, pages);
        if (image.rgb) drop_equal_colours(image);
        return image;
    });
}

LabelMap read_labels(const std::filesystem::path& path, const std::optional<PageRange>& pages) {
    return with_memory_errors(path,
                              [&] { return decode_labels(*open_stored(path, true), path, pages); });
}

}  // namespace unet
