#include "unet/annotation/draw_labels.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>

#include "unet/annotation/annotation_place.h"
#include "unet/annotation/class_names.h"
#include "unet/annotation/fill.h"
#include "unet/core/error.h"
#include "unet/image/contents/reading_notes.h"
#include "unet/objects/ids.h"

namespace unet {
namespace {

/// Whether a run has a pixel of `runs`, which are in raster order.
bool meets_any(const PixelRun& run, const std::vector<PixelRun>& runs) {
    const auto next = std::partition_point(runs.begin(), runs.end(), [&](const PixelRun& other) {
        return other.y < run.y || (other.y == run.y && other.end <= run.x);
    });
    return next != runs.end() && next->y == run.y && next->x < run.end;
}

/// An annotation and its pixels.
struct Shape {
    const Annotation* annotation;
    std::vector<PixelRun> runs;
    std::int64_t slice = 0, pixels = 0;
    std::uint32_t value = 0;
};

class Drawing {
public:
    Drawing(const AnnotatedImage& annotated, const ImageInfo& image, const DrawOptions& options)
        : annotated_(annotated), image_(image), options_(options) {
        result_.left_out = annotated.left_out;
        result_.fault = annotated.fault;
        result_.labels = {image.size, {}, image.spacing};
        result_.labels.values.resize(image.size.elements(), 0);
    }

    DrawnLabels draw() {
        for (const Annotation& read : annotated_.annotations)
            leave_out_faults(result_, [&] { sort_in(taken(read)); });
        result_.usable = std::ssize(objects_) + std::ssize(regions_) + std::ssize(ignored_);
        if (result_.usable == 0 && result_.fault && annotated_.alone) throw Error(*result_.fault);
        if (options_.kind == LabelKind::classes)
            set_classes();
        else
            set_numbers();
        // The larger first: those inside it stay visible.
        std::stable_sort(objects_.begin(), objects_.end(),
                         [](const Shape& a, const Shape& b) { return a.pixels > b.pixels; });
        for (const Shape& shape : objects_) paint(shape);
        ignore();
        count();
        return std::move(result_);
    }

private:
    /// To the shapes of its kind; or it is counted.
    void sort_in(const Annotation& annotation) {
        if (const auto why = why_left_out(annotation)) {
            ++result_.left_out[*why];
            return;
        }
        if (is_outside(annotation)) return;
        Shape shape = shape_of(annotation);
        if (annotation.class_name == options_.region_class && !options_.region_class.empty()) {
            regions_.push_back(std::move(shape));
        } else if (annotation.ignored || annotation.class_name == options_.ignored_class) {
            if (annotation.ignored) ++result_.crowds;
            ignored_.push_back(std::move(shape));
        } else {
            objects_.push_back(std::move(shape));
        }
    }

    std::uint32_t* plane(std::int64_t slice) { return result_.labels.plane(slice); }

    /// The cell or its nucleus.
    const Annotation& taken(const Annotation& annotation) {
        if (annotation.nucleus.empty()) return annotation;
        if (!options_.nuclei) {
            ++result_.left_out[LeftOut::nucleus];
            return annotation;
        }
        Annotation& nucleus = nuclei_.emplace_back(annotation);
        nucleus.pieces = std::move(nucleus.nucleus);
        nucleus.where += ": nucleus";
        return nucleus;
    }

    static std::optional<LeftOut> why_left_out(const Annotation& annotation) {
        if (!has_outline(annotation)) return LeftOut::no_outline;
        for (const auto& piece : annotation.pieces)
            for (const Curve& curve : piece)
                for (const PlacePoint& point : curve)
                    if (!std::isfinite(point.y) || !std::isfinite(point.x))
                        return LeftOut::no_number;
        return {};
    }

    bool is_outside(const Annotation& annotation) {
        const std::int64_t height = image_.size.height, width = image_.size.width;
        if (reach_of(annotation, height, width) != Reach::outside) return false;
        ++result_.left_out[LeftOut::outside];
        if (!result_.fault)
            result_.fault = Error(
                ErrorCode::invalid_argument,
                fmt::format("{}: it lies wholly outside the image of {} x {} pixels (height x "
                            "width); does it belong to another image?",
                            annotation.where, height, width));
        return true;
    }

