#include <nlohmann/json.hpp>

#include "terminal/flags.h"
#include "terminal/notes.h"
#include "terminal/streams.h"
#include "verbs/data.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Names between commas.
std::vector<std::string> names_in(const std::string& text) {
    std::vector<std::string> names;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        names.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return names;
}

/// What a reader types next.
std::string training_of(const ImportReport& report, const DataFlags& flags) {
    return fmt::format("unet train {} --labels {}{}{}", shell_word(flags.out),
                       to_string(report.kind),
                       report.ignore ? fmt::format(" --ignore {}", *report.ignore) : "",
                       flags.series.empty() ? "" : " --series " + shell_word(flags.series));
}

void print_import(const ImportReport& report, const DataFlags& flags) {
    for (const ImportedImage& image : report.images)
        put("{}  {} object(s) of {}\n", image.name, image.objects, image.annotations.string());
    for (std::size_t i = 0; i < report.classes.size(); ++i)
        if (report.kind == LabelKind::classes) put("{} is {}\n", i + 1, report.classes[i]);
    if (report.ignore)
        put("{} is what takes no part: outside of the annotated regions, or ignored\n",
            *report.ignore);
    put("{}: {} image(s) with labels; `unet check {}` looks for faults, train with\n  {}\n",
        flags.out, report.images.size(), shell_word(flags.out), training_of(report, flags));
}

Json json_of(const ImportReport& report, const DataFlags& flags) {
    Json images = Json::array();
    for (const ImportedImage& image : report.images)
        images.push_back({{"name", image.name},
                          {"image", image.image.string()},
                          {"annotations", image.annotations.string()},
                          {"objects", image.objects}});
    Json object{{"out", flags.out},
                {"labels", to_string(report.kind)},
                {"classes", report.classes},
                {"images", images},
                {"notes", notes_json(report.notes)},
                {"train", training_of(report, flags)}};
    if (report.ignore) object["ignore"] = *report.ignore;
    return object;
}

}  // namespace

int import_data(const std::string& annotations, const DataFlags& flags) {
    ImportOptions options;
    options.annotations = annotations;
    options.images = flags.images;
    options.format = flags.format;
    options.labels = flags.labels;
    options.classes = names_in(flags.classes);
    options.region = flags.region;
    options.colours = flags.colours;
    options.link = flags.link;
    options.series = flags.series;
    options.nuclei = flags.nuclei;
    options.fill_crossings = flags.fill_crossings;
    options.cancelled = system::interrupted;
    system::ask_before_interrupt();
    const ImportReport report = import_annotations(options, flags.out);
    for (const std::string& note : report.notes) tell("note: {}\n", with_flags(note));
    if (flags.json)
        put("{}\n", json_text(json_of(report, flags), 2));
    else
        print_import(report, flags);
    return 0;
}

int export_data(const std::string& labels, const DataFlags& flags) {
    if (flags.format == AnnotationFormat::detect)
        throw UsageError(
            "unet data export: --format is missing: imagej, geojson, labelme, coco or tiff?");
    if (flags.labels == LabelsChoice::binary)
        throw UsageError(
            "unet data export: found --labels binary, expected instances or classes; as classes, "
            "each piece of a mask is an object");
    ExportOptions options;
    options.format = flags.format;
    options.kind = flags.labels == LabelsChoice::classes || !flags.classes.empty()
                       ? LabelKind::classes
                       : LabelKind::instances;
    options.classes = names_in(flags.classes);
    options.series = flags.series;
    options.by_pixels = flags.by_pixels;
    options.cancelled = system::interrupted;
    system::ask_before_interrupt();
    if (flags.ignore >= 0) options.ignore = static_cast<std::uint32_t>(flags.ignore);
    std::vector<ExportedMap> maps;
    std::vector<std::string> notes;
    const auto notice = [&](const std::string& text) {
        tell("note: {}\n", text);
        notes.push_back(text);
    };
    for (const LabelsAndImage& pair : pair_with_images(labels, flags.images, "images", notice))
        maps.push_back({pair.labels.path, pair.image ? pair.image->path : std::filesystem::path()});
    const ExportReport report = export_annotations(maps, options, flags.out);
    for (const std::string& note : report.notes) tell("note: {}\n", with_flags(note));
    Json files = Json::array(), exported = Json::array();
    for (const auto& file : report.files) files.push_back(file.string());
    for (std::size_t i = 0; i < maps.size(); ++i)
        exported.push_back({{"labels", maps[i].labels.string()}, {"objects", report.objects[i]}});
    if (flags.json) {
        notes.insert(notes.end(), report.notes.begin(), report.notes.end());
        put("{}\n", json_text(Json{{"out", flags.out},
                                   {"exported", exported},
                                   {"files", files},
                                   {"notes", notes_json(notes)}},
                              2));
        return 0;
    }
    for (std::size_t i = 0; i < maps.size(); ++i)
        put("{}  {} object(s)\n", maps[i].labels.string(), report.objects[i]);
    for (const Json& file : files) put("{}\n", file.get<std::string>());
    return 0;
}

}  // namespace unet::cli
