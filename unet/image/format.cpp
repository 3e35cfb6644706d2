#include "unet/image/format.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <vector>

#include "unet/core/error.h"
#include "unet/core/text/shell.h"
#include "unet/core/text/text.h"
#include "unet/image/image_path.h"
#include "unet/image/jpeg/jpeg_format.h"
#include "unet/image/nifti/nifti_format.h"
#include "unet/image/png/png_format.h"
#include "unet/image/read.h"
#include "unet/image/tiff/tiff_format.h"
#include "unet/image/write.h"
#include "unet/image/zarr/zarr_format.h"

namespace unet {
namespace {

/// Files of makers that Bio-Formats reads. "noflat" keeps the levels of a pyramid together.
constexpr std::string_view vendor_endings[] = {
    ".czi", ".nd2", ".lif",  ".lsm", ".oib",  ".oif", ".oir", ".vsi", ".ims",  ".zvi", ".dv",
    ".lei", ".svs", ".ndpi", ".scn", ".mrxs", ".bif", ".sld", ".ipw", ".xlef", ".nd"};

/// In the order of sentences.
constexpr const Format* read_formats[] = {&png_format, &jpeg_format, &tiff_format, &nifti_format,
                                          &zarr_format};
/// In the order of help.
constexpr const Format* written_formats[] = {&tiff_format, &ome_tiff_format, &zarr_format,
                                             &nifti_format, &png_format};

std::string lower_name(const std::filesystem::path& path) {
    return lower_case(path.filename().string());
}

bool ends_in_one_of(const std::string& name, std::span<const std::string_view> endings) {
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view ending) { return ends_in(name, ending); });
}

/// "a, b or c".
std::string listed(const std::vector<std::string_view>& words, std::string_view before_last) {
    return fmt::format("{}{}{}", fmt::join(words.begin(), words.end() - 1, ", "), before_last,
                       words.back());
}

std::string first_bytes(const std::filesystem::path& path) {
    std::error_code error;
    const auto kind = std::filesystem::status(path, error).type();
    using std::filesystem::file_type;
    if (kind == file_type::directory)
        fail(ErrorCode::io, "cannot read '{}': it is a folder, expected an image file",
             path.string());
    // Reading it would wait for somebody to write.
    if (kind == file_type::fifo || kind == file_type::socket || kind == file_type::character)
        fail(ErrorCode::io, "cannot read '{}': it is a pipe or a device, expected an image file",
             path.string());
    std::ifstream file(path, std::ios::binary);
    std::string begin(8, '\0');
    if (!file)
        fail(ErrorCode::io, "cannot read '{}': {}", path.string(),
             kind == file_type::not_found ? "there is no such file" : std::strerror(errno));
    file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
    begin.resize(file.gcount());
    return begin;
}

}  // namespace

std::span<const Format* const> formats_read() { return read_formats; }

std::span<const Format* const> formats_written() { return written_formats; }

const Format& format_named(std::string_view name) {
    std::vector<std::string_view> names;
    for (const Format* format : written_formats) {
        if (format->name == name) return *format;
        names.push_back(format->name);
    }
    fail_setting("format", ErrorCode::invalid_argument, "`format`: found '{}', expected {}", name,
                 listed(names, " or "));
}

const Format* format_of(const std::filesystem::path& path) {
    const bool folder = is_image_folder(path);
    const std::string begin = folder ? std::string() : first_bytes(path);
    for (const Format* format : read_formats)
        if (format->folder == folder && format->recognises(path, begin)) return format;
    return nullptr;
}

std::string usual_endings() {
    std::vector<std::string_view> endings;
    for (const Format* format : read_formats)
        if (!format->folder) endings.push_back(format->endings.front());
    return listed(endings, " or ");
}

std::string conversion_of(const std::filesystem::path& path) {
    if (!ends_in_one_of(lower_name(path), vendor_endings)) return {};
    // %s: a number for each of the images that such a file may hold.
    const auto target = path.parent_path() / (path.stem().string() + "_%s.ome.tif");
    return fmt::format("bfconvert -noflat {} {}", shell_word(path.string()),
                       shell_word(target.string()));
}

std::string why_unknown(const std::filesystem::path& path) {
    const std::string command = conversion_of(path);
    if (!command.empty())
        return fmt::format(
            "'{}' is in the format of a microscope's maker, which is not read; turn it into "
            "OME-TIFF "
            "with the command line tools of Bio-Formats: {}",
            path.string(), command);
    std::vector<std::string_view> titles;
    for (const Format* format : read_formats) titles.push_back(format->title);
    return fmt::format(
        "'{}' is neither {} (its first bytes are those of no known image); convert it to PNG or "
        "TIFF",
        path.string(), listed(titles, " nor "));
}

bool is_image_file(const std::filesystem::path& path) {
    const std::string name = lower_name(path);
    return std::any_of(std::begin(read_formats), std::end(read_formats), [&](const Format* format) {
        return !format->folder && ends_in_one_of(name, format->endings);
    });
}

bool is_jpeg_file(const std::filesystem::path& path) {
    try {
        return format_of(path) == &jpeg_format;
    } catch (const Error&) {
        return false;
    }
}

bool is_written_by_unet(const std::filesystem::path& path) {
    return std::any_of(std::begin(written_formats), std::end(written_formats),
                       [&](const Format* format) { return format->is_ours(path); });
}

}  // namespace unet
