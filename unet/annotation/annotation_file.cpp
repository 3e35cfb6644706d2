#include "unet/annotation/annotation_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "unet/annotation/coco.h"
#include "unet/annotation/geojson.h"
#include "unet/annotation/imagej/imagej_roi.h"
#include "unet/annotation/json_file.h"
#include "unet/annotation/labelme.h"
#include "unet/annotation/zip.h"
#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/files/file_name.h"
#include "unet/core/text/text.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

std::string ending_of(const fs::path& path) { return lower_case(path.extension().string()); }

bool is_json_file(const fs::path& path) {
    return ending_of(path) == ".json" || ending_of(path) == ".geojson";
}

/// COCO's other list: of objects that a program found, without the images.
bool is_list_of_results(const Json& file) {
    return file.is_array() && !file.empty() && file[0].is_object() && file[0].contains("image_id");
}

std::optional<AnnotationFormat> format_of(const Json& file, const fs::path& path) {
    if (file.is_object() && file.contains("shapes")) return AnnotationFormat::labelme;
    if (file.is_object() && file.contains("images") && file.contains("annotations"))
        return AnnotationFormat::coco;
    if (is_list_of_results(file)) return {};
    if (ending_of(path) == ".geojson" || file.is_array() ||
        (file.is_object() && (file.contains("features") || file.contains("geometry") ||
                              file.contains("coordinates") || file.contains("geometries"))))
        return AnnotationFormat::geojson;
    return {};
}

/// Nothing for JSON of another kind.
std::optional<std::vector<AnnotatedImage>> of_json(std::span<const std::byte> bytes,
                                                   const fs::path& path, AnnotationFormat format) {
    const Json file = json_of(bytes, path.string());
    if (format == AnnotationFormat::detect) {
        const auto detected = format_of(file, path);
        if (!detected) return {};
        format = *detected;
    }
    if (format == AnnotationFormat::labelme) return {{read_labelme(path, file)}};
    if (format == AnnotationFormat::coco) return read_coco(path, file);
    AnnotatedImage image = read_geojson(path, file);
    image.as_stored = true;
    return {{std::move(image)}};
}

bool is_annotation(std::span<const std::byte> bytes, const fs::path& path,
                   AnnotationFormat format) {
    try {
        return of_json(bytes, path, format).has_value();
    } catch (const Error&) {
        return false;
    }
}

/// Programs of Windows put backslashes into archives.
fs::path path_of(std::string entry) {
    std::replace(entry.begin(), entry.end(), '\\', '/');
    return entry;
}

enum class EntryKind { roi, json, other, nothing };

EntryKind kind_of(const std::string& entry, AnnotationFormat format) {
    const fs::path path = path_of(entry);
    const bool of_system = std::any_of(
        path.begin(), path.end(), [](const fs::path& part) { return is_of_system(part.string()); });
    if (of_system || !path.has_filename()) return EntryKind::nothing;  // a folder ends in a slash
    const bool any = format == AnnotationFormat::detect;
    if (ending_of(path) == ".roi" && (any || format == AnnotationFormat::imagej))
        return EntryKind::roi;
    if (is_json_file(path) && format != AnnotationFormat::imagej) return EntryKind::json;
    return EntryKind::other;
}

