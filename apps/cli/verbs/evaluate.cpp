#include <algorithm>

#include "terminal/flags.h"
#include "terminal/progress.h"
#include "verbs/evaluate_compare.h"
#include "verbs/evaluate_report.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

/// The file of a model where `word` names one: label maps win over the name of a known model.
std::filesystem::path model_operand(const std::string& word) {
    const std::filesystem::path path = word;
    if (std::filesystem::is_directory(path)) {
        if (std::filesystem::exists(path / "model.safetensors")) return path / "model.safetensors";
        if (is_image_folder(path)) return {};
        for (const auto& entry : std::filesystem::directory_iterator(path))
            if (is_image_file(entry.path())) return {};
    } else if (std::filesystem::exists(path)) {
        return is_safetensors_file(path) ? path : std::filesystem::path();
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

/// A model and its data, or two sets of files.
struct Operands {
    std::filesystem::path model;  ///< empty: `predicted` are files
    std::string predicted;        ///< as typed, also of a model
    std::string data, labels;     ///< or the true files in `data`
};

Operands operands_of(const Flags& flags) {
    const std::vector<std::string>& words = flags.operands();
    Operands operands{model_operand(words[0]), words[0], words[1],
                      words.size() > 2 ? words[2] : ""};
    if (operands.model.empty()) check_files(flags);
    return operands;
}

/// Flags that do not go with the figures that were asked for.
void check_metrics(const Flags& flags, const EvaluateSettings& settings, bool of_model) {
    const bool isbi2012 = settings.metrics == Metrics::isbi2012;
    for (const std::string& name : flags.given_names()) {
        // The images of a model have pixels of some size for every figure.
        const bool of_surface = (name == "spacing" && !of_model) || name == "tolerance";
        if (of_surface && settings.metrics != Metrics::surface)
            throw UsageError(fmt::format("unet evaluate: --{} is for --metrics surface", name));
        const bool of_labels = name == "labels" || name == "ignore" || name == "volume" ||
                               name == "sizes" || name == "compare" || name == "values";
        if (name == "values" && of_model)
            throw UsageError(
                "unet evaluate: --values is for PREDICTED TRUTH, what a model "
                "predicts is known");
        if (of_labels && isbi2012)
            throw UsageError(
                fmt::format("unet evaluate: --{} does not go with --metrics isbi2012", name));
    }
}

/// What is told beside the figures, each once.
using Told = std::vector<std::string>;

/// What `evaluate` finds, whose progress and notes are shown on stderr.
template <class Evaluate>
auto shown(const Evaluate& evaluate, Told& told) {
    Progress progress("evaluate");
    std::string label;
    JobHooks hooks;
    hooks.begin = [&](const Input& input, std::size_t i, std::size_t images) {
        if (i == 0) system::ask_before_interrupt();
        progress.begin_part(i, images);
        label = fmt::format("tiles of image {}/{}, {}", i + 1, images, input.stem);
    };
    hooks.progress = [&](std::int64_t done, std::int64_t total) {
        progress.update(done, total, label);
    };
    hooks.cancelled = system::interrupted;
    hooks.note = [&](const std::string& text) {
        if (std::find(told.begin(), told.end(), text) != told.end()) return;
        told.push_back(text);
        progress.say("note: " + with_flags(text));
    };
    return evaluate(hooks);
}

Evaluation evaluation_of(const Operands& operands, const EvaluateSettings& settings, Told& told) {
    const auto evaluate = [&](const JobHooks& hooks) {
        if (!operands.model.empty())
            return evaluate_model(read_model(operands.model), operands.data, operands.labels,
                                  settings, hooks);
        const auto pairs = predicted_truths(operands.predicted, operands.data, hooks.note);
        return evaluate_files(pairs, settings, operands.data, {}, hooks.note);
    };
    Evaluation evaluation = shown(evaluate, told);
    if (auto& surface = evaluation.options.surface) surface->unit = with_flags(surface->unit);
    return evaluation;
}

Isbi2012Evaluation isbi2012_of(const Operands& operands, const EvaluateSettings& settings,
                               Told& told) {
    const auto evaluate = [&](const JobHooks& hooks) {
        if (!operands.model.empty())
            return evaluate_isbi2012(read_model(operands.model), operands.data, operands.labels,
                                     settings, hooks);
        const auto pairs = predicted_truths(operands.predicted, operands.data, hooks.note);
        return evaluate_isbi2012(pairs, settings, hooks.note);
    };
    return shown(evaluate, told);
}

Evaluation with_intervals(Evaluation evaluation) {
    evaluation.intervals = bootstrap_intervals(evaluation);
    return evaluation;
}

/// Both sides are models or both are files: the operand that says where the truth is differs.
void compare(const Operands& operands, const std::string& with, const EvaluateSettings& settings,
             bool json) {
    Operands other = operands;
    other.predicted = with;
    other.model = model_operand(with);
    if (other.model.empty() && !std::filesystem::exists(with))
        fail(ErrorCode::io, "--compare: {}: there is no such file, folder or model", with);
    if (other.model.empty() != operands.model.empty())
        throw UsageError(fmt::format(
            "unet evaluate: {} and {} are a model and files; compare two models on the same data, "
            "or two predictions with the same truth",
            operands.predicted, with));
    Told told;
    const Evaluation of_one = evaluation_of(operands, settings, told),
                     of_other = evaluation_of(other, settings, told);
    print_comparison(operands.predicted, of_one, other.predicted, of_other, told, json);
}

}  // namespace

int evaluate(const Arguments& arguments) {
    EvaluateSettings settings;
    std::string other;  // of --compare
    bool json = false;
    Flags flags(
        "evaluate", "MODEL DATA | PREDICTED TRUTH [--compare MODEL|PREDICTED] [options]",
        "Compares predictions with annotations. Of a model and a data set, it predicts in memory;\n"
        "or it compares label maps: files, stacks, or folders whose files have equal names.",
        {"unet evaluate runs/nuclei examples/nuclei/val",
         "unet evaluate runs/nuclei IMAGES LABELS --json",
         "unet evaluate results examples/nuclei/val/labels",
         "unet evaluate results/a.tif a_truth.png --labels instances --json",
         "unet evaluate results/stack.tif truth.tif --pages 18-23 --labels binary",
         "unet evaluate results truth --compare other_results",
         "unet evaluate results truth --metrics surface --tolerance 2",
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
                     "surface adds HD95, ASSD and surface Dice, distances of outlines; isbi2012: "
                     "pixel, Rand and warping error, V_rand and V_info of that challenge, each at "
                     "its best threshold, where TRUTH is 0 on membranes",
                     settings.metrics,
                     {{"standard", Metrics::standard},
                      {"surface", Metrics::surface},
                      {"isbi2012", Metrics::isbi2012}}));
    flags.add({"compare",
               "says whether this model or prediction of the same images is better (B) than the "
               "first (A), with the interval of the difference",
               &other},
              "MODEL|PREDICTED");
    flags.add(labels_field(
        "labels",
        "what label values mean [detect: of PREDICTED TRUTH where it is clear; of a model as "
        "in its training]",
        settings.labels));
    flags.add({"ignore", "label value whose pixels do not count; -1: none", &settings.ignore, -1,
               4294967295.0});
    flags.add(values_field(settings.values));
    flags.add(fields_of(settings.stacks));
    flags.add(by_pixels_field(settings.stacks.by_pixels));
    flags.add({"volume", "a stack is one volume: objects and surfaces run through its slices",
               &settings.volume});
    flags.add({"sizes",
               "objects of fewer pixels than A are small, from B on large, for the figures by size "
               "[thirds of the true objects]",
               &settings.sizes},
              "A,B");
    flags.add(
        {"tolerance",
         "surfaces no farther apart agree, in the unit of the spacing; 0: the size of a pixel",
         &settings.tolerance, 0.0, 1e9});
    flags.add({"json", "print one JSON object, every image in it", &json});
    flags.heading("of a model");
    flags.add({"split", "only rows of list.csv with this word in the column split: val, test",
               &settings.split},
              "WORD");
    flags.add({"labelled_only", "leave out images without a label", &settings.labelled_only});
    flags.add(diameter_field(settings.diameter));
    flags.add({"scale",
               "as in unet predict: the network is shown images so many times larger [0: by "
               "`diameter`]",
               &settings.scale, 0.0, 100.0});
    flags.add(precision_field(settings.precision));
    flags.add({"threads", "0 takes all", &settings.threads, 0, 4096});
    if (!flags.parse(arguments, 2, 3)) return 0;
    const Operands operands = operands_of(flags);
    check_metrics(flags, settings, !operands.model.empty());
    Told told;
    if (settings.metrics == Metrics::isbi2012) {
        const Isbi2012Evaluation evaluation = isbi2012_of(operands, settings, told);
        print(evaluation, operands.model.string(), told, json);
    } else if (other.empty()) {
        const Evaluation evaluation = with_intervals(evaluation_of(operands, settings, told));
        print(evaluation, operands.model.string(), told, json);
    } else
        compare(operands, other, settings, json);
    return 0;
}

}  // namespace unet::cli
