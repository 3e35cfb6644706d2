#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "terminal/flags.h"
#include "terminal/notes.h"
#include "terminal/progress.h"
#include "verbs/predict_flags.h"
#include "verbs/predict_work.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// "objects/a.tif  27 objects"
std::string line_of(const Json& entry) {
    std::string files;
    for (const auto& [key, value] : entry.items())
        if (key != "input" && key != "count" && value.is_string())
            files += (files.empty() ? "" : "  ") + value.get<std::string>();
    if (entry.contains("written_by"))
        return fmt::format("{}: this share is done, the result is being written by {}",
                           entry["input"].get<std::string>(),
                           entry["written_by"].get<std::string>());
    if (entry.contains("missing_tiles"))
        return fmt::format("{}: this share is done, tiles of others are missing: {}",
                           entry["input"].get<std::string>(), entry["missing_tiles"].dump());
    return entry.contains("count") ? fmt::format("{}  {} objects", files, entry["count"].dump())
                                   : files;
}

/// Predicts all inputs, each on its own: one that fails does not stop the others.
int predict_all(PredictSettings settings, const Model& model, std::vector<Input> inputs) {
    const auto start = std::chrono::steady_clock::now();
    check_where(settings, inputs);
    take_share(settings, inputs);
    Progress progress("predict");
    std::string label;
    Notes notes(progress);
    Predictor predictor(model, options_of(settings, progress, label, notes));
    PredictWork work(settings, model, notes);
    work.check(inputs);
    work.create_folders();
    if (!settings.table.empty()) AtomicFile(settings.table);  // refused now, not after hours
    system::ask_before_interrupt();

    Json written = Json::array(), failures = Json::array();
    for (const Input& input : inputs) {
        if (system::interrupted()) break;
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
            failures.push_back({{"input", input.path.string()},
                                {"error", told_of(input, with_flags(error.what()))}});
            if (!settings.keep_going) break;
        }
    }
    notes.end();
    progress.clear();
    std::string table, table_fault;
    try {
        table = work.write_table().string();
    } catch (const Error& error) {
        table_fault = with_flags(error.what());  // told at the end: what was predicted is there
    }
    const std::size_t missing = inputs.size() - written.size() - failures.size();
    if (settings.json) {
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        Json object{{"outputs", written},      {"failed", failures},
                    {"not_done", missing},     {"peak_bytes", system::peak_resident_memory()},
                    {"seconds", took.count()}, {"network_seconds", predictor.network_seconds()}};
        if (!table.empty()) object["table"] = table;
        if (!table_fault.empty()) object["table_error"] = table_fault;
        fmt::print("{}\n", object.dump(2));
    } else if (!table.empty()) {
        fmt::print("{}\n", table);
    }
    if (failures.size() + missing == 0) work.forget(inputs);
    for (const Json& failure : failures)
        fmt::print(stderr, "unet: {}\n", failure["error"].get<std::string>());
    if (!table_fault.empty()) fmt::print(stderr, "unet: {}\n", table_fault);
    if (failures.size() + missing > 0)
        fmt::print(stderr, "unet predict: {} of {} images predicted, {} failed{}\n", written.size(),
                   inputs.size(), failures.size(),
                   missing > 0 ? fmt::format(", {} not reached before the {}", missing,
                                             system::interrupted() ? "interrupt" : "failure")
                               : "");
    return failures.size() + missing > 0 || !table_fault.empty() ? 1 : 0;
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
    flags.add(text("table",
                   "also write counts and areas for a spreadsheet: a row for each image, or for "
                   "each image and class; the name ends in .csv",
                   settings.table, "FILE"));
    add_prediction_flags(flags, settings);
    flags.add({"resume",
               "keep finished tiles in DIR/.unfinished until all is done, and go on from those "
               "that are there: give it from the start for what takes long",
               &settings.resume});
    flags.add(text("part",
                   "do the K-th of N shares of the images, or, of one image, of its tiles: for job "
                   "arrays; who finds the last tiles done writes the result",
                   settings.part, "K/N"));
    flags.add({"keep_going", "an image that fails does not stop the others", &settings.keep_going});
    flags.add({"json", "print one JSON object", &settings.json});
    if (!flags.parse(arguments, 2, SIZE_MAX)) return 0;
    if (settings.out.empty())
        throw UsageError("unet predict: --out DIR is missing: where should results go?");

    if (!settings.table.empty()) check_table_name("table", settings.table);

    const std::vector<std::string> words(flags.operands().begin() + 1, flags.operands().end());
    auto inputs = collect_inputs(words);
    return predict_all(settings, read_model(model_file(flags.operands()[0])), std::move(inputs));
}

}  // namespace unet::cli
