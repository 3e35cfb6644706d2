#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "unet/annotation/annotation.h"
#include "unet/core/image.h"
#include "unet/core/labels.h"
#include "unet/image/read.h"

namespace unet {

/// What annotations mean.
struct DrawOptions {
    LabelKind kind = LabelKind::instances;  ///< a number for each annotation, or for each class
    std::vector<std::string> classes;  ///< of values 1, 2, ...; annotations of others are an error
    /// Class of regions that were annotated whole: what lies outside of all of them is ignored.
    /// Where an image has none, all of it counts.
    std::string region_class = "Region*";
    std::string ignored_class = "Ignore*";  ///< class of pixels that take no part
    bool nuclei = false;                    ///< of cells that have one the nucleus, not the whole
    bool fill_crossings = false;  ///< lines that cross themselves are no error (even-odd rule)
};

/// Value of pixels that take no part, in instances and classes.
inline constexpr std::uint32_t ignored_value = 255;

/// Labels and how they came to be.
struct DrawnLabels {
    LabelMap labels;
    std::int64_t objects = 0;         ///< annotations with a pixel left
    std::int64_t clipped = 0;         ///< partly beyond the image
    std::int64_t crossing = 0;        ///< lines that cross themselves, filled by the even-odd rule
    std::int64_t covered = 0;         ///< hidden by others, or smaller than a pixel: left out
    std::int64_t overlap_pixels = 0;  ///< claimed by several
    std::int64_t ignored_pixels = 0;
    std::int64_t every_slice = 0;  ///< without a slice in a stack: drawn on all
    std::int64_t crowds = 0;       ///< of COCO, whose pixels take no part
    std::int64_t usable = 0;       ///< annotations that were drawn
    std::map<LeftOut, std::int64_t> left_out;
    std::optional<Error> fault;   ///< the first of what cannot be used
    std::int64_t renumbered = 0;  ///< their number is another's in the slice, or means ignored
};

/// True for a class that is neither region nor ignored.
bool is_object_class(const std::string& name, const DrawOptions& options);

/// Draws the annotations of an image. Where they overlap the smaller one keeps the pixels, so that
/// none inside another is lost. Instances whose name is a whole number (of stacks NAME_zSLICE too)
/// have it, one number in several slices being one object; of several in a slice the first. All
/// others have the numbers above the largest of those, in the order of the file; 255 is no number
/// where pixels are ignored. Classes have value_of_class.
/// Throws Error: shape_mismatch where the file speaks of another size; unsupported for outlines on
/// stored pixels of an image that is read turned; invalid_argument for an annotation that crosses
/// itself or is of an unknown class. Others that cannot be drawn (wholly outside the image, on a
/// slice that is not there, with a hole outside of it, runs of another size) are counted, and an
/// error only where the file has nothing else. The message begins with the annotation's place.
DrawnLabels draw_labels(const AnnotatedImage& annotated, const ImageInfo& image,
                        const DrawOptions& options);

}  // namespace unet