/// The regions of an archive are those of one image; each file of JSON is for itself.
std::vector<AnnotatedImage> read_archive(const fs::path& path, AnnotationFormat format) {
    const std::vector<ZipEntry> entries = read_zip(path, [&](const std::string& name) {
        const EntryKind kind = kind_of(name, format);
        return kind == EntryKind::roi || kind == EntryKind::json;
    });
    AnnotatedImage rois;
    rois.file = path;
    rois.as_stored = true;
    std::vector<AnnotatedImage> images;
    // Beside regions JSON is no annotation: results, or settings.
    const bool has_regions = std::any_of(entries.begin(), entries.end(), [&](const ZipEntry& each) {
        return kind_of(each.name, format) == EntryKind::roi;
    });
    std::int64_t files = 0, others = 0, beside = 0;
    AnnotatedImage damaged;  // files of JSON that cannot be read
    for (const ZipEntry& entry : entries) {
        const fs::path inside = path_of(entry.name);
        EntryKind kind = kind_of(entry.name, format);
        if (has_regions && kind == EntryKind::json) {
            kind = is_annotation(entry.bytes, path / inside, format) ? EntryKind::nothing
                                                                     : EntryKind::other;
            if (kind == EntryKind::nothing) ++beside;
        }
        if (kind == EntryKind::other) ++others;
        if (kind == EntryKind::roi)
            leave_out_faults(rois, [&] {
                read_roi(entry.bytes, fmt::format("{}: {}", path.string(), entry.name),
                         inside.stem().string(), rois);
            });
        if (kind != EntryKind::json) continue;
        std::optional<std::vector<AnnotatedImage>> of_entry;
        leave_out_faults(damaged, [&] {
            of_entry = of_json(entry.bytes, path / inside, format);
            if (!of_entry) ++others;
        });
        if (!of_entry) continue;
        ++files;
        for (AnnotatedImage& image : *of_entry) {
            image.file = path;
            if (image.image.empty() || !image.names.empty()) image.names = {inside.stem().string()};
            images.push_back(std::move(image));
        }
    }
    if (files == 1)
        for (AnnotatedImage& image : images)
            if (!image.names.empty()) image.names.push_back(path.stem().string());
    if (damaged.fault && images.empty() && !has_regions) throw Error(*damaged.fault);
    if (!has_regions && files == 0 && !entries.empty())
        fail(ErrorCode::corrupt_file,
             "{}: found no .roi in this archive, expected a RoiSet.zip of ImageJ's ROI Manager, or "
             ".geojson or .json files",
             path.string());
    if (has_regions || files == 0) images.push_back(std::move(rois));
    if (images.empty()) return images;
    if (others > 0) images[0].left_out[LeftOut::other_entry] = others;
    if (beside > 0) images[0].left_out[LeftOut::json_beside] = beside;
    for (const auto& [reason, count] : damaged.left_out) images[0].left_out[reason] += count;
    if (damaged.fault && !images[0].fault) images[0].fault = damaged.fault;
    if (images.size() > 1)
        for (AnnotatedImage& image : images) image.alone = false;
    refuse_if_unusable(images);
    return images;
}

}  // namespace

bool is_annotation_file(const fs::path& path) {
    return !is_of_system(path.filename().string()) &&
           (is_json_file(path) || ending_of(path) == ".zip" || ending_of(path) == ".roi");
}

std::optional<std::vector<AnnotatedImage>> annotations_in(const fs::path& path,
                                                          AnnotationFormat format) {
    if (ending_of(path) == ".zip") return read_archive(path, format);
    const bool any = format == AnnotationFormat::detect;
    if (format == AnnotationFormat::imagej || (any && ending_of(path) == ".roi")) {
        AnnotatedImage result;
        result.file = path;
        result.as_stored = true;
        read_roi(read_file(path, most_bytes_of_entry), path.string(), path.stem().string(), result);
        return {{std::move(result)}};
    }
    constexpr std::size_t most_bytes = std::size_t{1} << 30;
    return of_json(read_file(path, most_bytes), path, format);
}

std::vector<AnnotatedImage> read_annotations(const fs::path& path, AnnotationFormat format) {
    auto found = annotations_in(path, format);
    if (!found)
        fail(ErrorCode::unsupported,
             "{}: found JSON of another kind, expected LabelMe ('shapes'), COCO ('images' and "
             "'annotations') or GeoJSON ('features'); a list of COCO results goes under "
             "'annotations' beside the 'images' that it is of",
             path.string());
    return std::move(*found);
}

}  // namespace unet
