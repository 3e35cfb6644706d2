#include "unet/jobs/measure_files.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/quantiles.h"
#include "unet/data/comparing/grey_labels.h"
#include "unet/data/comparing/overlay.h"
#include "unet/data/pairs.h"
#include "unet/image/contents/reading_notes.h"
#include "unet/image/image_path.h"
#include "unet/image/read.h"
#include "unet/image/read_series.h"
#include "unet/jobs/count_table.h"
#include "unet/jobs/measure_table.h"
#include "unet/jobs/outline_files.h"
#include "unet/jobs/partners.h"
#include "unet/objects/components.h"
#include "unet/objects/sizes.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

MeasuredAreas areas_of(const std::vector<MeasuredRow>& rows) {
    std::vector<double> areas;
    double total = 0.0;
    for (const MeasuredRow& row : rows) {
        areas.push_back(row.area);
        total += row.area;
    }
    const double mean = rows.empty() ? 0.0 : total / static_cast<double>(rows.size());
    return {total, median(std::move(areas)), mean};
}

/// Measures one label map after the other.
class Work {
public:
    Work(const MeasureSettings& settings, const Notice& notice)
        : settings_(settings), notice_(notice), table_(settings.volume) {
        ReadSettings reading;
        reading.pages = settings.pages;
        reading.channel = settings.channel;
        reading.series = settings.series;
        reading.spacing = settings.spacing;
        reading_ = read_options_of(reading);
        reading_.as_stored = true;
        reading_.by_pixels = settings.by_pixels;
    }

    MeasuredFile measure(const LabelsAndImage& pair) {
        MeasuredFile file;
        const std::optional<Image> image =
            pair.image ? std::optional(image_of(pair, file)) : std::nullopt;
        LabelMap labels = labels_of(pair, image ? &*image : nullptr);
        file.notes.insert(file.notes.begin(), labels.notes.begin(), labels.notes.end());
        if (const std::string why = why_grey(labels); !why.empty()) file.notes.push_back(why);
        if (settings_.pieces)
            labels = connected_components(labels, connectivity());
        else
            note_on(labels, file);
        MeasuredMap map;
        map.image = name_of_image(pair.labels.path).string();
        map.rows = rows_of_map(pair, labels, image ? &*image : nullptr);
        note_on(map.rows, file);
        map.spacing = measured_spacing(labels, image ? &*image : nullptr);
        // Without the distance of slices no length of a volume is known.
        if (settings_.volume && map.spacing.size[0] == 0.0) map.spacing = {};
        map.channels = image ? image->channels : 0;
        const std::vector<std::int64_t> slices = slices_of(labels);
        if (!settings_.volume) map.slices = slices;
        summarise(pair, map, file);
        if (!settings_.geojson.empty()) outlines_.add(pair.labels.stem, labels, slices);
        table_.add(std::move(map));
        for (const std::string& note : file.notes)
            if (notice_) notice_(note);
        return file;
    }

    void write(MeasuredFiles& files) const {
        if (table_.empty()) return;
        table_.write(settings_.out);
        files.table = settings_.out;
        if (!settings_.geojson.empty()) outlines_.write(settings_.geojson);
        files.geojson = settings_.geojson;
    }

private:
    /// On the pixels of the labels.
    Image image_of(const LabelsAndImage& pair, MeasuredFile& file) const {
        Overlay overlay(reading_);
        Image image =
            read_image(pair.image->path, overlay.place(pair.labels.path, pair.image->path));
        for (const auto& notes : {overlay.notes(), told_of(pair.image->path, image.notes)})
            file.notes.insert(file.notes.end(), notes.begin(), notes.end());
        return image;
    }

    /// With `pages` the file may hold all slices or just these.
    LabelMap labels_of(const LabelsAndImage& pair, const Image* image) const {
        ReadOptions all = reading_;
        all.pages.reset();
        LabelMap labels = read_labels(pair.labels.path, image ? all : reading_);
        return image && reading_.pages && labels.size.depth != image->size.depth
                   ? read_labels(pair.labels.path, reading_)
                   : labels;
    }

