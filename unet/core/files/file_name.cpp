#include "unet/core/files/file_name.h"

#include <algorithm>
#include <string>
#include <system_error>

#include "unet/core/error.h"
#include "unet/core/text/text.h"
#include "unet/core/text/unicode.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

/// The one entry of a folder that looks like `name`.
fs::path alike_in(const fs::path& folder, const std::string& name) {
    const std::string wanted = comparable_name(name);
    fs::path found;
    std::error_code error;
    const fs::path place = folder.empty() ? "." : folder;
    for (fs::directory_iterator it(place, error), end; !error && it != end; it.increment(error)) {
        const std::string entry = it->path().filename().string();
        if (comparable_name(entry) != wanted && as_utf8(entry) != name) continue;
        if (!found.empty()) return {};
        found = folder / entry;
    }
    return found;
}

fs::path alike(const fs::path& folder, const fs::path& name) {
    fs::path path = folder;
    for (const fs::path& part : name) {
        const fs::path next = path / part;
        path = is_there(next) ? next : alike_in(path, part.string());
        if (path.empty()) return {};
    }
    return path;
}

}  // namespace

bool is_there(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error);
}

void check_name_fits(const fs::path& file) {
    const std::size_t bytes = file.filename().string().size();
    if (bytes > most_name_bytes)
        fail(ErrorCode::io,
             "cannot write '{}': its name would have {} bytes, at most {} are possible; give the "
             "file that it is made from a shorter name",
             file.string(), bytes, most_name_bytes);
}

bool is_of_system(std::string_view name) {
    return name.starts_with('.') || name == "__MACOSX" || name == "Thumbs.db" ||
           name == "desktop.ini";
}

fs::path file_named(const fs::path& folder, std::string_view name) {
    if (name.empty()) return {};
    if (is_there(folder / name)) return folder / name;
    std::string plain(trim(name));
    if (is_there(folder / plain)) return folder / plain;
    std::replace(plain.begin(), plain.end(), '\\', '/');
    if (is_there(folder / plain)) return folder / plain;
    return alike(folder, plain);
}

}  // namespace unet
