#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "terminal/flags.h"
#include "verbs/check.h"
#include "verbs/run_commands.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;

// An object's pixels should see what is around it, too.
constexpr double seen_around = 1.5;
constexpr std::int64_t most_levels = 6;

TrainOptions training_of(const CheckOptions& options) {
    TrainOptions training = starting_options({}, {});
    training.data = options.reading.images.string();
    training.label_files = options.reading.labels.string();
    training.reading = options.reading;
    training.val = options.val.string();
    return training;
}

/// The default's levels, or as many as an object of this diameter needs.
std::int64_t levels_for(double diameter, UNetOptions network) {
    while (network.levels < most_levels &&
           static_cast<double>(nn::receptive_field_of(network).height) < seen_around * diameter)
        ++network.levels;
    return network.levels;
}

/// The default's patch, or one that shows two objects side by side, in steps that suit the levels.
std::int64_t patch_for(double diameter, std::int64_t patch, std::int64_t levels) {
    return round_up(std::max(patch, static_cast<std::int64_t>(2.0 * diameter)),
                    std::int64_t{1} << (levels - 1));
}

std::string command_of(const CheckOptions& options, const Recipe& recipe, std::int64_t levels,
                       std::int64_t patch) {
    std::string command = "unet train" + typed_data(options.reading, options.val.string());
    if (levels != recipe.network.levels) command += fmt::format(" --levels {}", levels);
    if (patch != recipe.sampling.patch) command += fmt::format(" --patch {}", patch);
    return command;
}

}  // namespace

Suggested suggest(Context& context, const CheckOptions& options) {
    const TrainOptions training = training_of(options);
    Suggested result;
    Json notices = Json::array();
    try {
        const TrainingData data =
            read_training_data(context, training, [&](const std::string& text) {
                notices.push_back(with_flags(text));
                result.lines += fmt::format("  {}\n", with_flags(text));
            });
        const double diameter = data.info.object_size;
        const std::int64_t levels = levels_for(diameter, training.recipe.network);
        const std::int64_t patch = patch_for(diameter, training.recipe.sampling.patch, levels);
        const std::string command = command_of(options, training.recipe, levels, patch);
        result.lines = fmt::format(
            "training would choose\n{}  {} classes: {}\n  {} levels, patches of {} pixels\n\n    "
            "{}\n",
            result.lines, data.info.class_names.size(), fmt::join(data.info.class_names, ", "),
            levels, patch, command);
        result.json = {{"labels", to_string(data.info.labels)},
                       {"evidence", data.info.label_evidence},
                       {"classes", data.info.label_values},
                       {"object_diameter", diameter},
                       {"levels", levels},
                       {"patch", patch},
                       {"training_images", data.training_images},
                       {"validation_images", data.validation.samples.size()},
                       {"notices", notices},
                       {"command", command}};
    } catch (const Error& error) {
        result.stop = with_flags(error.what());
        result.lines = fmt::format("training would stop here: {}\n", result.stop);
        result.json = {{"stop", result.stop}};
    }
    return result;
}

}  // namespace unet::cli