    Shape shape_of(const Annotation& annotation) {
        const std::int64_t height = image_.size.height, width = image_.size.width;
        const Reach reach = reach_of(annotation, height, width);
        if (reach == Reach::partly) ++result_.clipped;
        for (const auto& piece : annotation.pieces) {
            check_crossing(annotation, piece);
            if (!annotation.may_cross) check_holes(annotation, piece);
        }
        Shape shape{&annotation, filled(annotation, height, width), slice_of(annotation, image_)};
        if (shape.slice == all_slices) ++result_.every_slice;
        shape.pixels = pixels_in(shape.runs);
        return shape;
    }

    void check_crossing(const Annotation& annotation, const std::vector<Curve>& piece) {
        const auto place = crossing_in(piece);
        if (!place) return;
        if (!annotation.may_cross && !options_.fill_crossings)
            fail_setting(
                "fill_crossings", ErrorCode::invalid_argument,
                "{}: its line crosses itself near x {:.1f}, y {:.1f}, expected a simple outline; "
                "redraw it there, or give `fill_crossings` to leave out what is encircled twice",
                annotation.where, place->x, place->y);
        ++result_.crossing;
    }

    /// Inner curves are holes of the first one.
    void check_holes(const Annotation& annotation, const std::vector<Curve>& piece) const {
        const auto pixels_of = [&](const Curve& curve) {
            Annotation part;
            part.pieces = {{curve}};
            return filled(part, image_.size.height, image_.size.width);
        };
        const auto outer = piece.size() > 1 ? pixels_of(piece[0]) : std::vector<PixelRun>{};
        for (std::size_t i = 1; i < piece.size(); ++i) {
            const auto hole = pixels_of(piece[i]);
            const auto meets = [&](const PixelRun& run) { return meets_any(run, outer); };
            if (hole.empty() || std::any_of(hole.begin(), hole.end(), meets)) continue;
            fail(ErrorCode::invalid_argument,
                 "{}: its hole near x {:.1f}, y {:.1f} lies outside of its outline, expected it "
                 "inside; make it an annotation of its own, or a piece of a MultiPolygon",
                 annotation.where, piece[i][0].x, piece[i][0].y);
        }
    }

    template <class Action>
    void each_run(const Shape& shape, Action action) {
        const bool all = shape.slice == all_slices;
        const std::int64_t first = all ? 0 : shape.slice;
        const std::int64_t last = all ? image_.size.depth : shape.slice + 1;
        for (std::int64_t z = first; z < last; ++z)
            for (const PixelRun& run : shape.runs)
                action(std::span(plane(z) + run.y * image_.size.width + run.x,
                                 static_cast<std::size_t>(run.end - run.x)));
    }

    void paint(const Shape& shape) {
        each_run(shape, [&](std::span<std::uint32_t> pixels) {
            for (std::uint32_t& pixel : pixels) {
                if (pixel != 0 && pixel != shape.value) ++result_.overlap_pixels;
                pixel = shape.value;
            }
        });
    }

    void set_classes() {
        for (Shape& shape : objects_) {
            const std::string& name = shape.annotation->class_name;
            shape.value = value_of_class(name, options_.classes);
            if (shape.value == 0)
                fail_setting("classes", ErrorCode::invalid_argument,
                             "{}: found the class '{}', expected one of: {}; name it in `classes`",
                             shape.annotation->where, name, fmt::join(options_.classes, ", "));
        }
    }

    void set_numbers() {
        std::set<std::pair<std::uint32_t, std::int64_t>> seen;
        std::uint32_t largest = 0;
        for (Shape& shape : objects_) {
            const auto number = number_in(shape.annotation->name);
            if (!number) continue;
            if (seen.emplace(*number, shape.slice).second)
                shape.value = *number;
            else
                ++result_.renumbered;
            largest = std::max(largest, shape.value);
        }
        if (has_ignored()) move_ignored_number(largest);
        for (Shape& shape : objects_)
            if (shape.value == 0) shape.value = number_after(largest);
    }

