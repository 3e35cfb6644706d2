#include "unet/image/image_path.h"

#include <algorithm>
#include <iterator>
#include <system_error>

#include "unet/core/text/text.h"
#include "unet/image/format.h"

namespace unet {

namespace fs = std::filesystem;

fs::path image_path(const fs::path& typed) {
    fs::path path = typed;
    while (path.has_parent_path() && path.has_relative_path() &&
           (!path.has_filename() || path.filename() == "."))
        path = path.parent_path();
    constexpr std::string_view metadata[] = {".zattrs", ".zgroup", ".zarray", "zarr.json"};
    if (std::find(std::begin(metadata), std::end(metadata), path.filename().string()) ==
        std::end(metadata))
        return path;
    return path.has_parent_path() ? path.parent_path() : ".";
}

bool is_image_folder(const fs::path& path) {
    const fs::path folder = image_path(path);
    std::error_code error;
    if (!fs::is_directory(folder, error)) return false;
    return std::any_of(formats_read().begin(), formats_read().end(), [&](const Format* format) {
        return format->folder && format->recognises(folder, {});
    });
}

bool is_folder_of_images(const fs::path& path) {
    std::error_code error;
    return fs::is_directory(path, error) && !is_image_folder(path);
}

fs::path name_of_image(const fs::path& path) {
    const fs::path whole = image_path(path);
    fs::path name;
    for (const fs::path& part : whole)
        if (!name.empty() || (lower_case(part.string()).ends_with(".zarr") && part != ".zarr"))
            name /= part;
    return name.empty() ? whole.filename() : name;
}

fs::path name_of_copy(const fs::path& path) {
    const fs::path name = name_of_image(path);
    if (!name.has_parent_path()) return name;
    fs::path first = name.begin()->stem();
    if (first.extension() == ".ome") first = first.stem();
    for (auto part = std::next(name.begin()); part != name.end(); ++part) {
        first += "_";
        first += *part;
    }
    first += ".zarr";
    return first;
}

}  // namespace unet
