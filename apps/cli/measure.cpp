#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "flags.h"
#include "inputs.h"
#include "measure_table.h"
#include "notes.h"
#include "outline_file.h"
#include "progress.h"
#include "table.h"
#include "verbs.h"

namespace unet::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Settings {
    std::string image, out, geojson, pages;
    bool pieces = false, json = false;
};

struct Pairing {
    Input labels;
    std::optional<Input> image;
};

/// The image of every label map: two files are a pair whatever they are called, folders pair up by
/// name.
std::vector<Pairing> pair_up(const std::string& labels, const std::string& images) {
    std::vector<Pairing> pairs;
    for (Input& input : collect_inputs({labels})) pairs.push_back({std::move(input), {}});
    if (images.empty()) return pairs;
    const auto found = collect_inputs({images});
    if (fs::is_directory(labels) != fs::is_directory(images))
        fail(ErrorCode::invalid_argument, "--image {}: found a {}, expected a {} as {} is one",
             images, fs::is_directory(images) ? "folder" : "file",
             fs::is_directory(labels) ? "folder" : "file", labels);
    if (!fs::is_directory(labels)) {
        pairs[0].image = found[0];
        return pairs;
    }
    std::map<std::string, Input> by_stem;
    for (const Input& input : found) by_stem.emplace(input.stem, input);
    std::vector<std::string> missing;
    for (Pairing& pair : pairs) {
        const auto place = by_stem.find(pair.labels.stem);
        if (place == by_stem.end())
            missing.push_back(pair.labels.stem);
        else
            pair.image = place->second;
    }
    if (!missing.empty())
        fail(ErrorCode::invalid_argument,
             "--image {}: found no image for {} of {} label maps in {} ({}{}), expected files of "
             "equal names",
             images, missing.size(), pairs.size(), labels,
             fmt::join(missing.begin(),
                       missing.begin() + std::min<std::ptrdiff_t>(3, std::ssize(missing)), ", "),
             missing.size() > 3 ? ", ..." : "");
    return pairs;
}

/// Measures one label map after the other.
class Work {
public:
    Work(const Settings& settings, Notes& notes) : notes_(notes), settings_(settings) {
        if (!settings.pages.empty()) pages_ = parse_pages(settings.pages, "--pages");
    }

    /// The summary of one label map, as JSON.
    Json measure(const Pairing& pair) {
        const std::optional<Image> image =
            pair.image ? std::optional(read_image(pair.image->path, pages_)) : std::nullopt;
        LabelMap labels = labels_of(pair, image ? &*image : nullptr);
        if (settings_.pieces)
            labels = connected_components(labels);
        else
            note_on_mask(labels);
        MeasuredMap map;
        map.image = pair.labels.path.filename().string();
        map.objects = objects_of(pair, labels, image ? &*image : nullptr);
        map.spacing = measured_spacing(labels, image ? &*image : nullptr);
        map.channels = image ? image->channels : 0;
        map.slices = slices_of(labels);
        Json entry = summary_of(pair, map);
        if (!settings_.geojson.empty()) outlines_.add(pair.labels.stem, labels, map.slices);
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
    LabelMap labels_of(const Pairing& pair, const Image* image) const {
        if (!pages_) return read_labels(pair.labels.path);
        if (image == nullptr) return read_labels(pair.labels.path, pages_);
        LabelMap labels = read_labels(pair.labels.path);
        return labels.size.depth == image->size.depth ? labels
                                                      : read_labels(pair.labels.path, pages_);
    }

    static std::vector<ObjectMeasurements> objects_of(const Pairing& pair, const LabelMap& labels,
                                                      const Image* image) {
        try {
            return measure_objects(labels, image);
        } catch (const Error& error) {
            throw Error(
                error.code(),
                fmt::format("{}{}: {}", pair.labels.path.string(),
                            pair.image ? " on " + pair.image->path.string() : "", error.what()));
        }
    }

    /// Numbers of the slices in their file; none for a single picture.
    std::vector<std::int64_t> slices_of(const LabelMap& labels) const {
        if (pages_) return pages_->resolve(INT64_MAX, "--pages");
        std::vector<std::int64_t> slices;
        for (std::int64_t z = 0; labels.size.depth > 1 && z < labels.size.depth; ++z)
            slices.push_back(z);
        return slices;
    }

    void note_on_mask(const LabelMap& labels) {
        if (count_objects(labels) != 1) return;
        const std::int64_t pieces = count_objects(connected_components(labels));
        if (pieces > labels.size.depth)
            notes_.say(
                fmt::format("all {} pieces have one number and are measured as one object; "
                            "--pieces takes each for itself",
                            pieces));
    }

    static Json summary_of(const Pairing& pair, const MeasuredMap& map) {
        std::vector<double> areas;
        double total = 0.0;
        for (const ObjectMeasurements& object : map.objects) {
            areas.push_back(object.pixels.area);
            total += object.pixels.area;
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
        if (!map.spacing.known()) return entry;
        const double pixel = map.spacing.size[1] * map.spacing.size[2];
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

/// "a.tif  27 objects, area 8123 pixels, median 290, mean 300.9 (2030.8 um2, 72.5, 75.2)"
std::string line_of(const Json& entry) {
    const auto figure = [&](const char* name) { return entry[name].get<double>(); };
    std::string text =
        fmt::format("{}  {} objects, area {:.0f} pixels, median {:.6g}, mean {:.6g}",
                    entry["labels"].get<std::string>(), entry["objects"].get<std::size_t>(),
                    figure("area_total"), figure("area_median"), figure("area_mean"));
    if (entry.contains("unit"))
        text += fmt::format("  ({:.6g} {}2, median {:.6g}, mean {:.6g})",
                            figure("area_total_physical"), entry["unit"].get<std::string>(),
                            figure("area_median_physical"), figure("area_mean_physical"));
    return text;
}

void print(const Json& measured, const Json& failures, const Json& files, bool json) {
    if (json) {
        Json object{{"measured", measured}, {"failed", failures}};
        object.update(files);
        fmt::print("{}\n", object.dump(2));
    } else {
        for (const Json& entry : measured) fmt::print("{}\n", line_of(entry));
        for (const Json& file : files) fmt::print("{}\n", file.get<std::string>());
    }
    for (const Json& failure : failures)
        fmt::print(stderr, "unet: {}\n", failure["error"].get<std::string>());
}

/// Each on its own: one that fails does not stop the others.
int measure_all(const Settings& settings, const std::vector<Pairing>& pairs) {
    Progress progress("measure");
    Notes notes(progress);
    Work work(settings, notes);
    const fs::path folder = fs::path(settings.out).parent_path();
    if (!folder.empty()) create_folder(folder);

    Json measured = Json::array(), failures = Json::array();
    for (const Pairing& pair : pairs) {
        progress.update(std::ssize(measured) + std::ssize(failures), std::ssize(pairs),
                        pair.labels.stem);
        notes.begin(pair.labels.path);
        try {
            measured.push_back(work.measure(pair));
            if (!notes.of_image().empty()) measured.back()["notes"] = notes.of_image();
        } catch (const Error& error) {
            failures.push_back({{"labels", pair.labels.path.string()},
                                {"error", told_of(pair.labels, error.what())}});
        }
    }
    notes.end();
    progress.clear();
    const Json files = work.write();
    print(measured, failures, files, settings.json);
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
    const auto pairs = pair_up(flags.operands()[0], settings.image);
    if (!settings.geojson.empty()) check_outline_name(settings.geojson, pairs.size());
    return measure_all(settings, pairs);
}

}  // namespace unet::cli
