#include <chrono>
#include <nlohmann/json.hpp>

#include "terminal/flags.h"
#include "terminal/progress.h"
#include "terminal/streams.h"
#include "verbs/recipe_flags.h"
#include "verbs/run_commands.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

struct Settings {
    RecipeFlags recipe;
    std::string out, init, resume, budget, steps, max_ram;
    std::int64_t threads = 0;
    kernels::Element precision = kernels::Element::float32;
    bool json = false;
};

/// "500" or "+500" (`more`).
std::int64_t parse_steps(const std::string& text, bool& more) {
    more = text.starts_with('+');
    std::int64_t steps = 0;
    set_from_text({"steps", "", &steps, 0, 4294967295.0}, more ? text.substr(1) : text, "--steps");
    return steps;
}

/// "nuclei" for nuclei/train and nuclei/images.
std::string name_of_data(const std::string& data) {
    fs::path path = fs::path(data).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    std::string name = path.stem().string();
    if ((name == "train" || name == "images") && path.has_parent_path())
        name = path.parent_path().filename().string();
    return name.empty() || name == "." || name == ".." ? "run" : name;
}

/// runs/NAME after the data, or runs/NAME-2 and so on where that is taken.
fs::path default_run(const std::string& data, const std::function<void(const std::string&)>& log) {
    const fs::path first = fs::path("runs") / name_of_data(data);
    fs::path run = first;
    for (int number = 2; fs::exists(run); ++number)
        run = fmt::format("{}-{}", first.string(), number);
    if (run != first)
        log(fmt::format("{} is there already: this run goes to {} (`{}` goes on with the former)",
                        first.string(), run.string(), resume_command(first)));
    return run;
}

TrainHooks hooks_of(const Settings& settings, Progress& progress) {
    TrainHooks hooks;
    hooks.threads = static_cast<int>(settings.threads);
    if (!settings.max_ram.empty()) hooks.max_ram = parse_bytes(settings.max_ram, "max_ram");
    hooks.cancelled = system::interrupted;
    hooks.worded = with_flags;
    hooks.commands = run_commands;
    hooks.log = [&progress](const std::string& line) { progress.say(line); };
    hooks.clock = [start = std::chrono::steady_clock::now()] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    hooks.progress = [&progress](const TrainProgress& now) {
        const std::string best =
            now.best_score >= 0.0 ? fmt::format(", best {:.4f}", now.best_score) : "";
        const std::string note =
            fmt::format("{}loss {:.4f}{}, {:.1f} steps/s",
                        now.steps > 0 ? "" : fmt::format("step {}, ", now.step), now.loss, best,
                        now.steps_per_second);
        if (now.steps > 0)
            progress.update(now.step, now.steps, note);
        else
            progress.update(static_cast<std::int64_t>(now.seconds),
                            static_cast<std::int64_t>(now.budget), note,
                            std::max(0.0, now.budget - now.seconds));
    };
    return hooks;
}

TrainResult start(Settings& settings, const Flags& flags, const TrainHooks& hooks) {
    settings.recipe.settle(flags);
    TrainOptions& options = settings.recipe.options;
    if (!flags.operands().empty()) options.data = flags.operands()[0];
    if (flags.operands().size() > 1) options.label_files = flags.operands()[1];
    if (!settings.budget.empty()) options.extent = {0, parse_duration(settings.budget, "--budget")};
    if (!settings.steps.empty()) {
        bool more = false;
        options.extent = {parse_steps(settings.steps, more), 0.0};
        if (more) throw UsageError("unet train: --steps +N adds to a run: give --resume RUN too");
    }
    if (options.data.empty() && (settings.init.empty() || settings.steps != "0"))
        throw UsageError(
            "unet train: DATA is missing: a folder with images/ and labels/ (or images and "
            "labels);\n"
            "       without data only `--init FILE --steps 0` makes sense, which makes a model of "
            "weights");
    if (!settings.init.empty()) options.init = model_file(settings.init);
    options.out =
        settings.out.empty() ? default_run(options.data, hooks.log) : fs::path(settings.out);
    hooks.log(fmt::format("run: {}", options.out.string()));
    return unet::train(options, hooks);
}

TrainResult go_on(const Settings& settings, const Flags& flags, const TrainHooks& hooks) {
    ResumeOptions options;
    options.run = settings.resume;
    for (const std::string& name : flags.given_names())
        if (name != "resume" && name != "threads" && name != "precision" && name != "json" &&
            name != "budget" && name != "steps" && name != "max-ram")
            throw UsageError(
                fmt::format("unet train: --resume goes on with the run's own settings; --{} cannot "
                            "change, only "
                            "--budget, --steps, --threads and --max-ram can be given",
                            name));
    if (!flags.operands().empty()) options.data = flags.operands()[0];
    if (!settings.budget.empty()) {
        const bool more = settings.budget.starts_with('+');
        const Extent extent{0, parse_duration(settings.budget.substr(more ? 1 : 0), "--budget")};
        (more ? options.more : options.extent.emplace()) = extent;
    }
    if (!settings.steps.empty()) {
        bool more = false;
        const Extent extent{parse_steps(settings.steps, more), 0.0};
        (more ? options.more : options.extent.emplace()) = extent;
    }
    return unet::resume(options, hooks);
}

Json number_or_null(const std::optional<double>& value) {
    return value ? Json(*value) : Json(nullptr);
}

