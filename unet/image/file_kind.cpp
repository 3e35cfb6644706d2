#include "unet/image/file_kind.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>
#include <system_error>

#include "unet/core/error.h"
#include "unet/core/shell.h"
#include "unet/image/nifti/nifti_header.h"
#include "unet/image/read.h"
#include "unet/image/zarr/ome_zarr.h"

namespace unet {
namespace {

/// Files of makers that Bio-Formats reads. "noflat" keeps the levels of a pyramid together.
constexpr std::string_view vendor_endings[] = {
    ".czi", ".nd2", ".lif", ".lsm",  ".oib", ".oif",  ".oir", ".vsi", ".ims", ".zvi",  ".dv",
    ".lei", ".stk", ".svs", ".ndpi", ".scn", ".mrxs", ".bif", ".sld", ".ipw", ".xlef", ".nd"};

std::string lower_name(const std::filesystem::path& path) {
    std::string name = path.filename().string();
    for (char& letter : name)
        letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return name;
}

bool ends_in(const std::string& name, std::string_view ending) {
    return name.size() > ending.size() && name.ends_with(ending);
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

bool is_image_folder(const std::filesystem::path& path) {
    return ends_in(lower_name(path), ".zarr") && is_zarr_folder(path);
}

FileKind file_kind_of(const std::filesystem::path& path) {
    if (is_image_folder(path)) return FileKind::zarr;
    const std::string bytes = first_bytes(path);
    if (bytes == "\x89PNG\r\n\x1a\n") return FileKind::png;
    if (bytes.starts_with("\xff\xd8\xff")) return FileKind::jpeg;
    for (const auto magic : {std::string_view("II*\0", 4), std::string_view("MM\0*", 4),
                             std::string_view("II+\0", 4), std::string_view("MM\0+", 4)})
        if (bytes.starts_with(magic)) return FileKind::tiff;
    return is_nifti(path) ? FileKind::nifti : FileKind::other;
}

std::string conversion_of(const std::filesystem::path& path) {
    const std::string name = lower_name(path);
    if (std::none_of(std::begin(vendor_endings), std::end(vendor_endings),
                     [&](std::string_view ending) { return ends_in(name, ending); }))
        return {};
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
    return fmt::format(
        "'{}' is neither PNG, JPEG, TIFF, NIfTI nor OME-Zarr (its first bytes are those of no "
        "known image); "
        "convert it to PNG or TIFF",
        path.string());
}

bool is_image_file(const std::filesystem::path& path) {
    const std::string name = lower_name(path);
    constexpr std::string_view endings[] = {".png", ".jpg", ".jpeg", ".tif",   ".tiff",
                                            ".btf", ".tf8", ".nii",  ".nii.gz"};
    return std::any_of(std::begin(endings), std::end(endings),
                       [&](std::string_view ending) { return ends_in(name, ending); });
}

bool is_jpeg_file(const std::filesystem::path& path) {
    try {
        return file_kind_of(path) == FileKind::jpeg;
    } catch (const Error&) {
        return false;
    }
}

}  // namespace unet
