#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "scratch.h"
#include "targets.h"
#include "unet/core/error.h"
#include "unet/image/file_source.h"
#include "unet/image/read.h"

namespace unet::fuzz {
namespace {

// An image of more values is only looked at in parts, as `--max-ram` makes the program do.
constexpr std::int64_t most_values = std::int64_t{1} << 21;
constexpr std::int64_t most_window_bytes = std::int64_t{1} << 26;

template <class Function>
auto result_of(Function function) -> std::optional<decltype(function())> {
    try {
        return function();
    } catch (const Error&) {
        return std::nullopt;
    }
}

std::int64_t values_of(const Size3& size, std::int64_t channels) {
    double count = static_cast<double>(channels);
    for (const std::int64_t length : {size.depth, size.height, size.width})
        count *= static_cast<double>(length);
    return count > static_cast<double>(most_values) ? most_values + 1
                                                    : static_cast<std::int64_t>(count);
}

/// Rows from the top, the middle and the end, then a corner.
std::vector<Region> parts_of(const Size3& size) {
    const std::int64_t width = std::min<std::int64_t>(size.width, 4096);
    const std::int64_t rows = std::min<std::int64_t>(size.height, 3);
    return {{0, 0, 0, {1, rows, width}},
            {size.depth / 2, size.height / 2, 0, {1, 1, width}},
            {size.depth - 1, size.height - rows, size.width - width, {1, rows, width}},
            {0, size.height - 1, size.width - 1, {1, 1, 1}}};
}

void read_parts(FileSource& source, const std::optional<Image>& whole) {
    for (const Region& part : parts_of(source.size())) {
        if (source.window_bytes(part.size.height) > most_window_bytes) return;
        if (values_of(part.size, source.channels()) > most_values) return;
        std::vector<float> values(source.channels() * part.size.elements());
        if (!result_of([&] {
                source.read(part, values);
                return true;
            }))
            continue;
        if (!whole) continue;
        std::vector<float> expected(values.size());
        ImageSource(*whole).read(part, expected);
        if (std::memcmp(values.data(), expected.data(), values.size() * sizeof(float)) != 0)
            std::abort();
    }
}

void read_path(const std::filesystem::path& path) {
    result_of([&] { return read_image_info(path); });
    try {
        FileSource source(path);
        std::optional<Image> whole;
        if (values_of(source.size(), source.channels()) <= most_values &&
            source.window_bytes(source.size().height) <= most_window_bytes) {
            whole = result_of([&] { return read_image(path); });
            result_of([&] { return read_labels(path); });
        }
        read_parts(source, whole);
        // Axes by hand: what the file says of its pages is then no error.
        ReadOptions options;
        options.axes = "ZYX";
        FileSource stack(path, options);
        read_parts(stack, std::nullopt);
    } catch (const Error&) {
        return;
    }
}

/// Names of files a level or two below the folder, and nothing else.
bool is_name(std::string_view name) {
    constexpr std::string_view letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_-";
    constexpr std::size_t longest = 64;
    return !name.empty() && name.size() < longest && name.front() != '/' &&
           name.find("..") == std::string_view::npos &&
           name.find_first_not_of(letters) == std::string_view::npos;
}

}  // namespace

void read_picture(std::span<const std::byte> bytes) { read_path(scratch().write("image", bytes)); }

void read_zarr(std::span<const std::byte> bytes) {
    constexpr std::string_view mark = "\n#FILE ";
    constexpr int most_files = 64;
    const std::filesystem::path image = scratch().folder() / "image.zarr";
    std::error_code ignored;
    std::filesystem::remove_all(image, ignored);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    std::size_t at = text.find(mark);
    for (int file = 0; file < most_files && at != std::string_view::npos; ++file) {
        const std::size_t begin = at + mark.size(), line_end = text.find('\n', begin);
        at = text.find(mark, begin);
        if (line_end == std::string_view::npos || line_end > at) continue;
        const std::string_view name = text.substr(begin, line_end - begin);
        if (!is_name(name)) continue;
        const std::size_t end = std::min(at, text.size());
        std::filesystem::create_directories((image / name).parent_path(), ignored);
        scratch().write(std::filesystem::path("image.zarr") / name,
                        bytes.subspan(line_end + 1, end - line_end - 1));
    }
    read_path(image);
}

}  // namespace unet::fuzz
