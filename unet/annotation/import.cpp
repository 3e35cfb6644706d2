#include "unet/annotation/import.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <system_error>

#include "unet/annotation/class_names.h"
#include "unet/annotation/draw_labels.h"
#include "unet/annotation/image_finder.h"
#include "unet/annotation/import_masks.h"
#include "unet/core/error.h"
#include "unet/core/files/atomic_folder.h"
#include "unet/core/files/file.h"
#include "unet/core/text/text.h"
#include "unet/data/pairs.h"
#include "unet/image/reading_notes.h"
#include "unet/image/write.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> annotation_files(const fs::path& path) {
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
    for (const auto& entry : fs::directory_iterator(path))
        if (entry.is_regular_file() && is_annotation_file(entry.path()))
            files.push_back(entry.path());
    if (files.empty())
        fail(ErrorCode::invalid_argument,
             "{}: found no annotations in this folder, expected files .zip or .roi (ImageJ), "
             ".geojson (QuPath), .json (LabelMe, COCO), or pairs NAME and NAME_masks (Cellpose); "
             "masks in colours need `colours`",
             path.string());
    std::sort(files.begin(), files.end());
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

std::vector<Source> sources_of(const ImportOptions& options) {
    ImageFinder finder(options.images);
    std::vector<Source> sources;
    for (const fs::path& file : annotation_files(options.annotations)) {
        check_cancelled(options);
        for (AnnotatedImage& annotated : read_annotations(file, options.format)) {
            fs::path image = finder.find(annotated);
            sources.push_back({std::move(annotated), std::move(image)});
        }
    }
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

/// What happened in all images together, as sentences.
class Counts {
public:
    void add(const DrawnLabels& drawn) {
        add(clipped_, drawn.clipped);
        add(crossing_, drawn.crossing);
        add(covered_, drawn.covered);
        add(overlaps_, drawn.overlap_pixels);
        add(every_slice_, drawn.every_slice);
        add(without_area_, drawn.without_area);
        add(without_outline_, drawn.without_outline);
        add(renumbered_, drawn.renumbered);
        ignored_ += drawn.ignored_pixels;
    }
    std::int64_t ignored() const { return ignored_; }
    std::vector<std::string> notes() const {
        std::vector<std::string> notes;
        const auto say = [&](const Count& count, const char* what) {
            if (count.number > 0)
                notes.push_back(
                    fmt::format("{} {} (in {} image(s))", count.number, what, count.images));
        };
        say(clipped_, "annotation(s) went beyond their image and were clipped");
        say(crossing_,
            "line(s) cross themselves: what they encircle twice is left out (even-odd rule)");
        say(overlaps_, "pixel(s) belong to several annotations: the smaller one has them");
        say(covered_,
            "annotation(s) have no pixel of their own: hidden by others, outside of the annotated "
            "regions, or smaller than a pixel");
        say(every_slice_, "annotation(s) name no slice of their stack and were drawn on all");
        say(without_area_, "point(s), line(s) or text(s) have no area and were left out");
        say(without_outline_, "annotation(s) have no outline, at most a box, and were left out");
        say(renumbered_,
            "annotation(s) got a new number, as theirs is taken in the slice or means ignored");
        return notes;
    }

private:
    struct Count {
        std::int64_t number = 0, images = 0;
    };
    static void add(Count& count, std::int64_t number) {
        count.number += number;
        count.images += number > 0 ? 1 : 0;
    }
    Count clipped_, crossing_, covered_, overlaps_, every_slice_, without_area_, without_outline_,
        renumbered_;
    std::int64_t ignored_ = 0;
};

/// The folder that is written, image by image.
class DataFolder {
public:
    DataFolder(const fs::path& out, bool link) : folder_(new_folder(out, "out")), link_(link) {
        create_folder(folder_.temporary() / "images");
        create_folder(folder_.temporary() / "labels");
    }

    void add(const fs::path& image, const fs::path& annotations, const LabelMap& labels) {
        const std::string name = stem_of(image);
        const auto [known, fresh] = names_.emplace(name, annotations);
        if (!fresh)
            fail(ErrorCode::invalid_argument,
                 "{} and {}: both are annotations of an image named {}, expected one; leave one "
                 "out, or import them into folders of their own",
                 known->second.string(), annotations.string(), name);
        const fs::path target = folder_.temporary() / "images" / image.filename();
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

void import_drawn(const ImportOptions& options, DataFolder& folder, ImportReport& report) {
    const std::vector<Source> sources = sources_of(options);
    DrawOptions draw;
    draw.region_class = options.region;
    draw.fill_crossings = options.fill_crossings;
    decide(options, sources, draw, report);
    Counts counts;
    for (const Source& source : sources) {
        check_cancelled(options);
        const DrawnLabels drawn =
            draw_labels(source.annotated, read_image_info(source.image), draw);
        folder.add(source.image, source.annotated.file, drawn.labels);
        counts.add(drawn);
        report.images.push_back(
            {stem_of(source.image), source.image, source.annotated.file, drawn.objects});
    }
    report.notes = counts.notes();
    if (counts.ignored() > 0) report.ignore = ignored_value;
}

/// What is read otherwise than it is stored, each with the images that it is true of.
std::vector<std::string> notes_on_images(const std::vector<ImportedImage>& images) {
    constexpr std::size_t most_named = 3;
    std::map<std::string, std::vector<std::string>> names;
    for (const ImportedImage& image : images)
        for (const std::string& note : reading_notes(read_image_info(image.image)))
            names[note].push_back(image.name);
    std::vector<std::string> notes;
    for (const auto& [note, of] : names) {
        const auto named = std::span(of).first(std::min(of.size(), most_named));
        notes.push_back(fmt::format("{} image(s) ({}{}): {}", of.size(), fmt::join(named, ", "),
                                    of.size() > most_named ? ", ..." : "", note));
    }
    return notes;
}

}  // namespace

ImportReport import_annotations(const ImportOptions& options, const fs::path& out) {
    ImportReport report;
    DataFolder folder(out, options.link);
    if (options.format == AnnotationFormat::tiff)
        fail_setting(
            "format", ErrorCode::invalid_argument,
            "`format` tiff: label images are what `unet train` reads; nothing is to import");
    if (is_import_of_masks(options))
        read_masks(options, report, [&](const MaskOfImage& mask) {
            check_cancelled(options);
            folder.add(mask.image, mask.mask, mask.labels);
            report.images.push_back({stem_of(mask.image), mask.image, mask.mask, mask.objects});
        });
    else
        import_drawn(options, folder, report);
    std::sort(report.images.begin(), report.images.end(),
              [](const ImportedImage& a, const ImportedImage& b) { return a.name < b.name; });
    for (std::string& note : notes_on_images(report.images))
        report.notes.push_back(std::move(note));
    folder.commit(report);
    return report;
}

}  // namespace unet
