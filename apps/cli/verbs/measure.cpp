#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "terminal/flags.h"
#include "terminal/notes.h"
#include "terminal/progress.h"
#include "verbs/measure_pairs.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Settings {
    std::string image, out, geojson, pages;
    bool pieces = false, volume = false, json = false;
};

/// Measures one label map after the other.
class Work {
public:
    Work(const Settings& settings, Notes& notes)
        : notes_(notes), settings_(settings), table_(settings.volume) {
        if (!settings.pages.empty()) pages_ = parse_pages(settings.pages, "--pages");
    }

    /// The summary of one label map, as JSON.
    Json measure(const LabelsAndImage& pair) {
        const std::optional<Image> image =
            pair.image ? std::optional(read_image(pair.image->path, {.pages = pages_}))
                       : std::nullopt;
        LabelMap labels = labels_of(pair, image ? &*image : nullptr);
        if (settings_.pieces)
            labels = connected_components(labels, connectivity());
        else
            note_on(labels);
        MeasuredMap map;
        map.image = pair.labels.path.filename().string();
        map.rows = rows_of_map(pair, labels, image ? &*image : nullptr);
        map.spacing = measured_spacing(labels, image ? &*image : nullptr);
        // Without the distance of slices no length of a volume is known.
        if (settings_.volume && map.spacing.size[0] == 0.0) map.spacing = {};
        map.channels = image ? image->channels : 0;
        const std::vector<std::int64_t> slices = slices_of(labels);
        if (!settings_.volume) map.slices = slices;
        Json entry = summary_of(pair, map);
        if (!settings_.geojson.empty()) outlines_.add(pair.labels.stem, labels, slices);
        table_.add(std::move(map));
        return entry;
    }

    /// Writes the table and the outlines of what was measured; nothing where nothing was. Returns
    /// their names.
    Json write() const {
        Json files = Json::object();
        if (table_.empty()) return files;
        table_.write(settings_.out);
        files["table"] = settings_.out;
        if (!settings_.geojson.empty()) {
            outlines_.write(settings_.geojson);
            files["geojson"] = settings_.geojson;
        }
        return files;
    }

private:
    /// With --pages the file may hold all slices or just these.
    LabelMap labels_of(const LabelsAndImage& pair, const Image* image) const {
        if (!pages_) return read_labels(pair.labels.path);
        if (image == nullptr) return read_labels(pair.labels.path, {.pages = pages_});
        LabelMap labels = read_labels(pair.labels.path);
        return labels.size.depth == image->size.depth
                   ? labels
                   : read_labels(pair.labels.path, {.pages = pages_});
    }

    std::vector<MeasuredRow> rows_of_map(const LabelsAndImage& pair, const LabelMap& labels,
                                         const Image* image) const {
        try {
            return settings_.volume ? rows_of(measure_volumes(labels, image))
                                    : rows_of(measure_objects(labels, image));
        } catch (const Error& error) {
            throw Error(
                error.code(),
                fmt::format("{}{}: {}", pair.labels.path.string(),
                            pair.image ? " on " + pair.image->path.string() : "", error.what()));
        }
    }

    /// What hangs together: within a slice, or through all of them.
    Connectivity connectivity() const {
        return settings_.volume ? Connectivity::six : Connectivity::four;
    }

    /// Numbers of the slices in their file; none for a single picture.
    std::vector<std::int64_t> slices_of(const LabelMap& labels) const {
        if (pages_) return pages_->resolve(INT64_MAX, "--pages");
        std::vector<std::int64_t> slices;
        for (std::int64_t z = 0; labels.size.depth > 1 && z < labels.size.depth; ++z)
            slices.push_back(z);
        return slices;
    }

    /// Tells of a mask, and of objects that are likely to be more than their cross-sections.
    void note_on(const LabelMap& labels) {
        const std::int64_t objects = count_objects(labels);
        const std::int64_t slices = settings_.volume ? 1 : labels.size.depth;
        if (objects == 1) {
            const std::int64_t pieces = count_objects(connected_components(labels, connectivity()));
            if (pieces > slices)
                notes_.say(
                    fmt::format("all {} pieces have one number and are measured as one object; "
                                "--pieces takes each for itself",
                                pieces));
        } else if (slices > 1) {
            const auto sections = std::ssize(equivalent_diameters(labels));
            if (sections > objects)
                notes_.say(
                    fmt::format("{} objects have {} cross-sections, each in a row; --volume "
                                "measures an object through all slices",
                                objects, sections));
        }
    }

    Json summary_of(const LabelsAndImage& pair, const MeasuredMap& map) const {
        std::vector<double> areas;
        double total = 0.0;
        for (const MeasuredRow& row : map.rows) {
            areas.push_back(row.area);
            total += row.area;
        }
        const std::size_t count = areas.size();
        const double mean = count > 0 ? total / static_cast<double>(count) : 0.0;
        const double middle = median(std::move(areas));
        Json entry{{"labels", pair.labels.path.string()}};
        if (pair.image) entry["image"] = pair.image->path.string();
        entry.update({{"objects", count},
                      {"area_total", total},
                      {"area_median", middle},
                      {"area_mean", mean}});
        const auto& size = map.spacing.size;
        const double pixel = settings_.volume ? size[0] * size[1] * size[2] : size[1] * size[2];
        if (!map.spacing.known() || map.spacing.unit.empty()) return entry;
        entry.update({{"unit", map.spacing.unit},
                      {"area_total_physical", total * pixel},
                      {"area_median_physical", middle * pixel},
                      {"area_mean_physical", mean * pixel}});
        return entry;
    }

