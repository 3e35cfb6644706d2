#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "flags.h"
#include "inputs.h"
#include "memory.h"
#include "models.h"
#include "notes.h"
#include "predict_work.h"
#include "progress.h"
#include "signals.h"
#include "verbs.h"

namespace unet::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

PredictOptions options_of(const PredictSettings& settings, Progress& progress,
                          const std::string& label, Notes& notes) {
    PredictOptions options;
    options.threads = static_cast<int>(settings.threads);
    options.exact = settings.exact;
    options.average = settings.average;
    if (settings.tile != "auto")
        set_from_text({"tile", "", &options.tile, 1, 1e6}, settings.tile, "--tile");
    if (!settings.normalise.empty()) {
        options.override_normalisation = true;
        options.normalisation = parse_normalisation(settings.normalise, "--normalise");
    }
    options.cancelled = interrupted;
    options.progress = [&progress, &label](std::int64_t done, std::int64_t total) {
        progress.update(done, total, label);
    };
    options.notice = [&notes](const std::string& text) { notes.say(text); };
    return options;
}

/// "objects/a.tif  27 objects"
std::string line_of(const Json& entry) {
    std::string files;
    for (const auto& [key, value] : entry.items())
        if (key != "input" && key != "count" && value.is_string())
            files += (files.empty() ? "" : "  ") + value.get<std::string>();
    return entry.contains("count") ? fmt::format("{}  {} objects", files, entry["count"].dump())
                                   : files;
}

/// Predicts all inputs, each on its own: one that fails does not stop the others.
int predict_all(const PredictSettings& settings, const Model& model,
                const std::vector<Input>& inputs) {
    Progress progress("predict");
    std::string label;
    Notes notes(progress);
    Predictor predictor(model, options_of(settings, progress, label, notes));
    PredictWork work(settings, model, notes);
    work.check(inputs);
    work.create_folders();
    ask_before_interrupt();

    Json written = Json::array(), failures = Json::array();
    for (const Input& input : inputs) {
        if (interrupted()) break;
        const std::size_t behind = written.size() + failures.size();
        progress.begin_part(behind, inputs.size());
        label = fmt::format("tiles of image {}/{}, {}", behind + 1, inputs.size(), input.stem);
        notes.begin(input.path);
        try {
            written.push_back(work.predict(predictor, input));
            if (!notes.of_image().empty()) written.back()["notes"] = notes.of_image();
            progress.clear();
            if (!settings.json) fmt::print("{}\n", line_of(written.back()));
        } catch (const Error& error) {
            if (error.code() == ErrorCode::cancelled) break;
            failures.push_back(
                {{"input", input.path.string()}, {"error", told_of(input, error.what())}});
        }
    }
    notes.end();
    progress.clear();
    const std::string table = work.write_table().string();
    const std::size_t missing = inputs.size() - written.size() - failures.size();
    if (settings.json) {
        Json object{{"outputs", written},
                    {"failed", failures},
                    {"not_done", missing},
                    {"peak_bytes", peak_resident_bytes()}};
        if (!table.empty()) object["table"] = table;
        fmt::print("{}\n", object.dump(2));
    } else if (!table.empty()) {
        fmt::print("{}\n", table);
    }
    for (const Json& failure : failures)
        fmt::print(stderr, "unet: {}\n", failure["error"].get<std::string>());
    if (failures.size() + missing > 0)
        fmt::print(
            stderr, "unet predict: {} of {} images predicted, {} failed{}\n", written.size(),
            inputs.size(), failures.size(),
            missing > 0 ? fmt::format(", {} not reached before the interrupt", missing) : "");
    return failures.size() + missing > 0 ? 1 : 0;
}

}  // namespace

int predict(const Arguments& arguments) {
    PredictSettings settings;
    Flags flags(
        "predict", "MODEL INPUT... --out DIR [options]",
        "Applies a trained model to images of any size. Each image becomes DIR/NAME.tif.",
        {"unet predict runs/nuclei pictures/ --out results --overlay",
         "unet predict runs/nuclei pictures/ --out results --table results/counts.csv",
         "unet predict model.safetensors a.png b.tif --out results --what labels",
         "unet predict model.safetensors stack.tif --pages 0-17 --out results",
         "unet predict model.safetensors a.tif --out results --what objects,probabilities"});
    flags.operand(
        "MODEL",
        "a model file, the folder of a run (its best model), or the name of a model that came "
        "with the program (unet info --models)");
    flags.operand("INPUT",
                  "images (PNG, JPEG, TIFF, NIfTI, OME-Zarr, stacks too) and folders of them");
    flags.add({"out", "where results go; created if missing", &settings.out}, "DIR");
    flags.add({"what",
               "numbered objects, class labels, probabilities or logits (a page for each class); "
               "several with commas go into subfolders [objects for a model trained on "
               "numbered objects, labels otherwise]",
               &settings.what},
              "objects|labels|probabilities|logits");
    flags.add(
        {"overlay", "also draw outlines on the images: DIR/overlay/NAME.png", &settings.overlay});
    flags.add(text("table",
                   "also write counts and areas for a spreadsheet: a row for each image, or for "
                   "each image and class; the name ends in .csv",
                   settings.table, "FILE"));
    flags.add(choice("format",
                     "of the files: TIFF for ImageJ; tiled OME-TIFF or OME-Zarr with smaller "
                     "copies for large pictures; NIfTI, with the place in space of a NIfTI input; "
                     "PNG, which holds one plane",
                     settings.format,
                     {{"tif", ImageFormat::tif},
                      {"ome-tif", ImageFormat::ome_tif},
                      {"ome-zarr", ImageFormat::ome_zarr},
                      {"nifti", ImageFormat::nifti},
                      {"png", ImageFormat::png}}));
    flags.add({"bits",
               "of a value: 8, 16 or 32 for objects and labels; 8 (0 to 255) or 32 (floats) for "
               "probabilities [0: 16 for labels, 32 where ids need it and for floats]",
               &settings.bits, 0, 32});
    flags.add(fields_of(settings.stacks));
    flags.add(
        {"normalise", "instead of the model's own rule for turning stored values into numbers",
         &settings.normalise},
        "image|dataset|range|LOW:HIGH");
    flags.add(choice("average",
                     "mean of the picture and its mirror images (4 times the work), or of 7 turned "
                     "ones: a little better",
                     settings.average,
                     {{"none", Averaging::none},
                      {"mirrors4", Averaging::mirrors4},
                      {"rotations7", Averaging::rotations7}}));
    flags.add(
        {"tile",
         "edge in pixels of the piece that is computed at once; smaller takes less memory, the "
         "result is the same",
         &settings.tile},
        "N|auto");
    flags.add(
        {"max-ram",
         "the program never takes more memory than this, such as 512MB or 2GB; tiles are made "
         "to fit, the result is the same [tiles take a quarter of what is free]",
         &settings.max_ram},
        "SIZE");
    flags.add({"threads", "processor cores to use; 0: all", &settings.threads, 0, 4096});
    flags.add(
        {"exact", "direct convolution only: slower, the plainest arithmetic", &settings.exact});
    flags.add({"json", "print one JSON object", &settings.json});
    if (!flags.parse(arguments, 2, SIZE_MAX)) return 0;
    if (settings.out.empty())
        throw UsageError("unet predict: --out DIR is missing: where should results go?");

    if (!settings.table.empty()) check_table_name("--table", settings.table);

    const std::vector<std::string> words(flags.operands().begin() + 1, flags.operands().end());
    const auto inputs = collect_inputs(words);
    return predict_all(settings, read_model(model_file(flags.operands()[0])), inputs);
}

}  // namespace unet::cli
