#include "unet/jobs/evaluating/evaluate_model.h"

#include <algorithm>
#include <set>

#include "unet/core/error.h"
#include "unet/image/read.h"
#include "unet/jobs/evaluating/evaluate_options.h"

namespace unet {
namespace {

void say(const Notice& notice, const std::string& text) {
    if (notice) notice(text);
}

/// Values other than `ignore`, in order; no more than `most` of them.
std::set<std::uint32_t> first_values(const std::vector<LabelMap>& maps,
                                     std::optional<std::uint32_t> ignore, std::size_t most) {
    std::set<std::uint32_t> values;
    for (const LabelMap& map : maps)
        for (const std::uint32_t value : map.values) {
            if (value == ignore || !values.insert(value).second) continue;
            if (values.size() == most) return values;
        }
    return values;
}

/// Labels mean what they meant in training. Masks of two values have no objects to tell apart, so a
/// model of objects is compared with them pixel by pixel.
TruthMeaning meaning_for(const Model& model, const std::vector<LabelMap>& truths,
                         const EvaluateSettings& settings, const Notice& notice) {
    TruthMeaning meaning{model.info.labels, model.info.label_values};
    if (settings.labels != LabelsChoice::detect) meaning.kind = kind_of(settings.labels);
    if (settings.labels == LabelsChoice::detect && meaning.kind == LabelKind::instances) {
        const auto values = first_values(truths, settings.ignored(), 3);
        if (values.size() == 2) {
            meaning = {LabelKind::binary, {values.begin(), values.end()}};
            say(notice, fmt::format("the labels hold two values, {}: compared pixel by pixel "
                                    "(`labels` instances takes each value for one object)",
                                    fmt::join(values, " and ")));
        }
    }
    if (meaning.kind == LabelKind::classes && meaning.values.empty())
        for (std::int64_t c = 0; c < model.network.classes; ++c)
            meaning.values.push_back(static_cast<std::uint32_t>(c));
    return meaning;
}

void check_values(const LabelMap& truth, const TruthMeaning& meaning,
                  std::optional<std::uint32_t> ignore, const std::string& where) {
    for (const std::uint32_t value : truth.values)
        if (value != ignore &&
            !std::binary_search(meaning.values.begin(), meaning.values.end(), value))
            fail_setting(
                "ignore", ErrorCode::invalid_argument,
                "{}: found the label value {}, the model was trained on {}; `ignore` {} leaves "
                "these pixels out",
                where, value, fmt::join(meaning.values, ", "), value);
}

std::vector<Pair> pairs_for(const std::string& images, const std::string& labels,
                            const EvaluateSettings& settings, const Notice& notice) {
    auto pairs = find_pairs(images, labels, settings.labelled_only, notice, settings.split);
    if (std::any_of(pairs.begin(), pairs.end(),
                    [](const Pair& pair) { return pair.part == Part::train; }))
        say(notice,
            "list.csv names images for training: they count too; `split` val (or another word "
            "of its column split) takes those only");
    return pairs;
}

}  // namespace

void predict_all(const Model& model, const std::string& images, const std::string& labels,
                 const EvaluateSettings& settings, const JobHooks& hooks, const UsePrediction& use,
                 const UseTruths& first) {
    const ReadOptions reading = read_options_of(settings.stacks);
    const auto pairs = pairs_for(images, labels, settings, hooks.note);
    std::vector<LabelMap> truths;
    std::vector<std::string> notes;
    const auto tell_of = [&](const std::filesystem::path& file) {
        for (const std::string& note : notes) say(hooks.note, file.string() + ": " + note);
    };
    for (const Pair& pair : pairs) {
        truths.push_back(read_labels(pair.label, reading, &notes));
        tell_of(pair.label);
    }
    if (first) first(truths);

    PredictOptions options;
    options.threads = static_cast<int>(settings.threads);
    options.scale = settings.scale;
    options.notice = hooks.note;
    options.cancelled = hooks.cancelled;
    options.progress = hooks.progress;
    Predictor predictor(model, options);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (hooks.begin) hooks.begin({pairs[i].image, pairs[i].name}, i, pairs.size());
        const Image image = read_image(pairs[i].image, reading, &notes);
        tell_of(pairs[i].image);
        use(predictor, image, truths[i], pairs[i]);
        truths[i] = {};
    }
}

Evaluation evaluate_model(const Model& model, const std::string& images, const std::string& labels,
                          const EvaluateSettings& settings, const JobHooks& hooks) {
    TruthMeaning meaning;
    Evaluation evaluation;
    predict_all(
        model, images, labels, settings, hooks,
        [&](Predictor& predictor, const Image& image, LabelMap& truth, const Pair& pair) {
            const bool objects = meaning.kind == LabelKind::instances;
            const LabelMap predicted = objects ? predictor.objects(image) : predictor.labels(image);
            if (meaning.kind == LabelKind::classes)
                check_values(truth, meaning, settings.ignored(), pair.label.string());
            if (!objects) to_classes(truth, meaning, settings.ignored());
            measure_in_unit_of(truth, pair.label.string(), settings, evaluation.options);
            accumulate(evaluation, pair.name, predicted, truth);
        },
        [&](const std::vector<LabelMap>& truths) {
            meaning = meaning_for(model, truths, settings, hooks.note);
            evaluation.options = options_for(meaning, settings);
        });
    return evaluation;
}

}  // namespace unet
