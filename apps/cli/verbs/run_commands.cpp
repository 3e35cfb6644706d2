#include "verbs/run_commands.h"

#include "terminal/flags.h"

namespace unet::cli {

std::string typed_data(const DatasetOptions& reading, const std::string& val) {
    std::string typed = " " + shell_word(reading.images.string());
    if (!reading.labels.empty()) typed += " " + shell_word(reading.labels.string());
    if (!val.empty()) typed += " --val " + shell_word(val);
    DatasetOptions given = reading, usual;
    return typed + flags_that_differ(fields_of(given), fields_of(usual));
}

std::string resume_command(const std::filesystem::path& run) {
    return "unet train --resume " + shell_word(run.string());
}

RunCommands run_commands(const TrainOptions& options, const TrainingState& state) {
    const std::string run = shell_word(options.out.string());
    RunCommands commands;
    commands.predict = fmt::format("unet predict {} IMAGE... --out DIR", run);
    commands.resume = resume_command(options.out);
    if (state.finished)
        commands.resume += options.extent.by_time() ? " --budget +10m" : " --steps +1000";
    commands.report = "unet report " + run;
    commands.repeat = {fmt::format("unet train --config {}{} --out NEW_RUN",
                                   shell_word((options.out / "config.toml").string()),
                                   state.init.empty() ? "" : " --init " + shell_word(state.init)),
                       commands.predict, commands.report,
                       "unet check" + typed_data(reading_of(options), options.val)};
    return commands;
}

}  // namespace unet::cli
