#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>

#include "terminal/flags.h"
#include "terminal/progress.h"
#include "terminal/streams.h"
#include "verbs/bench_profile.h"
#include "verbs/noise.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

enum class Pass { forward, train };

struct Settings {
    std::string preset, model;
    kernels::Element precision = kernels::Element::float32;
    std::int64_t size = 572, batch = 1, threads = 0, repeat = 5;
    Pass pass = Pass::forward;
    bool exact = false, json = false, profile = false;
};

/// What is timed: a network with its weights, ready to run.
struct Subject {
    nn::Network network;
    std::vector<NamedTensor> tensors;
    std::string name;
};

/// For prediction batch norm is folded away, as the Predictor does.
Subject fold(Subject subject) {
    if (subject.network.options.norm == Norm::none) return subject;
    subject.tensors = nn::fold_batch_norm(subject.network, std::move(subject.tensors));
    UNetOptions options = subject.network.options;
    options.norm = Norm::none;
    subject.network = nn::build_network(options);
    return subject;
}

Subject load(const Settings& settings) {
    if (settings.preset.empty() == settings.model.empty())
        throw UsageError("unet bench network: give either --preset NAME or --model MODEL");
    Subject subject;
    if (!settings.model.empty()) {
        Model model = read_model(model_file(settings.model));
        subject = {nn::build_network(model.network), std::move(model.tensors), settings.model};
    } else {
        subject.network = nn::build_network(preset(settings.preset).network);
        subject.tensors = nn::initial_weights(subject.network, 1);
        subject.name = settings.preset;
    }
    return settings.pass == Pass::forward ? fold(std::move(subject)) : subject;
}

const kernels::Backend& backend_of(const Settings& settings) {
    const kernels::Backend& backend = kernels::cpu_backend({}, settings.precision);
    return settings.exact ? kernels::direct_backend(backend) : backend;
}

struct Timing {
    std::vector<double> seconds;
    std::int64_t planned_bytes = 0;
    std::vector<ProfileRow> rows;  ///< empty without --profile
};

/// Times `run`, and its layers where a profile is wanted. Called while the executor lives.
template <class Run>
void time_runs(const Settings& settings, const nn::Executor& executor, Timing& timing, Run run) {
    run();  // touches every page once
    Profile profile(executor, backend_of(settings));
    Progress progress("bench");
    for (std::int64_t i = 0; i < settings.repeat; ++i) {
        const auto start = std::chrono::steady_clock::now();
        run();
        timing.seconds.push_back(
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
        profile.add(timing.seconds.back());
        progress.update(i + 1, settings.repeat);
    }
    if (settings.profile) timing.rows = profile.rows();
}

std::int64_t bytes_of(std::int64_t floats) { return floats * 4; }

Timing time_forward(const Settings& settings, Subject& subject, const Shape& input) {
    Context context(static_cast<int>(settings.threads));
    const auto& backend = backend_of(settings);
    nn::Parameters parameters(subject.network, backend);
    parameters.load(subject.tensors);
    subject.tensors = {};  // only one copy of the weights counts
    nn::Executor executor(subject.network,
                          nn::make_plan(subject.network, input, nn::Mode::inference, backend),
                          backend);
    const auto images = noise(input.elements());
    std::vector<float> logits(executor.plan().output.elements());
    Timing timing;
    timing.planned_bytes = executor.plan().bytes() + static_cast<std::int64_t>(parameters.bytes()) +
                           bytes_of(input.elements() + executor.plan().output.elements());
    time_runs(settings, executor, timing,
              [&] { executor.forward(context, parameters, images, logits); });
    return timing;
}

Timing time_training(const Settings& settings, Subject& subject, const Shape& input) {
    Context context(static_cast<int>(settings.threads));
    const auto& backend = backend_of(settings);
    nn::Parameters parameters(subject.network, backend);
    parameters.load(subject.tensors);
    subject.tensors = {};  // only one copy of the weights counts
    nn::Parameters gradients(subject.network, backend);
    OptimizerOptions options;
    options.optimizer = OptimizerKind::sgd;
    options.momentum = 0.99;
    Optimizer optimizer(options, subject.network, backend);
    nn::Executor executor(subject.network,
                          nn::make_plan(subject.network, input, nn::Mode::training, backend),
                          backend);
    const Shape output = executor.plan().output;
    const std::int64_t pixels = output.elements() / output.channels;
    const auto images = noise(input.elements()), weights = noise(pixels);
    std::vector<std::uint8_t> targets(weights.size());
    for (std::size_t i = 0; i < targets.size(); ++i)
        targets[i] = static_cast<std::uint8_t>(i % static_cast<std::size_t>(output.channels));
    Timing timing;
    timing.planned_bytes = executor.plan().bytes() +
                           static_cast<std::int64_t>(2 * parameters.bytes() + optimizer.bytes()) +
                           bytes_of(input.elements() + pixels) + pixels;
    std::uint32_t step = 0;
    time_runs(settings, executor, timing, [&] {
        executor.step(context, parameters, {images, targets, weights, 0.0, 1, step++}, gradients);
        optimizer.step(context, 1e-5, parameters, gradients);
    });
    return timing;
}

void print(const Settings& settings, const Subject& subject, const Shape& input,
           const Timing& timing) {
    std::vector<double> sorted = timing.seconds;
    std::sort(sorted.begin(), sorted.end());
    const std::size_t half = sorted.size() / 2;
    const double middle =
        sorted.size() % 2 == 1 ? sorted[half] : 0.5 * (sorted[half - 1] + sorted[half]);
    const char* pass = settings.pass == Pass::forward ? "forward" : "train";
    const int threads = Context(static_cast<int>(settings.threads)).threads();
    if (!settings.json) {
        put("{}: {} of {}, {} threads, kernels {}\n", subject.name, pass, to_string(input), threads,
            backend_of(settings).kernels->name);
        put("median  {:.4f} s of {} runs ({:.4f} .. {:.4f})\n", middle, sorted.size(),
            sorted.front(), sorted.back());
        put("memory  {} at most, {} planned\n",
            bytes_text(static_cast<double>(system::peak_resident_memory())),
            bytes_text(static_cast<double>(timing.planned_bytes)));
        print_table(timing.rows);
        return;
    }
    nlohmann::ordered_json object{{"network", subject.name},
                                  {"pass", pass},
                                  {"input", to_string(input)},
                                  {"parameters", subject.network.parameter_count()},
                                  {"precision", kernels::name_of(settings.precision)},
                                  {"kernels", backend_of(settings).kernels->name},
                                  {"threads", threads},
                                  {"repeat", sorted.size()},
                                  {"median_s", middle},
                                  {"min_s", sorted.front()},
                                  {"max_s", sorted.back()},
                                  {"peak_bytes", system::peak_resident_memory()},
                                  {"planned_bytes", timing.planned_bytes}};
    if (settings.profile) object["layers"] = to_json(timing.rows);
    put("{}\n", json_text(object, 2));
}

}  // namespace

