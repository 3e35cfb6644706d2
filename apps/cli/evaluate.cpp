#include "evaluate.h"
#include "evaluate_files.h"
#include "evaluate_isbi2012.h"
#include "flags.h"
#include "models.h"
#include "verbs.h"

namespace unet::cli {
namespace {

/// The file of a model where `word` names one: label maps win over the name of a known model.
std::filesystem::path model_operand(const std::string& word) {
    const std::filesystem::path path = word;
    if (std::filesystem::is_directory(path)) {
        if (std::filesystem::exists(path / "model.safetensors")) return path / "model.safetensors";
        for (const auto& entry : std::filesystem::directory_iterator(path))
            if (is_image_file(entry.path())) return {};
    } else if (std::filesystem::exists(path)) {
        return is_image_file(path) ? std::filesystem::path() : path;
    }
    return known_model(word);
}

/// What goes wrong with operands that are not MODEL DATA, before files are compared.
void check_files(const Flags& flags) {
    const std::vector<std::string>& words = flags.operands();
    if (!std::filesystem::exists(words[0]))
        fail(ErrorCode::io,
             "{}: there is no such file, folder or model; expected predicted label maps, or a "
             "model: its file, the folder of its run, or a name (there are: {})",
             words[0], known_models_text());
    if (!model_operand(words[1]).empty())
        throw UsageError(
            fmt::format("unet evaluate: {} is a model: it comes first, then the data", words[1]));
    if (words.size() > 2)
        throw UsageError(fmt::format(
            "unet evaluate: found three operands and {} is no model; expected PREDICTED "
            "TRUTH, MODEL DATA, or MODEL IMAGES LABELS",
            words[0]));
    for (const std::string& name : flags.given_names())
        if (name == "split" || name == "labelled-only" || name == "threads")
            throw UsageError(
                fmt::format("unet evaluate: --{} is for a model on a data set, {} is no model",
                            name, words[0]));
}

void check_isbi2012(const Flags& flags) {
    for (const std::string& name : flags.given_names())
        if (name == "labels" || name == "ignore")
            throw UsageError(
                fmt::format("unet evaluate: --{} does not go with --metrics isbi2012, whose truth "
                            "is 0 on membranes and something else inside",
                            name));
}

}  // namespace

int evaluate(const Arguments& arguments) {
    EvaluateSettings settings;
    Flags flags(
        "evaluate", "MODEL DATA | PREDICTED TRUTH [options]",
        "Compares predictions with annotations. Of a model and a data set, it predicts in memory;\n"
        "or it compares label maps: files, stacks, or folders whose files have equal names.",
        {"unet evaluate runs/nuclei examples/nuclei/val",
         "unet evaluate runs/nuclei IMAGES LABELS --json",
         "unet evaluate results examples/nuclei/val/labels",
         "unet evaluate results/a.tif a_truth.png --labels instances --json",
         "unet evaluate results/stack.tif truth.tif --pages 18-23 --labels binary",
         "unet evaluate probabilities.tif truth.tif --metrics isbi2012"});
    flags.operand("MODEL",
                  "a model file, the folder of a run, or the name of a model that came with the "
                  "program");
    flags.operand("DATA",
                  "a folder with images/ and labels/ (or masks/); or images and labels, two "
                  "folders or two stacks");
    flags.operand(
        "PREDICTED",
        "what `unet predict` wrote: objects or labels; with --metrics isbi2012 probabilities too");
    flags.operand("TRUTH", "annotations: object ids, classes, or 0 and 255");
    flags.add(choice("metrics",
                     "isbi2012: pixel, Rand and warping error, V_rand and V_info of the challenge, "
                     "each at its best threshold; TRUTH is 0 on membranes [standard]",
                     settings.metrics,
                     {{"standard", Metrics::standard}, {"isbi2012", Metrics::isbi2012}}));
    flags.add(choice(
        "labels",
        "what label values mean [detect: of PREDICTED TRUTH where it is clear; of a model as "
        "in its training]",
        settings.labels,
        {{"detect", LabelsChoice::detect},
         {"instances", LabelsChoice::instances},
         {"classes", LabelsChoice::classes},
         {"binary", LabelsChoice::binary}}));
    flags.add({"ignore", "label value whose pixels do not count; -1: none", &settings.ignore, -1,
               4294967295.0});
    flags.add({"pages",
               "slices of stacks, counted from 0: 0-17 or 0-2,5; PREDICTED may hold all slices or "
               "just these",
               &settings.pages},
              "RANGE");
    flags.add({"json", "print one JSON object, every image in it", &settings.json});
    flags.heading("of a model");
    flags.add({"split", "only rows of list.csv with this word in the column split: val, test",
               &settings.split},
              "WORD");
    flags.add({"labelled_only", "leave out images without a label", &settings.labelled_only});
    flags.add({"threads", "0 takes all", &settings.threads, 0, 4096});
    if (!flags.parse(arguments, 2, 3)) return 0;
    if (settings.metrics == Metrics::isbi2012) check_isbi2012(flags);
    const std::vector<std::string>& words = flags.operands();
    const std::filesystem::path model = model_operand(words[0]);
    const std::string labels = words.size() > 2 ? words[2] : "";
    if (model.empty()) check_files(flags);
    const bool isbi2012 = settings.metrics == Metrics::isbi2012;
    if (model.empty() && isbi2012)
        print(evaluate_isbi2012(pair_up(words[0], words[1]), settings), {}, settings.json);
    else if (model.empty())
        print(evaluate_files(pair_up(words[0], words[1]), settings, words[1]), {}, settings.json);
    else if (isbi2012)
        print(evaluate_isbi2012(read_model(model), words[1], labels, settings), model.string(),
              settings.json);
    else
        print(evaluate_model(read_model(model), words[1], labels, settings), model.string(),
              settings.json);
    return 0;
}

}  // namespace unet::cli