void print(const TrainResult& result, bool json) {
    const std::optional<Scores>& scores = result.scores;
    if (json) {
        Json object{{"finished", result.status == TrainStatus::finished},
                    {"run", result.run.string()},
                    {"model", result.model.string()},
                    {"step", result.step},
                    {"seconds", result.seconds},
                    {"steps_per_second", result.steps_per_second},
                    {"waited_seconds", result.waited_seconds},
                    {"planned_bytes", result.planned_bytes},
                    {"peak_bytes", system::peak_resident_memory()},
                    {"best_step", result.best_step},
                    {"best_score", result.best_score},
                    {"predict", result.commands.predict},
                    {"resume", result.commands.resume},
                    {"notices", Json::array()}};
        for (const std::string& notice : result.notices)
            object["notices"].push_back(with_flags(notice));
        if (scores) {
            object["f1"] = number_or_null(scores->f1());
            object["ap"] = number_or_null(scores->ap());
            object["seg"] = number_or_null(scores->seg());
            object["iou"] = number_or_null(scores->iou());
        }
        put("{}\n", json_text(object, 2));
        return;
    }
    put("{} after {} steps, {}\n", result.status == TrainStatus::finished ? "finished" : "stopped",
        result.step, duration_text(result.seconds));
    if (scores) {
        std::string text;
        for (const auto& [name, value] :
             {std::pair{"f1", scores->f1()}, {"ap", scores->ap()}, {"iou", scores->iou()}})
            if (value) text += fmt::format("{}{} {:.4f}", text.empty() ? "" : ", ", name, *value);
        if (!text.empty())
            put("best    step {}: {} on the validation images\n", result.best_step, text);
    }
    put("model   {}\n", result.model.string());
    put("predict {}\n", result.commands.predict);
    if (!result.commands.resume.empty())
        put("{} {}\n", result.status == TrainStatus::finished ? "longer " : "go on  ",
            result.commands.resume);
}

void describe(Flags& flags, Settings& settings) {
    flags.operand("DATA",
                  "a folder with images/ and labels/ (or masks/), files of equal names; or "
                  "only the images, a folder or a stack, beside LABELS");
    flags.operand("LABELS", "a folder of label maps, or a stack");
    flags.add({"out", "folder of the run, which must not hold one yet [runs/NAME after DATA]",
               &settings.out},
              "RUN");
    flags.add({"budget",
               "wall time of the whole command: 90s, 3m, 1h30m [10m]; with --resume also "
               "+3m",
               &settings.budget},
              "TIME");
    flags.add({"steps", "train for so many steps instead; with --resume also +N", &settings.steps},
              "N");
    flags.add({"resume", "go on with a run that was stopped, killed or is to get longer",
               &settings.resume},
              "RUN");
    flags.add(
        {"init",
         "start from the weights of a model: its file (any .safetensors), the folder of its run, "
         "or its name",
         &settings.init},
        "MODEL");
    flags.add({"threads", "processor cores to use; 0: all", &settings.threads, 0, 4096});
    flags.add(choice("precision", "training computes in 32 bits; bf16 is for predictions",
                     settings.precision,
                     {{"fp32", kernels::Element::float32}, {"bf16", kernels::Element::bfloat16}}));
    flags.add(
        {"max_ram",
         "the program never takes more memory than this, such as 512MB or 2GB; images that do "
         "not fit it are read from their files as training goes on (a scratch file in RUN "
         "takes 9 bytes a grey pixel) [images: half of what is free]",
         &settings.max_ram});
    flags.add({"json", "print the outcome as one JSON object", &settings.json});
    settings.recipe.add_to(flags);
}

}  // namespace

int train(const Arguments& arguments) {
    Settings settings;
    Flags flags(
        "train", "DATA [LABELS] --out RUN [options]",
        "Trains a U-Net on annotated images. RUN then holds the best model, the last "
        "checkpoint,\nthe recipe (config.toml), the log and previews. Ctrl-C saves and says "
        "how to go on.",
        {"unet train examples/nuclei/train --val examples/nuclei/val --budget 3m --out runs/nuclei",
         "unet train images.tif labels.tif --pages 0-17 --budget 10m --out runs/em",
         "unet train --resume runs/nuclei", "unet train --resume runs/nuclei --budget +10m",
         "unet train --init weights.safetensors --preset ronneberger2015 --steps 0 --out runs/it",
         "unet train DATA --preset ronneberger2015 --steps 1000 --out runs/paper"});
    describe(flags, settings);
    if (!flags.parse(arguments, 0, 2)) return 0;
    if (!settings.budget.empty() && !settings.steps.empty())
        throw UsageError("unet train: found both --budget and --steps, expected one of them");
    if (settings.precision != kernels::Element::float32)
        throw UsageError(
            "unet train: --precision: found bf16, this version trains in fp32 only; the model "
            "that comes of it can predict in bf16: unet predict --precision bf16");
    system::give_back_freed_memory();
    Progress progress("train");
    const TrainHooks hooks = hooks_of(settings, progress);
    system::ask_before_interrupt();
    const TrainResult result =
        settings.resume.empty() ? start(settings, flags, hooks) : go_on(settings, flags, hooks);
    progress.clear();
    print(result, settings.json);
    return 0;
}

}  // namespace unet::cli
