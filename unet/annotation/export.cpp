#include "unet/annotation/export.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "unet/annotation/coco.h"
#include "unet/annotation/geojson.h"
#include "unet/annotation/imagej/imagej_roi.h"
#include "unet/annotation/labelme.h"
#include "unet/annotation/outlined.h"
#include "unet/core/error.h"
#include "unet/core/files/atomic_folder.h"
#include "unet/core/files/file.h"
#include "unet/data/comparing/grey_labels.h"
#include "unet/data/comparing/overlay.h"
#include "unet/data/pairs.h"
#include "unet/image/contents/reading_notes.h"
#include "unet/image/image_path.h"
#include "unet/image/read.h"
#include "unet/image/read_series.h"
#include "unet/image/write.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

/// ImageJ has a byte for the class.
void check_groups(const std::vector<OutlinedObject>& objects, const fs::path& labels) {
    constexpr std::uint32_t most = 255;
    for (const OutlinedObject& object : objects)
        if (object.class_value > most)
            fail(ErrorCode::unsupported,
                 "{}: found the class value {}, expected {} at most, as ImageJ's groups end there; "
                 "write GeoJSON",
                 labels.string(), object.class_value, most);
}

/// Writes one label map after the other.
class Export {
public:
    Export(const ExportOptions& options, const fs::path& out)
        : options_(options),
          out_(out),
          folder_(new_folder(out, "out")),
          overlay_(reading(options)) {}

    void add(const ExportedMap& map) {
        const std::string name = stem_of(map.image.empty() ? map.labels : map.image);
        if (!names_.insert(name).second)
            fail(ErrorCode::invalid_argument, "{}: a second label map of an image named {}",
                 map.labels.string(), name);
        LabelMap labels = map.image.empty() ? read_labels(map.labels, read_series(options_.series))
                                            : on_image(map);
        if (const std::string why = why_grey(labels); !why.empty()) labels.notes.push_back(why);
        for (const std::string& note : labels.notes)
            report_.notes.push_back(fmt::format("{}: {}", map.labels.string(), note));
        if (options_.ignore)
            std::replace(labels.values.begin(), labels.values.end(), *options_.ignore, 0u);
        std::vector<std::int64_t> slices;
        for (std::int64_t z = 0; labels.size.depth > 1 && z < labels.size.depth; ++z)
            slices.push_back(z);
        auto objects = outlined_objects(labels, slices, options_.kind, options_.classes);
        report_.objects.push_back(std::ssize(objects));
        const std::string image =
            name_of_image(map.image.empty() ? map.labels : map.image).string();
        switch (options_.format) {
            case AnnotationFormat::imagej:
                check_groups(objects, map.labels);
                write_file_atomically(file(name + ".zip"),
                                      std::span<const std::byte>(roi_set_of(objects)));
                return;
            case AnnotationFormat::geojson:
                write_file_atomically(file(name + ".geojson"),
                                      std::string_view(geojson_of(objects)));
                return;
            case AnnotationFormat::labelme:
                if (labels.size.depth > 1)
                    fail(ErrorCode::unsupported,
                         "{}: found a stack of {} slices, expected a single image, as LabelMe "
                         "knows no slices; write ImageJ regions or GeoJSON",
                         map.labels.string(), labels.size.depth);
                write_file_atomically(
                    file(name + ".json"),
                    std::string_view(labelme_of(objects, path_from_out(map), labels.size.height,
                                                labels.size.width)));
                return;
            case AnnotationFormat::coco:
                coco_.push_back({image, labels.size, std::move(objects)});
                return;
            case AnnotationFormat::tiff:
                write_labels(file(name + ".tif"), labels);
                return;
            default:
                fail_setting("format", ErrorCode::invalid_argument,
                             "`format`: expected imagej, geojson, labelme, coco or tiff");
        }
    }

    LabelMap on_image(const ExportedMap& map) {
        LabelMap labels = read_labels(map.labels, overlay_.place(map.image, map.labels));
        const ImageInfo info = read_image_info(map.image, read_series(options_.series));
        const bool of_stored = options_.format == AnnotationFormat::imagej ||
                               options_.format == AnnotationFormat::geojson;
        if (of_stored && info.orientation != 1)
            fail(ErrorCode::unsupported,
                 "{}: the image is {}, which ImageJ and QuPath do not do: outlines of it would lie "
                 "elsewhere there; save it turned, and export for that",
                 map.image.string(), orientation_text(info));
        const Size3& image = info.size;
        if (labels.size.height != image.height || labels.size.width != image.width)
            fail(ErrorCode::shape_mismatch,
                 "{} has {} pixels, its image {} has {}; expected the same rows and columns{}",
                 map.labels.string(), to_string(labels.size), map.image.string(), to_string(image),
                 orientation_hint(map.image));
        return labels;
    }

    ExportReport commit() {
        const std::vector<std::string> lie = overlay_.notes();
        report_.notes.insert(report_.notes.end(), lie.begin(), lie.end());
        if (options_.format == AnnotationFormat::coco)
            write_file_atomically(file("annotations.json"), std::string_view(coco_of(coco_)));
        folder_.commit();
        return std::move(report_);
    }

private:
    static ReadOptions reading(const ExportOptions& options) {
        ReadOptions reading = read_series(options.series);
        reading.by_pixels = options.by_pixels;
        return reading;
    }

    /// Where to write now what will stand in `out`.
    fs::path file(const std::string& name) {
        report_.files.push_back(out_ / name);
        return folder_.temporary() / name;
    }

    /// LabelMe opens the image by this path.
    std::string path_from_out(const ExportedMap& map) const {
        std::error_code error;
        const fs::path& image = map.image.empty() ? map.labels : map.image;
        const fs::path path = fs::relative(image, fs::absolute(out_), error);
        return (error || path.empty() ? fs::absolute(image) : path).generic_string();
    }

    const ExportOptions& options_;
    fs::path out_;
    AtomicFolder folder_;
    Overlay overlay_;
    std::set<std::string> names_;
    std::vector<CocoImage> coco_;
    ExportReport report_;
};

}  // namespace

ExportReport export_annotations(const std::vector<ExportedMap>& maps, const ExportOptions& options,
                                const fs::path& out) {
    Export all(options, out);
    for (const ExportedMap& map : maps) {
        if (options.cancelled && options.cancelled())
            fail(ErrorCode::cancelled, "export: stopped before its end, nothing was written");
        all.add(map);
    }
    return all.commit();
}

}  // namespace unet
