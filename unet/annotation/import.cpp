#include "unet/annotation/import.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <system_error>

#include "unet/annotation/class_names.h"
#include "unet/annotation/draw_labels.h"
#include "unet/annotation/image_finder.h"
#include "unet/annotation/import_counts.h"
#include "unet/annotation/import_masks.h"
#include "unet/core/error.h"
#include "unet/core/files/atomic_folder.h"
#include "unet/core/files/file.h"
#include "unet/core/text/text.h"
#include "unet/core/text/unicode.h"
#include "unet/data/pairs.h"
#include "unet/image/folder.h"
#include "unet/image/image_path.h"
#include "unet/image/read_series.h"
#include "unet/image/write.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

/// The annotations in a folder, or the one file; `others` lie beside them and are neither
/// annotations nor images.
std::vector<fs::path> annotation_files(const fs::path& path, std::vector<fs::path>& others) {
    std::error_code ignored;
    if (!fs::exists(path, ignored))
        fail(ErrorCode::io, "{}: there is no such file or folder", path.string());
    if (!fs::is_directory(path, ignored) && !is_annotation_file(path))
        fail(ErrorCode::invalid_argument,
             "{}: found another kind of file, expected annotations: .zip or .roi (ImageJ), "
             ".geojson (QuPath), .json (LabelMe, COCO); masks in colours need `colours`",
             path.string());
    if (!fs::is_directory(path, ignored)) return {path};
    std::vector<fs::path> files;
    for (const fs::path& file : content_of(path).others)
        (is_annotation_file(file) ? files : others).push_back(file);
    if (files.empty())
        fail(ErrorCode::invalid_argument,
             "{}: found no annotations in this folder, expected files .zip or .roi (ImageJ), "
             ".geojson (QuPath), .json (LabelMe, COCO), or pairs NAME and NAME_masks (Cellpose); "
             "masks in colours need `colours`",
             path.string());
    return files;
}

void check_cancelled(const ImportOptions& options) {
    if (options.cancelled && options.cancelled())
        fail(ErrorCode::cancelled, "import: stopped before its end, nothing was written");
}

/// An annotated image and its image.
struct Source {
    AnnotatedImage annotated;
    fs::path image;
};

/// Whether the image was not found by the name that the annotations say but by that of their file.
bool is_renamed(const AnnotatedImage& annotated, const fs::path& image) {
    const std::string& said = annotated.image;
    const fs::path name = said.substr(said.find_last_of("/\\") + 1);
    const auto is = [&](const std::string& other) {
        return comparable_name(other) == comparable_name(stem_of(image));
    };
    return !said.empty() && !is(stem_of(name)) &&
           std::any_of(annotated.names.begin(), annotated.names.end(), is);
}

std::vector<Source> sources_of(const ImportOptions& options, ImportReport& report) {
    ImageFinder finder(options.images);
    std::vector<Source> sources;
    std::vector<fs::path> others;
    const auto files = annotation_files(options.annotations, others);
    bool any = false;
    for (const fs::path& file : files) {
        check_cancelled(options);
        auto found = annotations_in(file, options.format);
        any = any || found;
        if (!found) others.push_back(file);  // settings, say
        for (AnnotatedImage& annotated : found.value_or(std::vector<AnnotatedImage>())) {
            fs::path image = finder.find(annotated);
            if (is_renamed(annotated, image))
                report.notes.push_back(fmt::format(
                    "{}: there is no image {}; {}, named as the "
                    "file, is taken",
                    annotated.file.string(), annotated.image, image.filename().string()));
            sources.push_back({std::move(annotated), std::move(image)});
        }
    }
    if (!any) read_annotations(files[0], options.format);  // says what is expected
    const std::string told =
        passed_over(options.annotations, others, "file(s) that are no annotations");
    if (!told.empty()) report.notes.push_back(told);
    return sources;
}

void decide(const ImportOptions& options, const std::vector<Source>& sources, DrawOptions& draw,
            ImportReport& report) {
    std::set<std::string, ByName> named;
    for (const Source& source : sources)
        for (const Annotation& annotation : source.annotated.annotations)
            if (!annotation.ignored && is_object_class(annotation.class_name, draw))
                named.insert(annotation.class_name);
    named.erase("");
    if (options.labels == LabelsChoice::binary)
        fail_setting(
            "labels", ErrorCode::invalid_argument,
            "`labels` binary: expected instances or classes; a single class is binary by itself");
    if (options.labels == LabelsChoice::detect && named.size() > 1 && options.classes.empty())
        fail_setting(
            "labels", ErrorCode::invalid_argument,
            "{}: found the classes {}: `labels` classes draws them as values 1, 2, ..., `labels` "
            "instances gives each annotation its own number, whatever its class",
            options.annotations.string(), fmt::join(named, ", "));
    const bool classes = options.labels == LabelsChoice::classes ||
                         (options.labels == LabelsChoice::detect && !options.classes.empty());
    report.kind = draw.kind = classes ? LabelKind::classes : LabelKind::instances;
    if (!options.classes.empty())
        report.classes = options.classes;
    else if (classes)
        report.classes = names_by_value(named, ignored_value - 1, options.annotations.string());
    else
        report.classes.assign(named.begin(), named.end());
    if (classes && report.classes.size() >= ignored_value)
        fail_setting("classes", ErrorCode::invalid_argument,
                     "`classes`: found {} classes, expected {} at most", report.classes.size(),
                     ignored_value - 1);
    draw.classes = report.classes;
}