    Notes& notes_;
    const Settings& settings_;
    std::optional<PageRange> pages_;
    MeasureTable table_;
    OutlineFiles outlines_;
};

/// "a.tif  27 objects, area 8123 pixels, median 290, mean 300.9  (2030.8 um2, median 72.5, ...)"
std::string line_of(const Json& entry, bool volume) {
    const auto figure = [&](const char* name) { return entry[name].get<double>(); };
    std::string text =
        fmt::format("{}  {} objects, {} {:.0f} {}, median {:.6g}, mean {:.6g}",
                    entry["labels"].get<std::string>(), entry["objects"].get<std::size_t>(),
                    volume ? "volume" : "area", figure("area_total"), volume ? "voxels" : "pixels",
                    figure("area_median"), figure("area_mean"));
    if (entry.contains("unit"))
        text += fmt::format("  ({:.6g} {}{}, median {:.6g}, mean {:.6g})",
                            figure("area_total_physical"), entry["unit"].get<std::string>(),
                            volume ? 3 : 2, figure("area_median_physical"),
                            figure("area_mean_physical"));
    return text;
}

void print(const Json& measured, const Json& failures, const Json& files,
           const Settings& settings) {
    if (settings.json) {
        Json object{{"measured", measured}, {"failed", failures}};
        object.update(files);
        fmt::print("{}\n", object.dump(2));
    } else {
        for (const Json& entry : measured) fmt::print("{}\n", line_of(entry, settings.volume));
        for (const Json& file : files) fmt::print("{}\n", file.get<std::string>());
    }
    for (const Json& failure : failures)
        fmt::print(stderr, "unet: {}\n", failure["error"].get<std::string>());
}

/// Each on its own: one that fails does not stop the others.
int measure_all(const Settings& settings, const std::vector<LabelsAndImage>& pairs) {
    Progress progress("measure");
    Notes notes(progress);
    Work work(settings, notes);
    const fs::path folder = fs::path(settings.out).parent_path();
    if (!folder.empty()) create_folder(folder);

    Json measured = Json::array(), failures = Json::array();
    for (const LabelsAndImage& pair : pairs) {
        progress.update(std::ssize(measured) + std::ssize(failures), std::ssize(pairs),
                        pair.labels.stem);
        notes.begin(pair.labels.path);
        try {
            measured.push_back(work.measure(pair));
            if (!notes.of_image().empty()) measured.back()["notes"] = notes.of_image();
        } catch (const Error& error) {
            failures.push_back({{"labels", pair.labels.path.string()},
                                {"error", told_of(pair.labels, with_flags(error.what()))}});
        }
    }
    notes.end();
    progress.clear();
    const Json files = work.write();
    print(measured, failures, files, settings);
    if (!failures.empty() && pairs.size() > 1)
        fmt::print(stderr, "unet measure: {} of {} label maps measured, {} failed\n",
                   measured.size(), pairs.size(), failures.size());
    return failures.empty() ? 0 : 1;
}

}  // namespace

int measure(const Arguments& arguments) {
    Settings settings;
    Flags flags(
        "measure", "LABELS [--image IMAGE] --out FILE.csv [options]",
        "Measures every object: place, size, shape, and how bright it is in an image.",
        {"unet measure results --out cells.csv",
         "unet measure truth --image pictures --out cells.csv",
         "unet measure results/a.tif --image pictures/a.tif --out a.csv --geojson a.geojson",
         "unet measure results/stack.tif --out stack.csv --json"});
    flags.operand("LABELS",
                  "a label map in which each object has its number (what `unet predict` wrote, or "
                  "an annotation), a stack of them, or a folder");
    flags.add(text("out", "the table, a row for each object; the name ends in .csv", settings.out,
                   "FILE"));
    flags.add(text("image",
                   "what the objects are bright or dark in: a file, or a folder whose files are "
                   "named as those of LABELS",
                   settings.image, "IMAGE"));
    flags.add({"volume",
               "measure an object through all slices of a stack, a row for the whole; else each "
               "slice is for itself",
               &settings.volume});
    flags.add({"pieces", "number what hangs together by its edges first: for a mask of 0 and 255",
               &settings.pieces});
    flags.add(text("geojson",
                   "also write the outlines for QuPath: a file that ends in .geojson, or of "
                   "several label maps a folder",
                   settings.geojson, "FILE"));
    flags.add({"pages",
               "slices of stacks, counted from 0: 0-17 or 0-2,5; LABELS may hold all slices or "
               "just these",
               &settings.pages},
              "RANGE");
    flags.add({"json", "print the summary as one JSON object", &settings.json});
    if (!flags.parse(arguments, 1, 1)) return 0;
    if (settings.out.empty())
        throw UsageError("unet measure: --out FILE.csv is missing: where should the table go?");
    check_table_name("--out", settings.out);
    const auto pairs = pair_with_images(flags.operands()[0], settings.image);
    if (!settings.geojson.empty()) check_outline_name(settings.geojson, pairs.size());
    return measure_all(settings, pairs);
}

}  // namespace unet::cli
