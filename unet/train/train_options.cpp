#include "unet/train/train_options.h"

#include <nlohmann/json.hpp>

#include "unet/core/error.h"
#include "unet/core/text/json.h"

namespace unet {

std::vector<Section> sections_of(TrainOptions& options) {
    Section run{"run",
                {{"data", "images and labels", &options.data},
                 {"label_files", "labels, where data holds images only", &options.label_files}}};
    for (Field& field : fields_of(options.reading)) run.fields.push_back(std::move(field));
    for (Field& field : Fields{
             text("val", "another data set that validates; without it a part of DATA does",
                  options.val, "DATA"),
             {"val_fraction",
              "part of DATA held back to choose the best model by, from 0 to 0.9; 0: nothing",
              &options.val_fraction, 0.0, 0.9},
             text("normalise",
                  "how stored values become numbers from 0 (dark) to 1 (bright): by percentiles "
                  "of each image, by those of the data set, by the range of the file's type, or "
                  "from LOW to HIGH; without it as suits the images",
                  options.normalise, "image|dataset|range|LOW:HIGH"),
             text("clip",
                  "normalised values are limited to so far below 0 and above 1, against single "
                  "pixels far brighter than all else; without it 2, or none where more than such "
                  "pixels lie beyond it",
                  options.clip, "none|NUMBER"),
             {"budget", "wall time of the whole training in seconds; 0: by steps",
              &options.extent.seconds, 0.0, 1e9},
             {"steps", "number of steps; 0: by time", &options.extent.steps, 0.0, 4294967295.0},
             {"description", "what the model is for, in one line; kept in it",
              &options.description},
             {"seed", "start of all that is drawn by chance: another seed, another training",
              &options.seed, 0.0, 9e18},
             {"exact", "direct convolution only: slower, the plainest arithmetic", &options.exact},
             {"preset", "recipe that the values below started from", &options.recipe.preset}})
        run.fields.push_back(std::move(field));
    std::vector<Section> sections{std::move(run)};
    for (Section& section : sections_of(options.recipe)) sections.push_back(std::move(section));
    return sections;
}

std::string text_of(const nlohmann::ordered_json& json) { return json_text(json); }

std::string settings_of(TrainOptions options) { return text_of(to_json(sections_of(options))); }

TrainOptions options_from_settings(const std::string& settings, const std::string& where) {
    TrainOptions options;
    const auto json = nlohmann::ordered_json::parse(settings);
    from_json(sections_of(options), json, where);
    // A run from before there was a limit goes on without one.
    if (!json.contains("run") || !json["run"].contains("clip")) options.clip = "none";
    return options;
}

TrainOptions starting_options(const std::string& preset_name, const std::filesystem::path& config) {
    TrainOptions options;
    std::string name = preset_name;
    if (!config.empty()) {
        TrainOptions named;
        named.recipe.preset.clear();
        named.extent.seconds = 0.0;
        read_config(sections_of(named), config);
        const std::string& found = named.recipe.preset;
        if (!name.empty() && !found.empty() && name != found)
            fail_setting(
                "preset", ErrorCode::invalid_argument,
                "{} holds the numbers of preset {}, but `preset` is {}; expected one of the two: "
                "leave out `preset` or `config`",
                config.string(), found, name);
        if (name.empty()) name = found;
        if (named.extent.steps > 0) options.extent.seconds = 0.0;  // the usual budget gives way
    }
    options.recipe = preset(name.empty() ? "default" : name);
    const std::string used = options.recipe.preset;
    if (!config.empty()) read_config(sections_of(options), config);
    options.recipe.preset = used;
    return options;
}

void check(const TrainOptions& options) {
    TrainOptions copy = options;
    for (const Section& section : sections_of(copy))
        for (const Field& field : section.fields) set_from_text(field, text_of(field), field.name);
    if (options.extent.steps > 0 && options.extent.seconds > 0.0)
        fail_setting(
            "steps", ErrorCode::invalid_argument,
            "found both {} steps and a budget of {} seconds, expected one of `steps` and `budget`",
            options.extent.steps, options.extent.seconds);
    if (!options.val.empty() && options.data.empty())
        fail(ErrorCode::invalid_argument,
             "found validation data '{}' without training data, expected both", options.val);
    check(options.recipe);
}

}  // namespace unet
