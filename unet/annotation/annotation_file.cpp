#include "unet/annotation/annotation_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "unet/annotation/coco.h"
#include "unet/annotation/geojson.h"
#include "unet/annotation/imagej_roi.h"
#include "unet/annotation/json_file.h"
#include "unet/annotation/labelme.h"
#include "unet/core/error.h"

namespace unet {
namespace {

bool is_of_imagej(const std::filesystem::path& path) {
    return path.extension() == ".zip" || path.extension() == ".roi";
}

AnnotationFormat format_of(const Json& file, const std::filesystem::path& path) {
    if (file.is_object() && file.contains("shapes")) return AnnotationFormat::labelme;
    if (file.is_object() && file.contains("images") && file.contains("annotations"))
        return AnnotationFormat::coco;
    if (path.extension() == ".geojson" || file.is_array() ||
        (file.is_object() && (file.contains("features") || file.contains("geometry"))))
        return AnnotationFormat::geojson;
    fail(ErrorCode::unsupported,
         "{}: found JSON of another kind, expected LabelMe ('shapes'), COCO ('images' and "
         "'annotations') or GeoJSON ('features')",
         path.string());
}

std::vector<AnnotatedImage> on_stored_pixels(AnnotatedImage image) {
    image.as_stored = true;
    return {std::move(image)};
}

}  // namespace

bool is_annotation_file(const std::filesystem::path& path) {
    const auto ending = path.extension();
    return path.filename().string().front() != '.' &&
           (is_of_imagej(path) || ending == ".geojson" || ending == ".json");
}

std::vector<AnnotatedImage> read_annotations(const std::filesystem::path& path,
                                             AnnotationFormat format) {
    if (format == AnnotationFormat::imagej ||
        (format == AnnotationFormat::detect && is_of_imagej(path)))
        return on_stored_pixels(read_rois(path));
    const Json file = read_json(path);
    if (format == AnnotationFormat::detect) format = format_of(file, path);
    if (format == AnnotationFormat::labelme) return {read_labelme(path, file)};
    if (format == AnnotationFormat::coco) return read_coco(path, file);
    return on_stored_pixels(read_geojson(path, file));
}

}  // namespace unet