    std::vector<MeasuredRow> rows_of_map(const LabelsAndImage& pair, const LabelMap& labels,
                                         const Image* image) const {
        try {
            return settings_.volume ? rows_of(measure_volumes(labels, image))
                                    : rows_of(measure_objects(labels, image));
        } catch (const Error& error) {
            throw Error(
                error.code(),
                fmt::format("{}{}: {}{}", pair.labels.path.string(),
                            pair.image ? " on " + pair.image->path.string() : "", error.what(),
                            pair.image && error.code() == ErrorCode::shape_mismatch
                                ? orientation_hint(pair.image->path)
                                : ""));
        }
    }

    /// What hangs together: within a slice, or through all of them.
    Connectivity connectivity() const {
        return settings_.volume ? Connectivity::six : Connectivity::four;
    }

    /// Numbers of the slices in their file; none for a single image.
    std::vector<std::int64_t> slices_of(const LabelMap& labels) const {
        if (reading_.pages) return reading_.pages->resolve(INT64_MAX, "`pages`");
        std::vector<std::int64_t> slices;
        for (std::int64_t z = 0; labels.size.depth > 1 && z < labels.size.depth; ++z)
            slices.push_back(z);
        return slices;
    }

    /// Says that a label map is a mask, or that its objects are likely to be more than their
    /// cross-sections.
    void note_on(const LabelMap& labels, MeasuredFile& file) const {
        const std::int64_t objects = count_objects(labels);
        if (!labels.values.empty() &&
            std::find(labels.values.begin(), labels.values.end(), 0u) == labels.values.end())
            file.notes.push_back(
                "no pixel is background (0): each value is measured as an object, also one that "
                "is the background of a mask");
        const std::int64_t slices = settings_.volume ? 1 : labels.size.depth;
        if (objects == 1) {
            const std::int64_t pieces = count_objects(connected_components(labels, connectivity()));
            if (pieces > slices)
                file.notes.push_back(
                    fmt::format("all {} pieces have one number and are measured as one object; "
                                "`pieces` takes each for itself",
                                pieces));
        } else if (slices > 1) {
            const auto sections = std::ssize(equivalent_diameters(labels));
            if (sections > objects)
                file.notes.push_back(
                    fmt::format("{} objects have {} cross-sections, each in a row; `volume` "
                                "measures an object through all slices",
                                objects, sections));
        }
    }

    /// Says that some objects have no brightness.
    static void note_on(const std::vector<MeasuredRow>& rows, MeasuredFile& file) {
        const auto without = std::count_if(rows.begin(), rows.end(), [](const MeasuredRow& row) {
            return std::any_of(row.channels.begin(), row.channels.end(),
                               [](const Brightness& each) { return std::isnan(each.mean); });
        });
        if (without > 0)
            file.notes.push_back(
                fmt::format("{} of {} objects hold pixels of the image that are no numbers (NaN or "
                            "infinite): the cells of their intensity are empty",
                            without, rows.size()));
    }

    void summarise(const LabelsAndImage& pair, const MeasuredMap& map, MeasuredFile& file) const {
        file.labels = pair.labels.path;
        if (pair.image) file.image = pair.image->path;
        file.objects = map.rows.size();
        file.pixels = areas_of(map.rows);
        if (!map.spacing.known()) return;
        const auto& size = map.spacing.size;
        const double pixel = settings_.volume ? size[0] * size[1] * size[2] : size[1] * size[2];
        file.unit = map.spacing.unit;
        file.physical = {file.pixels.total * pixel, file.pixels.median * pixel,
                         file.pixels.mean * pixel};
    }

    const MeasureSettings& settings_;
    const Notice& notice_;
    ReadOptions reading_;
    MeasureTable table_;
    OutlineFiles outlines_;
};

}  // namespace

MeasuredFiles measure_files(const MeasureSettings& settings, const JobHooks& hooks) {
    check_table_name("out", settings.out);
    std::vector<std::string> told;
    const auto pairs = pair_with_images(settings.labels, settings.image, "image",
                                        [&](const std::string& text) { told.push_back(text); });
    if (!settings.geojson.empty()) check_outline_name(settings.geojson, pairs.size());
    Work work(settings, hooks.note);
    const fs::path folder = fs::path(settings.out).parent_path();
    if (!folder.empty()) create_folder(folder);
    MeasuredFiles files{each_input(
        pairs, hooks, true, [&](const LabelsAndImage& pair) { return work.measure(pair); },
        &LabelsAndImage::labels)};
    files.passed_over = std::move(told);
    work.write(files);
    return files;
}

}  // namespace unet