int bench(const Arguments& arguments) {
    Settings settings;
    Flags flags("bench", "network --preset NAME | --model MODEL [options]",
                "Times the network on this machine: one forward pass, or one whole training step\n"
                "(forward, loss, backward, SGD). Input and targets are noise.",
                {"unet bench network --preset ronneberger2015 --size 572",
                 "unet bench network --model runs/nuclei/model.safetensors --size 1024 --json",
                 "UNET_KERNELS=reference unet bench network --preset default --size 64"});
    flags.operand("network", "the only thing to time so far");
    flags.add({"preset", "a network with random weights", &settings.preset},
              fmt::format("{}", fmt::join(preset_names(), "|")));
    flags.add({"model", "a model: its file, the folder of its run, or its name", &settings.model},
              "MODEL");
    flags.add({"size", "height and width of the input in pixels", &settings.size, 1, 1e6});
    flags.add({"batch", "images in one pass", &settings.batch, 1, 4096});
    flags.add(choice("pass", "what to time", settings.pass,
                     {{"forward", Pass::forward}, {"train", Pass::train}}));
    flags.add(precision_field(settings.precision));
    flags.add({"threads", "processor cores to use; 0: all", &settings.threads, 0, 4096});
    flags.add({"repeat", "runs, after one that does not count", &settings.repeat, 1, 1e6});
    flags.add(
        {"exact", "direct convolution only: slower, the plainest arithmetic", &settings.exact});
    flags.add({"profile", "also the time of every layer", &settings.profile});
    flags.add({"json", "print one JSON object", &settings.json});
    if (!flags.parse(arguments, 1, 1)) return 0;
    if (flags.operands()[0] != "network")
        throw UsageError(
            fmt::format("unet bench: found '{}', expected network", flags.operands()[0]));
    if (settings.precision != kernels::Element::float32 && settings.pass == Pass::train)
        throw UsageError(
            "unet bench: --precision: found bf16, this version trains in fp32 only; with --pass "
            "forward it computes in bf16");
    Subject subject = load(settings);
    const Shape input{settings.batch, subject.network.options.in_channels, 1, settings.size,
                      settings.size};
    const Timing timing = settings.pass == Pass::forward ? time_forward(settings, subject, input)
                                                         : time_training(settings, subject, input);
    print(settings, subject, input, timing);
    return 0;
}

}  // namespace unet::cli
