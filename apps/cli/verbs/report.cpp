#include <nlohmann/json.hpp>

#include "terminal/flags.h"
#include "terminal/progress.h"
#include "terminal/streams.h"
#include "verbs/run_commands.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct ReportSettings {
    FileReportSettings files;
    std::string out, data;
    bool check = true, json = false;
    std::int64_t threads = 0;
};

bool is_run(const fs::path& path) {
    return fs::exists(path / "last.safetensors") || fs::exists(path / "config.toml");
}

/// Flags that mean nothing for what is reported on.
void check_flags(const Flags& flags, bool run) {
    for (std::string name : flags.given_names()) {
        if (name.starts_with("no-")) name.erase(0, 3);
        const bool of_run = name == "data" || name == "check" || name == "threads";
        const bool of_both = name == "out" || name == "json";
        if (!of_both && of_run != run)
            throw UsageError(fmt::format("unet report: --{} is for {}, {} is none", name,
                                         of_run ? "the folder of a run" : "predictions",
                                         flags.operands()[0]));
    }
}

/// What values mean and how files lie.
Fields fields_of_meaning(FileReportSettings& settings) {
    return {labels_field("kind",
                         "what label values mean [detect: where it is clear; without TRUTH several "
                         "values are objects]",
                         settings.kind),
            {"ignore", "true label value whose pixels do not count; -1: none", &settings.ignore, -1,
             4294967295.0},
            series_field(settings.series),
            values_field(settings.values),
            by_pixels_field(settings.by_pixels)};
}

Repeat repeat_of(const FileReportSettings& settings) {
    Repeat repeat;
    std::string command = "unet report " + shell_word(settings.predicted);
    for (const auto& [flag, value] :
         {std::pair{"--labels", settings.labels}, {"--image", settings.image}})
        if (!value.empty()) command += fmt::format(" {} {}", flag, shell_word(value));
    FileReportSettings given = settings, usual;
    command += flags_that_differ(fields_of_meaning(given), fields_of_meaning(usual));
    repeat.commands.push_back(command);
    repeat.facts = {{"predictions", settings.predicted}, {"unet version", version()}};
    if (!settings.labels.empty()) repeat.facts.push_back({"annotation", settings.labels});
    if (!settings.image.empty()) repeat.facts.push_back({"images", settings.image});
    return repeat;
}

Report report_of(const ReportSettings& settings, const fs::path& what, Progress& progress) {
    if (!is_run(what)) {
        Report report = report_of_files(settings.files);
        report.repeat = repeat_of(settings.files);
        return report;
    }
    RunReportOptions options;
    options.data = settings.data;
    options.threads = static_cast<int>(settings.threads);
    options.check = settings.check;
    options.commands = run_commands;
    options.notice = [&](const std::string& text) { progress.say(text); };
    options.cancelled = system::interrupted;
    system::ask_before_interrupt();
    return report_of_run(what, options);
}

fs::path file_for(const ReportSettings& settings, const fs::path& what) {
    if (!settings.out.empty()) return settings.out;
    if (is_folder_of_images(what)) return what / "report.html";
    // An OME-Zarr has nothing in it but its image.
    if (fs::is_directory(what)) return what.parent_path() / "report.html";
    throw UsageError(fmt::format(
        "unet report: {} is a file: say where the report goes by --out FILE", what.string()));
}

void print(const Report& report, const fs::path& file, bool json) {
    const auto bytes = static_cast<std::int64_t>(fs::file_size(file));
    if (json) {
        Json object{{"report", file.string()}, {"bytes", bytes}};
        object.update(to_json(report));
        put("{}\n", json_text(object, 2));
        return;
    }
    for (const std::string& remark : report.remarks) tell("note: {}\n", remark);
    for (const ReportFact& fact : report.overview) put("{:<22}{}\n", fact.name, fact.value);
    put("{:<22}{} ({})\n", "report", file.string(), bytes_text(static_cast<double>(bytes)));
}

void describe(Flags& flags, ReportSettings& settings) {
    flags.operand("RUN", "the folder that `unet train` wrote");
    flags.operand("PREDICTION", "the folder, or one label map, that `unet predict` wrote");
    flags.add({"out", "the file [report.html in the folder]", &settings.out}, "FILE");
    flags.add({"json", "print the numbers of the report as one JSON object", &settings.json});
    flags.heading("of a run");
    flags.add({"data", "where the data are now [where they were]", &settings.data}, "DATA");
    flags.add({"check", "look for faults in the data, as `unet check` does", &settings.check});
    flags.add({"threads", "0 takes all", &settings.threads, 0, 4096});
    flags.heading("of a prediction");
    flags.add({"labels", "annotations to compare with: a folder or a file, names as for evaluate",
               &settings.files.labels},
              "TRUTH");
    flags.add(
        {"image", "the images that were predicted, files of equal names", &settings.files.image},
        "IMAGES");
    flags.add(fields_of_meaning(settings.files));
}

}  // namespace

int report(const Arguments& arguments) {
    ReportSettings settings;
    Flags flags("report", "RUN|PREDICTION [--labels TRUTH] [--image IMAGES] [--out FILE] [options]",
                "Writes one HTML page to look at and to send: how a training went, how good its "
                "model is,\nwhich images and objects go wrong, what is odd in the data, how to "
                "repeat it. Every\ntraining writes it when it ends. Of predictions: the comparison "
                "with annotations, or\nthe counts.",
                {"unet report runs/nuclei", "unet report runs/nuclei --out nuclei.html",
                 "unet report results --image examples/nuclei/val/images",
                 "unet report results --labels examples/nuclei/val/labels --image "
                 "examples/nuclei/val/images"});
    describe(flags, settings);
    if (!flags.parse(arguments, 1, 1)) return 0;
    const std::string& word = flags.operands()[0];
    if (!fs::exists(word))
        fail(ErrorCode::io,
             "{}: there is no such file or folder; expected the folder of a run, or what `unet "
             "predict` wrote",
             word);
    check_flags(flags, is_run(word));
    settings.files.predicted = word;
    const fs::path file = file_for(settings, image_path(word));
    check_report_file(file);
    Progress progress("report");
    Report report = report_of(settings, word, progress);
    show_settings(report, with_flags);
    progress.clear();
    write_report(file, report);
    print(report, file, settings.json);
    return 0;
}

}  // namespace unet::cli
