#include "unet/train/run/trainer.h"

#include <algorithm>
#include <chrono>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/train/run/training_run.h"
#include "unet/train/starting_weights.h"

namespace unet {
namespace {

std::string absolute(const std::string& path) {
    return path.empty() ? path : std::filesystem::absolute(path).lexically_normal().string();
}

/// A run's files have no place among what it was trained on.
void check_apart(const TrainOptions& options) {
    namespace fs = std::filesystem;
    const auto same = [&](const fs::path& folder) {
        std::error_code none;
        return fs::is_directory(folder, none) && fs::equivalent(folder, options.out, none);
    };
    for (const fs::path data : {options.data, options.label_files, options.val})
        for (const char* inside : {"", "images", "labels", "masks"})
            if (!data.empty() && same(data / inside))
                fail_setting(
                    "out", ErrorCode::invalid_argument,
                    "`out` {}: training data are read from this folder; runs go to another one",
                    options.out.string());
}

/// A clock that starts now, unless the caller has one.
TrainHooks with_clock(TrainHooks hooks) {
    if (!hooks.clock)
        hooks.clock = [start = std::chrono::steady_clock::now()] {
            return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        };
    return hooks;
}

/// Weights from elsewhere as a model: there is nothing to train on, so the file alone says how many
/// channels and classes there are.
TrainResult import_model(TrainOptions options, const TrainHooks& hooks) {
    const auto where = options.init.string();
    const auto found = read_bare_tensors(options.init);
    take_channels(options.recipe.network, found, where);
    const auto network = nn::build_network(options.recipe.network);
    const auto starting =
        starting_weights_from(network, static_cast<std::uint64_t>(options.seed), found, where);
    Model model;
    model.network = options.recipe.network;
    model.tensors = starting.tensors;
    model.info.description = options.description;
    model.info.labels = model.network.classes == 2 ? LabelKind::binary : LabelKind::classes;
    model.info.rgb = model.network.in_channels == 3;
    model.info.provenance = "unet.cpp";
    if (!options.normalise.empty())
        model.info.normalisation = parse_normalisation(options.normalise, "`normalise`");
    if (!options.clip.empty()) model.info.normalisation.clip = parse_clip(options.clip, "`clip`");
    const RunFolder folder = RunFolder::create(options.out);
    folder.write_config("", config_text(sections_of(options)));
    write_model(folder.model(), model);
    if (hooks.log)
        for (const std::string& notice : starting.notices) hooks.log(notice);
    TrainResult result;
    result.seconds = hooks.clock();
    result.run = folder.path();
    result.model = folder.model();
    result.commands.predict = hooks.commands(options, {}).predict;
    return result;
}

/// The length of a resumed run.
Extent extent_of(const ResumeOptions& options, const Extent& before, const TrainingState& state) {
    Extent extent = options.extent.value_or(before);
    if (options.more.steps > 0)
        extent = {std::max(before.steps, state.step) + options.more.steps, 0.0};
    if (options.more.seconds > 0.0)
        extent = {0, std::max(state.finished ? 0.0 : before.seconds, state.seconds) +
                         options.more.seconds};
    const bool enough =
        extent.by_time() ? extent.seconds > state.seconds : extent.steps > state.step;
    if (state.finished && !enough)
        fail_setting(
            "budget", ErrorCode::invalid_argument,
            "'{}' is finished ({} steps, {:.0f} seconds); to train longer give `budget` +10m or "
            "`steps` +1000",
            options.run.string(), state.step, state.seconds);
    if (!extent.by_time() && extent.steps < state.step)
        fail_setting("steps", ErrorCode::invalid_argument,
                     "`steps`: found {}, but '{}' has done {} steps already", extent.steps,
                     options.run.string(), state.step);
    return extent;
}

}  // namespace

TrainResult train(const TrainOptions& options, const TrainHooks& given) {
    const TrainHooks hooks = with_clock(given);
    check(options);
    if (options.out.empty())
        fail_setting("out", ErrorCode::invalid_argument,
                     "found no folder for the run, expected `out` RUN");
    TrainOptions settled = options;
    for (std::string* path : {&settled.data, &settled.label_files, &settled.val})
        *path = absolute(*path);
    const bool no_length = options.extent.steps == 0 && !options.extent.by_time();
    if (options.data.empty() && !options.init.empty() && no_length)
        return import_model(std::move(settled), hooks);
    if (options.data.empty())
        fail(ErrorCode::invalid_argument,
             "found no data to train on, expected a folder with images/ and labels/{}",
             options.init.empty() ? "" : " (or `steps` 0, which only takes the weights over)");
    check_apart(settled);
    if (!options.init.empty() && options.normalise.empty()) {
        // Weights know grey values as they were shown to them. Kept with the run's settings.
        settled.normalise = normalisation_of(options.init);
        if (!settled.normalise.empty() && hooks.log)
            hooks.log(fmt::format("`init` {}: intensities as it was trained on: '{}'",
                                  options.init.string(), settled.normalise));
    }
    return TrainingRun(std::move(settled), RunFolder::create(options.out), hooks, {}).go();
}

TrainResult resume(const ResumeOptions& options, const TrainHooks& given) {
    const TrainHooks hooks = with_clock(given);
    RunFolder folder = RunFolder::open(options.run);
    Checkpoint checkpoint = read_checkpoint(folder.last());
    TrainOptions settled = options_from_settings(checkpoint.settings, folder.last().string());
    settled.out = options.run;
    if (!options.data.empty()) settled.data = absolute(options.data);
    settled.extent = extent_of(options, settled.extent, checkpoint.training);
    check(settled);
    return TrainingRun(std::move(settled), std::move(folder), hooks, std::move(checkpoint)).go();
}

}  // namespace unet