/// The folder that is written, image by image.
class DataFolder {
public:
    DataFolder(const fs::path& out, bool link) : folder_(new_folder(out, "out")), link_(link) {
        create_folder(folder_.temporary() / "images");
        create_folder(folder_.temporary() / "labels");
    }

    /// `name` is the image's stem, or one with its folders before it.
    void add(const std::string& name, const fs::path& image, const fs::path& annotations,
             const LabelMap& labels) {
        const auto [known, fresh] = names_.emplace(name, annotations);
        if (!fresh)
            fail(ErrorCode::invalid_argument,
                 "{} and {}: both are annotations of an image named {}, expected one; leave one "
                 "out, or import them into folders of their own",
                 known->second.string(), annotations.string(), name);
        const std::string ending = name_of_copy(image).string().substr(stem_of(image).size());
        const fs::path target = folder_.temporary() / "images" / (name + ending);
        if (link_) {
            std::error_code error;
            fs::create_symlink(fs::canonical(image), target, error);
            if (error) fail(ErrorCode::io, "{}: {}", target.string(), error.message());
        } else {
            duplicate(image, target);
        }
        write_labels(folder_.temporary() / "labels" / (name + ".tif"), labels);
    }

    void commit(const ImportReport& report) {
        if (report.kind == LabelKind::classes) {
            std::string rows = "value,name\n0,background\n";
            for (std::size_t i = 0; i < report.classes.size(); ++i)
                rows += fmt::format("{},{}\n", i + 1, csv_cell(report.classes[i]));
            write_file_atomically(folder_.temporary() / "classes.csv", std::string_view(rows));
        }
        folder_.commit();
    }

private:
    AtomicFolder folder_;
    bool link_;
    std::map<std::string, fs::path> names_;  ///< of images, with their annotations
};

/// Of all sources; several of one image have one name, which the folder refuses.
std::vector<std::string> names_in(const std::vector<Source>& sources) {
    std::set<fs::path> images;
    for (const Source& source : sources) images.insert(source.image);
    const std::vector<fs::path> each(images.begin(), images.end());
    const std::vector<std::string> names = names_of(each);
    std::vector<std::string> result;
    for (const Source& source : sources)
        result.push_back(
            names[std::lower_bound(each.begin(), each.end(), source.image) - each.begin()]);
    return result;
}

void import_drawn(const ImportOptions& options, DataFolder& folder, ImportReport& report) {
    const std::vector<Source> sources = sources_of(options, report);
    const std::vector<std::string> names = names_in(sources);
    DrawOptions draw;
    draw.region_class = options.region;
    draw.nuclei = options.nuclei;
    draw.fill_crossings = options.fill_crossings;
    decide(options, sources, draw, report);
    ImportCounts counts;
    std::map<fs::path, std::pair<std::int64_t, std::optional<Error>>> usable;  // of each file
    std::map<std::string, std::vector<std::string>> told;  // notes on images, each with their names
    for (std::size_t i = 0; i < sources.size(); ++i) {
        check_cancelled(options);
        const Source& source = sources[i];
        const ImageInfo info = read_image_info(source.image, read_series(options.series));
        for (const std::string& note : info.notes) told[note].push_back(names[i]);
        const DrawnLabels drawn = draw_labels(source.annotated, info, draw);
        auto& [number, fault] = usable[source.annotated.file];
        number += drawn.usable;
        if (!fault) fault = drawn.fault;
        folder.add(names[i], source.image, source.annotated.file, drawn.labels);
        counts.add(drawn);
        report.images.push_back({names[i], source.image, source.annotated.file, drawn.objects});
    }
    for (const auto& [file, found] : usable)
        if (found.first == 0 && found.second) throw Error(*found.second);
    for (std::string& note : counts.notes()) report.notes.push_back(std::move(note));
    for (const auto& [note, of] : told) {
        const auto first = std::span(of).first(std::min<std::size_t>(of.size(), 3));
        report.notes.push_back(fmt::format("{} image(s) ({}{}): {}", of.size(),
                                           fmt::join(first, ", "), of.size() > 3 ? ", ..." : "",
                                           note));
    }
    if (counts.ignored() > 0) report.ignore = ignored_value;
}

}  // namespace

ImportReport import_annotations(const ImportOptions& options, const fs::path& out) {
    ImportReport report;
    DataFolder folder(out, options.link);
    if (options.format == AnnotationFormat::tiff)
        fail_setting("format", ErrorCode::invalid_argument,
                     "`format` tiff: label images are what training reads; nothing is to import");
    if (is_import_of_masks(options))
        read_masks(options, report, [&](const MaskOfImage& mask) {
            check_cancelled(options);
            folder.add(stem_of(mask.image), mask.image, mask.mask, mask.labels);
            report.images.push_back({stem_of(mask.image), mask.image, mask.mask, mask.objects});
        });
    else
        import_drawn(options, folder, report);
    std::sort(report.images.begin(), report.images.end(),
              [](const ImportedImage& a, const ImportedImage& b) { return a.name < b.name; });
    folder.commit(report);
    return report;
}

}  // namespace unet
