#include <nlohmann/json.hpp>

#include "terminal/flags.h"
#include "terminal/notes.h"
#include "terminal/progress.h"
#include "terminal/streams.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const FindSettings& settings, const InputResults<FoundObjects>& results,
             const std::vector<std::string>& passed_over) {
    Json found = Json::array(), failures = Json::array();
    for (const FoundObjects& image : results.done)
        found.push_back({{"input", image.input.path.string()},
                         {"output", image.file.string()},
                         {"objects", image.objects},
                         {"notes", notes_json(image.notes)}});
    for (const FailedInput& failure : results.failed)
        failures.push_back(
            {{"input", failure.input.path.string()}, {"error", with_flags(failure.error.what())}});
    const Json rule{{"threshold", settings.threshold},
                    {"split_depth", settings.rule.split_depth},
                    {"minimum_size", settings.rule.minimum_pixels},
                    {"fill_holes", settings.rule.fill_holes},
                    {"drop_border", settings.rule.drop_border}};
    return {{"rule", rule},
            {"found", found},
            {"failed", failures},
            {"passed_over", passed_over},
            {"peak_bytes", system::peak_resident_memory()}};
}

int find_all(const FindSettings& settings, const std::vector<std::string>& words, bool json) {
    Progress progress("objects");
    std::vector<std::string> passed_over;
    Notes notes(progress);
    const auto inputs = collect_inputs(words, notes.of_folders(passed_over));
    JobHooks hooks;
    hooks.cancelled = system::interrupted;
    hooks.begin = [&](const Input& input, std::size_t number, std::size_t of) {
        progress.update(static_cast<std::int64_t>(number), static_cast<std::int64_t>(of),
                        input.stem);
        notes.begin(input.path);
    };
    hooks.note = [&](const std::string& text) { notes.say(text); };
    system::ask_before_interrupt();
    const InputResults<FoundObjects> results = find_objects(settings, inputs, hooks);
    notes.end();
    progress.clear();
    if (json) {
        put("{}\n", json_text(json_of(settings, results, passed_over), 2));
    } else {
        for (const FoundObjects& image : results.done)
            put("{}  {} objects\n", image.file.string(), image.objects);
    }
    for (const FailedInput& failure : results.failed)
        tell("unet: {}\n", with_flags(failure.error.what()));
    if (results.not_done > 0)
        tell("unet objects: {} of {} images not reached before the interrupt\n", results.not_done,
             inputs.size());
    return results.failed.empty() && results.not_done == 0 ? 0 : 1;
}

}  // namespace

int objects(const Arguments& arguments) {
    FindSettings settings;
    std::string model;
    bool json = false;
    Flags flags(
        "objects", "PROBABILITIES... --out DIR [options]",
        "Turns probabilities of the foreground into numbered objects: above the threshold, in\n"
        "connected pieces, parted where they have a waist.",
        {"unet objects probabilities.tif --out found",
         "unet objects probabilities.tif --out found --model nuclei --json",
         "unet objects probabilities.tif --out coarse --threshold 0.7 --split-depth 2"});
    flags.operand("PROBABILITIES",
                  "images of probabilities, or folders of them: what `unet predict --what "
                  "probabilities` wrote, or one channel of the foreground from another program");
    flags.add({"out", "where label maps go, as NAME.tif; created if missing", &settings.out},
              "DIR");
    flags.add(
        {"model", "take threshold, depth and size as they were fitted for this model", &model},
        "MODEL");
    flags.add(fields_of(settings));
    flags.add({"json", "print one JSON object", &json});
    flags.heading("what is read");
    flags.add(fields_of(settings.reading));
    if (!flags.parse(arguments, 1, 1000000)) return 0;
    if (settings.out.empty())
        throw UsageError("unet objects: --out DIR is missing: where should label maps go?");
    if (!model.empty()) {
        const ModelInfo info = read_model(model_file(model)).info;
        settings.threshold = info.threshold;
        settings.rule = rule_of(info);
        flags.apply();
    }
    return find_all(settings, flags.operands(), json);
}

}  // namespace unet::cli
