#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "unet/core/image.h"
#include "unet/image/contents/contents.h"
#include "unet/image/page_order.h"
#include "unet/image/read_options.h"

namespace unet {

/// True for the names of what read_image reads: files .png, .jpg, .jpeg, .tif, .tiff, .btf, .tf8,
/// .nii, .nii.gz in any case. The content decides how a file is read, whatever its name.
bool is_image_file(const std::filesystem::path& path);

/// True for a file that begins as a JPEG does, whatever its name; false if it cannot be read.
bool is_jpeg_file(const std::filesystem::path& path);

/// How a file says that numbers are made of stored ones: stored x slope + intercept. It counts for
/// labels and for what is measured. NIfTI's is part of the stored value and not here.
struct Calibration {
    double slope = 1.0, intercept = 0.0;
    bool curved = false;  ///< by a function that is not read

    bool straight() const noexcept { return slope != 1.0 || intercept != 0.0; }
};

/// What a file says about itself, before a pixel is decoded.
struct ImageInfo {
    std::string format;  ///< "PNG", "JPEG", "TIFF", "BigTIFF", "NIfTI-1", "NIfTI-2", "OME-Zarr"
    std::string compression;    ///< "none", "deflate", "lzw", ...
    Size3 size;                 ///< depth = slices of all times
    std::int64_t channels = 1;  ///< as read_image gives them, unless red = green = blue everywhere
    std::int64_t pages = 1;     ///< planes that hold pixels: times x slices x channel pages
    std::vector<Axis> axes;  ///< along which the pages count, the slowest first; none for one page
    std::string
        axes_source;  ///< who says so: "ImageJ", "OME", "tifffile", "NIfTI", ...; else empty
    std::vector<std::string> channel_names;  ///< where the file has them
    std::vector<ImageInFile> series;         ///< the images of a file that holds several
    std::size_t series_taken = 0;            ///< the one of them that is described and read
    std::vector<std::string> notes;          ///< what else the file holds, as left_out() has them
    std::vector<std::string> label_images;   ///< paths of those inside an OME-Zarr
    SampleType type = SampleType::u8;
    int bits = 8;  ///< of one stored sample: 1 to 32, 64
    bool rgb = false;
    bool palette = false;  ///< stored values are indices of a colour table
    bool alpha = false;    ///< a transparency channel, which reading drops unless it is picked
    bool white_is_zero = false;  ///< the file shows 0 as white
    /// How the file says that its pixels lie, as EXIF numbers it; turned upright is what is read,
    /// and what `size` and `spacing` are of. 1: upright as stored.
    int orientation = 1;
    Spacing spacing;
    std::string unread_unit;  ///< what it calls the unit of a pixel size where that is no length
    std::string unread_size;  ///< why a size that it gives is not used: a sentence
    Calibration calibration;  ///< of ImageJ
    bool calibrated = false;  ///< values are read by `calibration`; else as they are stored
    double print_resolution = 0.0;  ///< dots per inch that are no pixel size but for printers
    std::int64_t file_bytes = 0;    ///< of all files of an OME-Zarr folder
};

/// Reads the description only: of what `options` take. Errors as read_image.
ImageInfo read_image_info(const std::filesystem::path& path, const ReadOptions& options = {});

/// Reads
/// - PNG: 1 to 16 bit; grey, RGB, palette, with or without transparency;
/// - JPEG: grey or colour;
/// - TIFF and BigTIFF, plain, of ImageJ (above 4 GB too), OME, tifffile: integers of 1 to 32 and 64
///   bits, floats of 16 to 64; strips or tiles; planar or interleaved; LZW, deflate, PackBits,
///   zstd, LZMA, JPEG;
/// - NIfTI-1 and -2, plain or gzip: one image x, y, z, t, channel;
/// - OME-Zarr 0.1 to 0.5, a folder: integers of 8 to 64 bits, floats of 16 to 64; blosc, zstd,
///   zlib, gzip; chunks alone or in shards.
///
/// Values are those stored: a 4-bit file gives 0..15. Exceptions, because they are how the file
/// says it wants to be seen: a colour table is expanded to red, green, blue; white-is-zero is
/// turned over (largest value - v); transparency is dropped unless `options.channels` names it;
/// NIfTI's slope and intercept are applied. ImageJ's calibration is, by a straight line, for
/// `options.as_stored` and for labels: networks see what they were trained on. Three colours that
/// are equal in every pixel become one grey channel. Values wider than float32 are rounded to it.
///
/// Pages become slices (depth), unless the file calls them channels (ImageInfo::axes) or
/// `options.axes` does. Slices of a later time follow those of an earlier one. Of an image pyramid
/// the full resolution is read, of a file with several images the one of `options.series`. What the
/// file holds beside that is told in Image::notes.
///
/// Throws Error: io (unreadable), unsupported (other formats, exotic samples; says what to convert
/// to and how), corrupt_file (truncated, contradictory, or claiming more pixels than its bytes can
/// hold), memory, invalid_argument (`options` name what is not there). Nothing is printed:
/// Image::notes has the reading_notes of the file.
Image read_image(const std::filesystem::path& path, const ReadOptions& options = {});

/// Reads labels from the same formats: the stored value of each pixel, never a colour. A colour
/// table is ignored (the index is the label), and so is white-is-zero: Fiji's inverting table only
/// changes how a mask looks. Red = green = blue everywhere is read as that one value, floats are
/// read where all are whole. LabelMap::storage says which of these it was. `options.channels` is of
/// images only.
///
/// Throws Error as read_image, and Error(unsupported) for what cannot be labels: other RGB (the
/// message counts the colours found and says what to do), several channels, JPEG, values that are
/// negative, not integers or above 2^32 - 1.
LabelMap read_labels(const std::filesystem::path& path, const ReadOptions& options = {});

}  // namespace unet
