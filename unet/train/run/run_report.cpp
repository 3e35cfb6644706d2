#include "unet/train/run/run_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/core/text/duration.h"
#include "unet/data/targets.h"
#include "unet/predict/predictor.h"
#include "unet/report/choose_images.h"
#include "unet/report/overview.h"
#include "unet/train/training_data.h"

namespace unet {
namespace {

std::string text_if_there(const std::filesystem::path& path) {
    return std::filesystem::is_regular_file(path) ? read_text_file(path) : std::string();
}

std::string length_text(const TrainOptions& options, const TrainingState& state) {
    return options.extent.by_time()
               ? fmt::format("{} steps in a budget of {}", state.step,
                             duration_text(options.extent.seconds))
               : fmt::format("{} of {} steps", state.step, options.extent.steps);
}

Repeat repeat_of(const RunFolder& folder, const TrainOptions& options, const TrainingState& state) {
    Repeat repeat;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) repeat.facts.push_back({name, value});
    };
    add("data", options.data);
    add("labels", options.label_files);
    add("data fingerprint", state.data);
    add("validation data",
        options.val.empty() ? fmt::format("{:.0f} % of the data, drawn by the seed or as its list "
                                          "says",
                                          100.0 * options.val_fraction)
                            : options.val);
    add("started from", state.init.empty() ? "weights drawn by the seed" : state.init);
    add("preset", options.recipe.preset);
    add("seed", fmt::format("{}", options.seed));
    add("length", length_text(options, state));
    add("time", duration_text(state.seconds));
    add("unet version", state.version);
    add("processor", state.processor);
    add("threads", state.threads > 0 ? fmt::format("{}", state.threads) : "");
    add("kernels", state.kernels);
    add("same bits", options.extent.by_time()
                         ? "only by steps: a budget does as many as the machine is fast"
                         : "with this version and these kernels, on any number of threads");
    repeat.config = text_if_there(folder.config());
    return repeat;
}

/// Data and model, as far as they can be had; what cannot is a remark.
class RunReview {
public:
    RunReview(const RunFolder& folder, TrainOptions settings, const RunReportOptions& options)
        : folder_(folder),
          settings_(std::move(settings)),
          options_(options),
          context_(options.threads) {}

    void add_to(Report& report) {
        attempt(report, "scores and images are left out", [&] { review(report); });
        if (options_.check)
            attempt(report, "the data are not checked", [&] {
                if (exceeds_memory(settings_))
                    fail(ErrorCode::memory, "they would take more than half of the free memory");
                report.check = check_data(context_, {reading_of(settings_), settings_.val});
            });
    }

private:
    template <class Work>
    static void attempt(Report& report, const char* without, Work work) {
        try {
            work();
        } catch (const Error& error) {
            if (error.code() == ErrorCode::cancelled) throw;
            report.remarks.push_back(fmt::format("{}: {}", without, error.what()));
        }
    }

    void review(Report& report) {
        const Model model = read_model(folder_.model());
        const auto seed = static_cast<std::uint64_t>(settings_.seed);
        const Dataset validation = validation_images(
            context_,
            read_divided_data(context_, settings_, options_.notice, exceeds_memory(settings_))
                .validation,
            seed);
        Validator validator(validation, seed, model.info.object_size);
        if (validator.empty()) {
            report.remarks.push_back("nothing was held back for validation: there is no score");
            return;
        }
        PredictOptions predict;
        predict.threads = options_.threads;
        predict.exact = settings_.exact;
        predict.scale = 1.0;  // as in training
        predict.cancelled = options_.cancelled;
        const Decision decision{model.info.threshold, model.info.minimum_size,
                                model.info.split_depth};
        validator.validate(model, predict, decision, validator.images_within(pixels_at_the_end),
                           true);
        Evaluation evaluation = validator.rescored(decision);
        evaluation.intervals = bootstrap_intervals(evaluation);
        add_validation(report, std::move(evaluation), validator, decision, model.info.class_names);
    }

    const RunFolder& folder_;
    TrainOptions settings_;
    const RunReportOptions& options_;
    Context context_;
};

}  // namespace

Report report_of_folder(const RunFolder& folder, const TrainOptions& options,
                        const TrainingState& state) {
    Report report;
    report.title = short_name(folder.path());
    report.subject =
        fmt::format("A training on {}: {}, {}.", short_name(options.data),
                    length_text(options, state), state.finished ? "finished" : "not finished");
    report.overview.push_back({"steps", fmt::format("{}", state.step)});
    report.overview.push_back({"time", duration_text(state.seconds)});
    report.log = parse_training_log(text_if_there(folder.metrics()));
    report.repeat = repeat_of(folder, options, state);
    return report;
}

void add_validation(Report& report, Evaluation evaluation, const Validator& validator,
                    const Decision& decision, const std::vector<std::string>& class_names) {
    evaluation.options.class_names = class_names;
    const bool instances = evaluation.options.kind == LabelKind::instances;
    for (const ChosenImage& chosen : choose_images(evaluation)) {
        const auto index = static_cast<std::int64_t>(chosen.index);
        const LabelMap found = validator.found(index, decision), truth = validator.truth(index);
        ShownImage shown = show_image(
            validator.sample(index).name, &validator.sample(index).image,
            {found, &truth, instances ? LabelKind::instances : LabelKind::classes,
             instances ? evaluation.options.ignore : std::optional<std::uint32_t>(ignored_target)});
        shown.why = chosen.why;
        shown.figures = chosen.figures;
        report.images.push_back(std::move(shown));
    }
    const auto images = static_cast<std::int64_t>(evaluation.images.size());
    report.evaluated_on =
        images < validator.images()
            ? fmt::format("{} of {} images held back for validation", images, validator.images())
            : fmt::format("{} image{} held back for validation", images, images == 1 ? "" : "s");
    report.evaluated_on +=
        ", by which the best model and its threshold were chosen: on images that "
        "took no part the figures are a little lower";
    add_figures(report, evaluation);
    report.evaluation = std::move(evaluation);
}

Report report_of_run(const std::filesystem::path& run, const RunReportOptions& options) {
    const RunFolder folder = RunFolder::open(run);
    const Checkpoint checkpoint = read_checkpoint(folder.last());
    TrainOptions settings = options_from_settings(checkpoint.settings, folder.last().string());
    settings.out = run;
    if (!options.data.empty()) settings.data = options.data;
    Report report = report_of_folder(folder, settings, checkpoint.training);
    report.repeat.commands = options.commands(settings, checkpoint.training).repeat;
    RunReview(folder, std::move(settings), options).add_to(report);
    return report;
}

}  // namespace unet
