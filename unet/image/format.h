#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "unet/core/image.h"
#include "unet/image/contents/place.h"
#include "unet/pixels/palette.h"

namespace unet {

class FileSink;
class StoredFile;
struct FileShape;
struct ReadOptions;

/// By this name files say who wrote them.
inline constexpr char written_by[] = "unet.cpp";

/// A format of image files. Each is described in its own folder (tiff/tiff_format.cpp), and
/// format.cpp lists them: nothing else has to know one.
struct Format {
    using Path = std::filesystem::path;
    std::string_view name;   ///< as a setting has it: "ome-tif"
    std::string_view title;  ///< as a sentence has it: "OME-TIFF"

    // Of formats_read().
    /// Of names, in small letters, the usual one first.
    std::span<const std::string_view> endings{};
    bool folder = false;  ///< an image is a folder
    /// By content (names lie); `begin` are the first 8 bytes of a file, or all, and none of a
    /// folder, of which it says whether it is one image.
    bool (*recognises)(const Path& path, std::string_view begin) = nullptr;
    /// `options.series` picks among several images; with `options.axes` a description that
    /// contradicts the number of pages is no error. Throws as read_image.
    std::unique_ptr<StoredFile> (*open)(const Path& path, const ReadOptions& options) = nullptr;
    /// As place_of, but throws Error; none: the format knows no place.
    std::optional<Place> (*place)(const Path& path) = nullptr;

    // Of formats_written().
    std::string_view ending{};    ///< of what is written, with the point: ".ome.tif"
    bool one_plane = false;       ///< holds one plane of 8 or 16 bits and nothing else
    bool smaller_copies = false;  ///< stands beside the pixels, half as large each
    /// A result for a file of the same format has its place in space (FileShape::geometry_of), and
    /// is packed (.gz) where that is.
    bool takes_place = false;
    /// Throws Error(unsupported) for what the format cannot hold, saying what to write instead, and
    /// Error(shape_mismatch) for pixels that have no place in `geometry_of`; writes nothing.
    void (*check)(const Path& path, const FileShape& shape) = [](const Path&, const FileShape&) {};
    /// The sink, which packs on `threads` threads (0: all). Throws as check(), and Error(io).
    std::unique_ptr<FileSink> (*create)(const Path& path, const FileShape& shape,
                                        int threads) = nullptr;
    /// Bytes that such a sink keeps while cores of a size are written to it in raster order, what
    /// packing takes included.
    std::int64_t (*footprint)(const FileShape& shape, int threads, const Size3& core) =
        [](const FileShape&, int, const Size3&) { return std::int64_t{0}; };
    /// As is_written_by_unet.
    bool (*is_ours)(const Path& path) = [](const Path&) { return false; };

    // Of those that write_image and write_labels write.
    std::span<const std::string_view> whole_endings{};  ///< of names; none: they do not
    void (*write_image)(const Path& path, const Image& image) = nullptr;
    void (*write_labels)(const Path& path, const LabelMap& labels, std::uint32_t largest,
                         std::span<const Colour> colours) = nullptr;
};

/// The formats that are read, in the order in which a file is tried, and those that are written, in
/// the order of the help.
std::span<const Format* const> formats_read();
std::span<const Format* const> formats_written();

/// The one of formats_written() with this name. Throws Error(invalid_argument) if there is none.
const Format& format_named(std::string_view name);

/// The format that a file is in, by its content; nullptr for another one. Throws Error(io) for what
/// cannot be read.
const Format* format_of(const std::filesystem::path& path);

/// The usual endings of the files that are read: ".png, .jpg, .tif or .nii".
std::string usual_endings();

/// The command that turns the file of a microscope's maker into OME-TIFF, by the command line tools
/// of Bio-Formats; empty where the name's ending is none of theirs.
std::string conversion_of(const std::filesystem::path& path);

/// The sentence about a file that is in none of the formats.
std::string why_unknown(const std::filesystem::path& path);

}  // namespace unet
