#include <nlohmann/json.hpp>

#include "terminal/flags.h"
#include "terminal/notes.h"
#include "terminal/progress.h"
#include "terminal/streams.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const MeasuredFile& file) {
    Json entry{{"labels", file.labels.string()}};
    if (!file.image.empty()) entry["image"] = file.image.string();
    entry.update({{"objects", file.objects},
                  {"area_total", file.pixels.total},
                  {"area_median", file.pixels.median},
                  {"area_mean", file.pixels.mean}});
    if (!file.unit.empty())
        entry.update({{"unit", file.unit},
                      {"area_total_physical", file.physical.total},
                      {"area_median_physical", file.physical.median},
                      {"area_mean_physical", file.physical.mean}});
    for (const std::string& note : file.notes) entry["notes"].push_back(with_flags(note));
    return entry;
}

void print_json(const MeasuredFiles& files) {
    Json object{{"measured", Json::array()}, {"failed", Json::array()}};
    if (!files.passed_over.empty()) object["passed_over"] = files.passed_over;
    for (const MeasuredFile& file : files.done) object["measured"].push_back(json_of(file));
    for (const FailedInput& failure : files.failed)
        object["failed"].push_back(
            {{"labels", failure.input.path.string()}, {"error", with_flags(failure.error.what())}});
    if (!files.table.empty()) object["table"] = files.table;
    if (!files.geojson.empty()) object["geojson"] = files.geojson;
    put("{}\n", json_text(object, 2));
}

/// "a.tif  27 objects, area 8123 pixels, median 290, mean 300.9  (2030.8 um2, median 72.5, ...)"
std::string line_of(const MeasuredFile& file, bool volume) {
    std::string text = fmt::format("{}  {} objects, {} {:.0f} {}, median {:.6g}, mean {:.6g}",
                                   file.labels.string(), file.objects, volume ? "volume" : "area",
                                   file.pixels.total, volume ? "voxels" : "pixels",
                                   file.pixels.median, file.pixels.mean);
    if (!file.unit.empty())
        text += fmt::format("  ({:.6g} {}{}, median {:.6g}, mean {:.6g})", file.physical.total,
                            file.unit, volume ? 3 : 2, file.physical.median, file.physical.mean);
    return text;
}

void print(const MeasuredFiles& files, bool volume, bool json) {
    if (json) {
        print_json(files);
    } else {
        for (const MeasuredFile& file : files.done) put("{}\n", line_of(file, volume));
        for (const std::string& file : {files.table, files.geojson})
            if (!file.empty()) put("{}\n", file);
    }
    for (const FailedInput& failure : files.failed)
        tell("unet: {}\n", with_flags(failure.error.what()));
    const std::size_t count = files.done.size() + files.failed.size();
    if (!files.failed.empty() && count > 1)
        tell("unet measure: {} of {} label maps measured, {} failed\n", files.done.size(), count,
             files.failed.size());
}

}  // namespace

int measure(const Arguments& arguments) {
    MeasureSettings settings;
    bool json = false;
    Flags flags("measure", "LABELS [--image IMAGE] --out FILE.csv [options]",
                "Measures every object: place, size, shape, and how bright it is in an image.",
                {"unet measure results --out cells.csv",
                 "unet measure truth --image images --out cells.csv",
                 "unet measure results/a.tif --image images/a.tif --out a.csv --geojson a.geojson",
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
    flags.add({"channel", "channels of IMAGE, counted from 0: 1 or 0,2", &settings.channel},
              "RANGE");
    flags.add(series_field(settings.series));
    flags.add(by_pixels_field(settings.by_pixels));
    flags.add(text("spacing",
                   "size of a pixel, instead of what the files say: 0.65um, or HEIGHT,WIDTH or "
                   "DEPTH,HEIGHT,WIDTH",
                   settings.spacing, "SIZE"));
    flags.add({"json", "print the summary as one JSON object", &json});
    if (!flags.parse(arguments, 1, 1)) return 0;
    if (settings.out.empty())
        throw UsageError("unet measure: --out FILE.csv is missing: where should the table go?");
    settings.labels = flags.operands()[0];
    Progress progress("measure");
    Notes notes(progress);
    JobHooks hooks;
    hooks.begin = [&](const Input& labels, std::size_t index, std::size_t count) {
        progress.update(static_cast<std::int64_t>(index), static_cast<std::int64_t>(count),
                        labels.stem);
        notes.begin(labels.path);
    };
    hooks.note = [&](const std::string& text) { notes.say(text); };
    const MeasuredFiles files = measure_files(settings, hooks);
    notes.end();
    for (const std::string& told : files.passed_over) progress.say("note: " + told);
    progress.clear();
    print(files, settings.volume, json);
    return files.failed.empty() ? 0 : 1;
}

}  // namespace unet::cli
