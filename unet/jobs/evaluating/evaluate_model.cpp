#include "unet/jobs/evaluating/evaluate_model.h"

#include <algorithm>
#include <set>

#include "unet/core/error.h"
#include "unet/data/comparing/compared_values.h"
#include "unet/data/comparing/grey_labels.h"
#include "unet/data/comparing/mask_coding.h"
#include "unet/data/comparing/overlay.h"
#include "unet/image/read.h"
#include "unet/jobs/evaluating/evaluate_options.h"
#include "unet/jobs/predicting/predict_settings.h"

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

/// Masks may have other values than those of the training: as of files, 0 is background, or the
/// smaller of two. False where that says nothing.
bool take_masks(TruthMeaning& meaning, const std::vector<std::uint32_t>& found) {
    if (found.size() == 2)
        meaning.values = found;
    else if (found.front() == 0)
        meaning.values = {0, 255};
    else
        return false;
    return true;
}

/// Throws Error(invalid_argument) that lists both: `found` has values that the model does not know.
[[noreturn]] void refuse_values(const std::vector<std::uint32_t>& found,
                                const TruthMeaning& meaning, const std::vector<LabelMap>& truths,
                                const std::vector<Pair>& pairs) {
    std::vector<std::uint32_t> others;
    std::set_difference(found.begin(), found.end(), meaning.values.begin(), meaning.values.end(),
                        std::back_inserter(others));
    std::size_t first = 0;
    const auto holds = [&](const LabelMap& map) {
        return std::find(map.values.begin(), map.values.end(), others.front()) != map.values.end();
    };
    while (first + 1 < truths.size() && !holds(truths[first])) ++first;
    fail_setting("ignore", ErrorCode::invalid_argument,
                 "{}: found the label value {}, the model was trained on {}, this set holds {}; "
                 "`ignore` {} leaves such pixels out",
                 pairs[first].label.string(), others.front(), list_of_values(meaning.values),
                 list_of_values(found), others.front());
}

/// Labels mean what they meant in training. Masks of two values have no objects to tell apart, so a
/// model of objects is compared with them pixel by pixel.
TruthMeaning meaning_for(const Model& model, const std::vector<LabelMap>& truths,
                         const EvaluateSettings& settings, const std::vector<Pair>& pairs,
                         const Notice& notice) {
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
    std::vector<FileValues> files;
    for (std::size_t i = 0; i < truths.size(); ++i)
        files.push_back(values_in(pairs[i].label.string(), truths[i], settings.ignored()));
    const std::string& where = pairs[0].label.string();
    if (const std::string note = check_mask_coding(files, meaning.kind, where); !note.empty())
        say(notice, note);
    if (meaning.kind == LabelKind::instances) return meaning;
    constexpr std::size_t enough = 1000;  // a set of more holds objects
    const auto values = first_values(truths, settings.ignored(), enough);
    const std::vector<std::uint32_t> found(values.begin(), values.end());
    const bool known =
        std::includes(meaning.values.begin(), meaning.values.end(), found.begin(), found.end());
    if (!known && !(meaning.kind == LabelKind::binary && take_masks(meaning, found)))
        refuse_values(found, meaning, truths, pairs);
    if (meaning.kind == LabelKind::binary && meaning.values.size() == 2)
        if (const std::string note = note_on_background(meaning.values); !note.empty())
            say(notice, note);
    return meaning;
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
    const auto tell = [&](const std::filesystem::path& file,
                          const std::vector<std::string>& notes) {
        for (const std::string& note : told_of(file, notes)) say(hooks.note, note);
    };
    Overlay overlay(reading);
    for (const Pair& pair : pairs) {
        truths.push_back(read_labels(pair.label, overlay.place(pair.image, pair.label)));
        tell(pair.label, truths.back().notes);
        check_not_grey(truths.back(), pair.label.string(), false);
    }
    for (const std::string& note : overlay.notes()) say(hooks.note, note);
    if (first) first(truths, pairs);

    PredictOptions options;
    options.threads = static_cast<int>(settings.threads);
    set_size(options, settings.diameter, settings.scale);
    options.precision = settings.precision;
    options.notice = hooks.note;
    options.cancelled = hooks.cancelled;
    options.progress = hooks.progress;
    if (settings.precision != kernels::Element::float32)
        say(hooks.note, fmt::format("the network computed in {} (`precision`)",
                                    kernels::name_of(settings.precision)));
    Predictor predictor(model, options);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (hooks.begin) hooks.begin({pairs[i].image, pairs[i].name}, i, pairs.size());
        const Image image = read_image(pairs[i].image, reading);
        tell(pairs[i].image, image.notes);
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
            if (!objects) to_classes(truth, meaning, settings.ignored());
            measure_in_unit_of(truth, pair.label.string(), settings, evaluation.options);
            accumulate(evaluation, pair.name, predicted, truth);
        },
        [&](const std::vector<LabelMap>& truths, const std::vector<Pair>& pairs) {
            meaning = meaning_for(model, truths, settings, pairs, hooks.note);
            evaluation.options = options_for(meaning, settings);
        });
    return evaluation;
}

}  // namespace unet
