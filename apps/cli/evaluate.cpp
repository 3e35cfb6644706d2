#include <algorithm>
#include <limits>
#include <map>

#include "evaluate.h"
#include "flags.h"
#include "inputs.h"
#include "models.h"
#include "verbs.h"

namespace unet::cli {
namespace {

constexpr std::uint32_t left_out = std::numeric_limits<std::uint32_t>::max();

struct Pairing {
    Input predicted, truth;
};

/// Two files are a pair whatever they are called; folders pair up by name.
std::vector<Pairing> pair_up(const std::string& predicted, const std::string& truth) {
    const auto left = collect_inputs({predicted}), right = collect_inputs({truth});
    const bool files =
        !std::filesystem::is_directory(predicted) && !std::filesystem::is_directory(truth);
    if (files) return {{left[0], right[0]}};
    std::map<std::string, Input> by_stem;
    for (const Input& input : left) by_stem.emplace(input.stem, input);
    std::vector<Pairing> pairs;
    std::string missing;
    std::size_t count = 0;
    for (const Input& input : right) {
        const auto found = by_stem.find(input.stem);
        if (found != by_stem.end()) {
            pairs.push_back({found->second, input});
            by_stem.erase(found);
        } else if (++count <= 3) {
            missing += fmt::format("{}{}", missing.empty() ? "" : ", ", input.stem);
        }
    }
    if (count > 0)
        fail(
            ErrorCode::invalid_argument,
            "{}: found no prediction for {} of {} label maps in {} ({}{}), expected files of equal "
            "names",
            predicted, count, right.size(), truth, missing, count > 3 ? ", ..." : "");
    if (!by_stem.empty())
        fmt::print(stderr, "note: {} of {} predictions have no label map in {} and do not count\n",
                   by_stem.size(), left.size(), truth);
    return pairs;
}

TruthMeaning meaning_of_truth(const std::vector<LabelMap>& truths, const EvaluateSettings& settings,
                              std::optional<std::uint32_t> ignore, const std::string& where) {
    if (settings.labels == LabelsChoice::instances) return {};
    Context context;
    std::vector<const LabelMap*> maps;
    for (const LabelMap& map : truths) maps.push_back(&map);
    const LabelSurvey survey = survey_labels(context, maps, ignore);
    if (settings.labels == LabelsChoice::detect) {
        const LabelMeaning meaning = unet::meaning_of(survey, settings.labels, ignore, where);
        return {meaning.kind, meaning.values};
    }
    TruthMeaning meaning;
    meaning.kind = settings.labels == LabelsChoice::binary ? LabelKind::binary : LabelKind::classes;
    for (const auto& [value, count] : survey.values)
        if (value != ignore) meaning.values.push_back(value);
    return meaning;
}

/// Predictions are class indices as `predict` writes them, or the stored values of the truth.
bool holds_stored_values(const LabelMap& map, const std::vector<std::uint32_t>& values) {
    return std::all_of(map.values.begin(), map.values.end(), [&](std::uint32_t value) {
        return std::binary_search(values.begin(), values.end(), value);
    });
}

LabelMap read_prediction(const Input& input, const Size3& truth, const EvaluateSettings& settings) {
    LabelMap map = read_labels(input.path);
    const ReadSettings& s = settings.stacks;
    const bool picks = !(s.pages.empty() && s.z.empty() && s.t.empty());
    if (picks && map.size.depth != truth.depth)
        map = read_labels(input.path, read_options_of(settings.stacks));
    return map;
}

Evaluation evaluate_all(const std::vector<Pairing>& pairs, const EvaluateSettings& settings,
                        const std::string& where) {
    const ReadOptions reading = read_options_of(settings.stacks);
    const std::optional<std::uint32_t> ignore = settings.ignored();
    std::vector<LabelMap> truths;
    for (const Pairing& pair : pairs) truths.push_back(read_labels(pair.truth.path, reading));
    const TruthMeaning meaning = meaning_of_truth(truths, settings, ignore, where);

    Evaluation evaluation;
    evaluation.options = options_for(meaning, ignore);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        LabelMap predicted = read_prediction(pairs[i].predicted, truths[i].size, settings);
        if (meaning.kind != LabelKind::instances) {
            to_classes(truths[i], meaning, ignore);
            if (holds_stored_values(predicted, meaning.values))
                to_classes(predicted, meaning, std::nullopt);
        }
        accumulate(evaluation, pairs[i].truth.stem, predicted, truths[i]);
        truths[i] = {};
    }
    return evaluation;
}

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

}  // namespace

EvaluateOptions options_for(const TruthMeaning& meaning, std::optional<std::uint32_t> ignore) {
    EvaluateOptions options;
    options.kind = meaning.kind;
    options.ignore = ignore;
    if (meaning.kind == LabelKind::instances) return options;
    if (ignore) options.ignore = left_out;
    if (meaning.kind == LabelKind::classes)
        for (const std::uint32_t value : meaning.values)
            options.class_names.push_back(std::to_string(value));
    return options;
}

void to_classes(LabelMap& map, const TruthMeaning& meaning, std::optional<std::uint32_t> ignore) {
    const auto& values = meaning.values;
    for (std::uint32_t& value : map.values) {
        if (value == ignore) {
            value = left_out;
        } else if (meaning.kind == LabelKind::binary) {
            value = value != (values.size() == 2 ? values[0] : 0) ? 1 : 0;
        } else {
            const auto place = std::lower_bound(values.begin(), values.end(), value);
            value = static_cast<std::uint32_t>(place - values.begin());
        }
    }
}

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
         "unet evaluate results/stack.tif truth.tif --pages 18-23 --labels binary"});
    flags.operand("MODEL",
                  "a model file, the folder of a run, or the name of a model that came with the "
                  "program");
    flags.operand("DATA",
                  "a folder with images/ and labels/ (or masks/); or images and labels, two "
                  "folders or two stacks");
    flags.operand("PREDICTED", "what `unet predict` wrote: objects or labels");
    flags.operand("TRUTH", "annotations: object ids, classes, or 0 and 255");
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
    flags.add(fields_of(settings.stacks));
    flags.add({"json", "print one JSON object, every image in it", &settings.json});
    flags.heading("of a model");
    flags.add({"split", "only rows of list.csv with this word in the column split: val, test",
               &settings.split},
              "WORD");
    flags.add({"labelled_only", "leave out images without a label", &settings.labelled_only});
    flags.add({"threads", "0 takes all", &settings.threads, 0, 4096});
    if (!flags.parse(arguments, 2, 3)) return 0;
    const std::vector<std::string>& words = flags.operands();
    const std::filesystem::path model = model_operand(words[0]);
    if (model.empty()) {
        check_files(flags);
        print(evaluate_all(pair_up(words[0], words[1]), settings, words[1]), {}, settings.json);
    } else {
        print(
            evaluate_model(read_model(model), words[1], words.size() > 2 ? words[2] : "", settings),
            model.string(), settings.json);
    }
    return 0;
}

}  // namespace unet::cli
