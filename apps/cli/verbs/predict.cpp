#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "terminal/flags.h"
#include "terminal/notes.h"
#include "terminal/progress.h"
#include "terminal/streams.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

/// "objects/a.tif  27 objects"
std::string line_of(const PredictedImage& image) {
    const std::string input = image.input.path.string();
    if (!image.written_by.empty())
        return fmt::format("{}: this share is done, the result is being written by {}", input,
                           image.written_by);
    if (image.missing_tiles > 0)
        return fmt::format("{}: this share is done, tiles of others are missing: {}", input,
                           image.missing_tiles);
    std::vector<std::string> words;
    for (const PredictedImage::File& file : image.files) words.push_back(file.path.string());
    if (image.overlays.size() == 1) words.push_back(image.overlays[0].string());
    if (image.objects) words.push_back(fmt::format("{} objects", *image.objects));
    return fmt::format("{}", fmt::join(words, "  "));
}

Json json_of(const PredictedFiles& files, const PredictSettings& settings,
             const std::vector<std::string>& passed_over, double seconds) {
    Json outputs = Json::array(), failures = Json::array();
    for (PredictedImage image : files.done) {
        for (std::string& note : image.notes) note = with_flags(note);
        outputs.push_back(to_json(image));
    }
    for (const FailedInput& failure : files.failed)
        failures.push_back(
            {{"input", failure.input.path.string()}, {"error", with_flags(failure.error.what())}});
    Json object{{"outputs", outputs},         {"failed", failures},
                {"not_done", files.not_done}, {"peak_bytes", system::peak_resident_memory()},
                {"seconds", seconds},         {"network_seconds", files.network_seconds}};
    object["precision"] = kernels::name_of(settings.precision);
    if (!passed_over.empty()) object["passed_over"] = passed_over;
    if (!files.table.empty()) object["table"] = files.table.string();
    if (files.table_error) object["table_error"] = with_flags(files.table_error->what());
    return object;
}

int predict_all(const PredictSettings& settings, const std::vector<std::string>& words, bool json) {
    Progress progress("predict");
    Notes notes(progress);
    std::vector<std::string> passed_over;
    auto inputs = collect_inputs({words.begin() + 1, words.end()}, notes.of_folders(passed_over));
    const Model model = read_model(model_file(words[0]));
    const auto start = std::chrono::steady_clock::now();
    std::string label;
    PredictHooks hooks;
    hooks.cancelled = system::interrupted;
    hooks.begin = [&](const Input& input, std::size_t number, std::size_t of) {
        if (number == 0) system::ask_before_interrupt();
        progress.begin_part(number, of);
        label = fmt::format("tiles of image {}/{}, {}", number + 1, of, input.stem);
        notes.begin(input.path);
    };
    hooks.progress = [&](std::int64_t done, std::int64_t total) {
        progress.update(done, total, label);
    };
    hooks.note = [&](const std::string& text) { notes.say(text); };
    hooks.done = [&](const PredictedImage& image) {
        progress.clear();
        if (!json) put("{}\n", line_of(image));
    };
    const PredictedFiles files = predict_files(settings, model, std::move(inputs), hooks);
    notes.end();
    progress.clear();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    if (json)
        put("{}\n", json_text(json_of(files, settings, passed_over, took.count()), 2));
    else if (!files.table.empty())
        put("{}\n", files.table.string());
    for (const FailedInput& failure : files.failed)
        tell("unet: {}\n", with_flags(failure.error.what()));
    if (files.table_error) tell("unet: {}\n", with_flags(files.table_error->what()));
    const std::size_t missing = files.failed.size() + files.not_done;
    if (missing > 0)
        tell("unet predict: {} of {} images predicted, {} failed{}\n", files.done.size(),
             files.done.size() + missing, files.failed.size(),
             files.not_done > 0 ? fmt::format(", {} not reached before the {}", files.not_done,
                                              system::interrupted() ? "interrupt" : "failure")
                                : "");
    return missing > 0 || files.table_error ? 1 : 0;
}

}  // namespace

int predict(const Arguments& arguments) {
    PredictSettings settings;
    bool json = false;
    Flags flags(
        "predict", "MODEL INPUT... --out DIR [options]",
        "Applies a trained model to images of any size. Each image becomes DIR/NAME.tif.",
        {"unet predict runs/nuclei images/ --out results --overlay",
         "unet predict runs/nuclei images/ --out results --table results/counts.csv",
         "unet predict model.safetensors a.png b.tif --out results --what labels",
         "unet predict model.safetensors stack.tif --pages 0-17 --out results",
         "unet predict model.safetensors a.tif --out results --what objects,probabilities"});
    flags.operand(
        "MODEL",
        "a model file, the folder of a run (its best model), or the name of a model that came "
        "with the program (unet info --models)");
    flags.operand("INPUT",
                  "images (PNG, JPEG, TIFF, NIfTI, OME-Zarr, stacks too) and folders of them");
    flags.add(fields_of(settings));
    flags.add({"json", "print one JSON object", &json});
    if (!flags.parse(arguments, 2, SIZE_MAX)) return 0;
    if (settings.out.empty())
        throw UsageError("unet predict: --out DIR is missing: where should results go?");

    return predict_all(settings, flags.operands(), json);
}

}  // namespace unet::cli
