#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "unet/annotation/annotation.h"

namespace unet {

/// Pixels x .. end - 1 of row y.
struct PixelRun {
    std::int64_t y, x, end;
    bool operator==(const PixelRun&) const = default;
};

/// The pixels of an annotation inside an image of `height` x `width`, in raster order, each once. A
/// pixel belongs to it where its middle does; on a line itself, those whose middle is on a right
/// hand border do and those on a left hand border do not, as in ImageJ.
/// Throws Error(shape_mismatch) for runs of another size than the image, and Error(corrupt_file)
/// for runs that do not make that size.
std::vector<PixelRun> filled(const Annotation& annotation, std::int64_t height, std::int64_t width);

std::int64_t pixels_in(const std::vector<PixelRun>& runs);

/// False where not a single point is known.
bool has_outline(const Annotation& annotation);

/// How an annotation with an outline lies to its image. Runs always are inside.
enum class Reach { inside, partly, outside };
Reach reach_of(const Annotation& annotation, std::int64_t height, std::int64_t width);

/// A place where two lines of a piece cross; nothing where they touch or run along each other only.
std::optional<PlacePoint> crossing_in(const std::vector<Curve>& piece);

}  // namespace unet
