#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "unet/core/error.h"

namespace unet {

/// A place in an image, in pixels from its upper left corner: pixel (r, c) covers rows r .. r + 1
/// and columns c .. c + 1, its middle is at r + 0.5, c + 0.5.
struct PlacePoint {
    double y = 0.0, x = 0.0;
    bool operator==(const PlacePoint&) const = default;
};

/// A closed line; the first point is not repeated.
using Curve = std::vector<PlacePoint>;

/// Pixels of a box, column after column: counts[0] outside, counts[1] inside, counts[2] outside ...
/// as COCO has them.
struct ColumnRuns {
    std::int64_t height = 0, width = 0;
    std::vector<std::int64_t> counts;
};

/// Where in a stack something was drawn, counted from 0; -1: the file does not say.
struct StackPlace {
    std::int64_t page = -1;  ///< of all pages of the file, those of channels included
    std::int64_t z = -1, t = -1;
    bool operator==(const StackPlace&) const = default;
};

/// Why something in a file is not drawn.
enum class LeftOut {
    no_area,      ///< a point, a line, a text
    no_outline,   ///< not a single point is known
    no_number,    ///< a coordinate is NaN, infinite or null
    nucleus,      ///< of a cell, which counts as a whole
    outside,      ///< of the image
    unusable,     ///< its reader, or who draws it, has an Error for it
    other_entry,  ///< of an archive: a file that is no annotation
    json_beside   ///< of an archive of ImageJ's regions: annotations of another program
};

/// One thing that a person drew: a cell, a region.
struct Annotation {
    std::string where;       ///< its file and its place there; begins messages
    std::string name;        ///< may be empty
    std::string class_name;  ///< may be empty
    StackPlace place;
    /// Within each piece the even-odd rule says what is inside, so that inner curves are holes;
    /// the annotation is all pieces together.
    std::vector<std::vector<Curve>> pieces;
    std::optional<ColumnRuns> runs;           ///< instead of pieces, of the whole image
    bool ignored = false;                     ///< its pixels take no part (COCO's crowds)
    std::vector<std::vector<Curve>> nucleus;  ///< of a cell of QuPath, as `pieces`
    /// The program that drew it says itself what is inside where a line crosses itself (ImageJ: the
    /// even-odd rule).
    bool may_cross = false;
};

/// What one file, or a part of it, says of one image.
struct AnnotatedImage {
    std::filesystem::path file;          ///< of the annotations
    std::string image;                   ///< the image's name as the file has it; may be empty
    std::int64_t height = 0, width = 0;  ///< of the image as the file has it; 0: it does not say
    /// Drawn on the pixels as they are stored, by programs that turn no image upright (ImageJ,
    /// QuPath); else on the image as viewers show it.
    bool as_stored = false;
    std::vector<Annotation> annotations;
    std::map<LeftOut, std::int64_t> left_out;
    std::optional<Error> fault;  ///< the first of what is left out as unusable
    bool alone = true;           ///< the file says nothing of other images
    /// What the image may be called where `image` is empty or not there; none: by the name of
    /// `file`.
    std::vector<std::string> names;
};

/// Runs `read`, which reads one thing of a file: an Error of it is counted and no fault of the
/// whole file, unless it is of the machine or a setting mends it.
template <class Counts, class Read>
void leave_out_faults(Counts& result, Read read) {
    try {
        read();
    } catch (const Error& error) {
        if (!error.setting().empty() || error.code() == ErrorCode::memory ||
            error.code() == ErrorCode::io || error.code() == ErrorCode::cancelled)
            throw;
        ++result.left_out[LeftOut::unusable];
        if (!result.fault) result.fault = error;
    }
}

/// Where nothing at all of a file can be used, throws why.
inline void refuse_if_unusable(const std::vector<AnnotatedImage>& images) {
    for (const AnnotatedImage& image : images)
        if (!image.annotations.empty()) return;
    for (const AnnotatedImage& image : images)
        if (image.fault) throw Error(*image.fault);
}

/// Coordinates beyond this are no pixels of any image.
inline constexpr double most_coordinate = 1e8;

}  // namespace unet