    std::uint32_t number_after(std::uint32_t& largest) const {
        if (largest >= most_ids - 1)
            fail(ErrorCode::unsupported,
                 "{}: found a name that is the number {}, expected smaller ones: annotations "
                 "without a number get those above it, up to {}",
                 annotated_.file.string(), largest, most_ids);
        if (++largest == ignored_value && has_ignored()) ++largest;
        return largest;
    }

    /// The object of the number that means ignored gets another one, in all its slices the same.
    void move_ignored_number(std::uint32_t& largest) {
        std::uint32_t number = 0;
        for (Shape& shape : objects_) {
            if (shape.value != ignored_value) continue;
            if (number == 0) number = number_after(largest);
            shape.value = number;
            ++result_.renumbered;
        }
    }

    bool has_ignored() const { return !regions_.empty() || !ignored_.empty(); }

    void ignore() {
        if (!regions_.empty()) {
            std::vector<bool> inside(result_.labels.values.size(), false);
            for (const Shape& region : regions_)
                each_run(region, [&](std::span<std::uint32_t> pixels) {
                    const auto at =
                        static_cast<std::size_t>(pixels.data() - result_.labels.values.data());
                    for (std::size_t i = 0; i < pixels.size(); ++i) inside[at + i] = true;
                });
            for (std::size_t i = 0; i < inside.size(); ++i)
                if (!inside[i]) result_.labels.values[i] = ignored_value;
        }
        for (const Shape& shape : ignored_)
            each_run(shape, [](std::span<std::uint32_t> pixels) {
                std::fill(pixels.begin(), pixels.end(), ignored_value);
            });
    }

    void count() {
        std::int64_t left = 0;
        for (const Shape& shape : objects_) {
            bool seen = false;
            each_run(shape, [&](std::span<std::uint32_t> pixels) {
                seen = seen || std::find(pixels.begin(), pixels.end(), shape.value) != pixels.end();
            });
            if (seen) ++left;
        }
        result_.objects = left;
        result_.covered = std::ssize(objects_) - left;
        if (has_ignored())
            result_.ignored_pixels = std::count(result_.labels.values.begin(),
                                                result_.labels.values.end(), ignored_value);
    }

    const AnnotatedImage& annotated_;
    const ImageInfo& image_;
    const DrawOptions& options_;
    std::deque<Annotation> nuclei_;  ///< that are taken for their cells; they stay in their place
    std::vector<Shape> objects_, regions_, ignored_;
    DrawnLabels result_;
};

}  // namespace

bool is_object_class(const std::string& name, const DrawOptions& options) {
    return !(name == options.region_class && !name.empty()) &&
           !(name == options.ignored_class && !name.empty());
}

DrawnLabels draw_labels(const AnnotatedImage& annotated, const ImageInfo& image,
                        const DrawOptions& options) {
    const std::int64_t height = image.size.height, width = image.size.width;
    if ((annotated.height > 0 && annotated.height != height) ||
        (annotated.width > 0 && annotated.width != width))
        fail(
            ErrorCode::shape_mismatch,
            "{}: speaks of an image of {} x {} pixels (height x width), found one of {} x {}; does "
            "it belong to another image?{}",
            annotated.file.string(), annotated.height, annotated.width, height, width,
            image.orientation == 1 ? "" : " The image is " + orientation_text(image));
    if (annotated.as_stored && image.orientation != 1)
        fail(ErrorCode::unsupported,
             "{}: the image is {}, which viewers do and ImageJ and QuPath do not, so that these "
             "outlines may lie beside what they outline: take the orientation out of the image "
             "where they were drawn on its pixels as stored (exiftool -Orientation= FILE), or save "
             "it turned and draw on that",
             annotated.file.string(), orientation_text(image));
    return Drawing(annotated, image, options).draw();
}

}  // namespace unet
