#include "unet/objects/measuring/measurements.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "unet/core/error.h"
#include "unet/core/math.h"
#include "unet/objects/boundary.h"
#include "unet/objects/measuring/convex_hull.h"
#include "unet/objects/measuring/moments.h"
#include "unet/objects/object_runs.h"

namespace unet {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::array<std::int64_t, 4> box_of(std::span<const PixelRun> runs) {
    std::array<std::int64_t, 4> box{runs.front().y, runs.front().begin, runs.back().y + 1, 0};
    for (const PixelRun& run : runs) {
        box[1] = std::min(box[1], run.begin);
        box[3] = std::max(box[3], run.end);
    }
    return box;
}

/// Of what was found on pixels, the measures of lengths; pixels are `height` by `width` units.
Lengths lengths_of(const Moments& moments, const ConvexHull& hull, double perimeter, double height,
                   double width) {
    Lengths lengths;
    lengths.centroid = {moments.y * height, moments.x * width};
    lengths.area = static_cast<double>(moments.pixels) * (height * width);
    lengths.perimeter = height == width ? perimeter * height : not_a_number;
    lengths.equivalent_diameter = sqrt_of(4.0 * lengths.area / pi);
    const Ellipse ellipse = ellipse_of(moments, height, width);
    lengths.axis_major = ellipse.major;
    lengths.axis_minor = ellipse.minor;
    const FeretDiameters feret = feret_diameters(hull, height, width);
    lengths.feret_max = feret.max;
    lengths.feret_min = feret.min;
    return lengths;
}

/// All of an object but its brightness.
ObjectMeasurements shape_of(std::span<const PixelRun> runs, Boundaries& boundaries,
                            const Size3& size, const Spacing& spacing) {
    const Moments moments = moments_of(runs);
    const ConvexHull hull = convex_hull(runs);
    const Boundary boundary = boundaries.measure(runs);
    ObjectMeasurements object;
    object.bbox = box_of(runs);
    object.touches_border = object.bbox[0] == 0 || object.bbox[1] == 0 ||
                            object.bbox[2] == size.height || object.bbox[3] == size.width;
    object.pixels = lengths_of(moments, hull, boundary.perimeter, 1.0, 1.0);
    if (spacing.known())
        object.physical =
            lengths_of(moments, hull, boundary.perimeter, spacing.size[1], spacing.size[2]);
    const Ellipse ellipse = ellipse_of(moments);
    object.orientation = ellipse.orientation;
    object.eccentricity = ellipse.eccentricity;
    object.area_convex = hull.pixels;
    object.solidity = object.pixels.area / static_cast<double>(hull.pixels);
    object.neighbours = boundary.neighbours;
    const double perimeter = boundary.perimeter;
    object.circularity =
        perimeter > 0.0 ? 4.0 * pi * object.pixels.area / (perimeter * perimeter) : not_a_number;
    return object;
}

}  // namespace

void check_measurable(const LabelMap& labels, const Image& image) {
    const Size3& b = image.size;
    if (labels.size != b)
        fail(ErrorCode::shape_mismatch,
             "the labels are {} pixels, the image is {}; expected equal sizes (height x width, "
             "slices first): give the image that was labelled, neither cropped nor scaled",
             to_string(labels.size), to_string(b));
}

Spacing measured_spacing(const LabelMap& labels, const Image* image) {
    return labels.spacing.known() || image == nullptr ? labels.spacing : image->spacing;
}

std::vector<ObjectMeasurements> measure_objects(const LabelMap& labels, const Image* image) {
    if (image != nullptr) check_measurable(labels, *image);
    const Spacing spacing = measured_spacing(labels, image);
    const auto area = static_cast<std::size_t>(labels.size.height * labels.size.width);
    std::vector<ObjectMeasurements> objects;
    for (std::int64_t z = 0; z < labels.size.depth; ++z) {
        const std::span<const std::uint32_t> plane(labels.plane(z), area);
        const ObjectRuns runs(plane, labels.size.width);
        Boundaries boundaries(plane, labels.size.height, labels.size.width);
        const std::size_t begin = objects.size();
        for (std::size_t i = 0; i < runs.ids().size(); ++i) {
            objects.push_back(shape_of(runs.runs(i), boundaries, labels.size, spacing));
            objects.back().label = runs.ids()[i];
            objects.back().slice = z;
        }
        for (std::int64_t c = 0; image != nullptr && c < image->channels; ++c) {
            BrightnessMeter meter({image->plane(c, z), area}, plane, labels.size.width);
            for (std::size_t i = 0; i < runs.ids().size(); ++i)
                objects[begin + i].channels.push_back(meter.measure(runs.runs(i)));
        }
    }
    return objects;
}

}  // namespace unet
