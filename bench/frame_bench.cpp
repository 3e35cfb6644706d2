// frame_bench: how long one frame of a camera takes from its memory to class labels, the way
// examples/embed.cpp goes: one Predictor that has seen a frame before. The result is checked first.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "bench/machine.h"
#include "unet/core/machine.h"
#include "unet/unet.h"

namespace unet::bench {
namespace {

struct Settings {
    std::string model;
    std::int64_t size = 512;
    int threads = 2, frames = 50;
    bool check_only = false, json = false;
};

/// Winograd's probabilities against those of direct convolution: rounding, some layers deep.
constexpr double allowed_difference = 1e-4;

Model load(const Settings& settings) {
    if (!settings.model.empty()) return read_model(settings.model);
    Model model;
    model.network = preset("default").network;
    model.tensors = nn::initial_weights(nn::build_network(model.network), 1);
    model.info.normalisation.rule = NormaliseRule::range;
    return model;
}

/// Bright squares on a slope, one byte a sample.
std::vector<std::uint8_t> picture(std::int64_t size, std::int64_t channels) {
    std::vector<std::uint8_t> samples(size * size * channels);
    for (std::int64_t i = 0; i < std::ssize(samples); ++i) {
        const std::int64_t x = i / channels % size, y = i / channels / size;
        const bool bright = x % 37 < 14 && y % 41 < 15;
        samples[i] = static_cast<std::uint8_t>(bright ? 200 + (x + y) % 17 : x * 60 / size + i % 7);
    }
    return samples;
}

Image probabilities(const Model& model, FrameSource& frame, bool exact, int threads) {
    Image result;
    ImageSink sink(result, model.network.classes, frame.size());
    Predictor(model, {.threads = threads, .exact = exact})
        .predict(frame, PredictionKind::probabilities, sink);
    return result;
}

double check(const Model& model, FrameSource& frame, int threads) {
    const Image fast = probabilities(model, frame, false, threads);
    const Image direct = probabilities(model, frame, true, threads);
    double largest = 0.0;
    for (std::size_t i = 0; i < fast.values.size(); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(fast.values[i]) -
                                             static_cast<double>(direct.values[i])));
    if (!(largest <= allowed_difference))
        fail(ErrorCode::unsupported,
             "probabilities differ by {:.1e} from those of direct convolution, allowed is {:.0e}",
             largest, allowed_difference);
    return largest;
}

std::vector<double> milliseconds(const Model& model, FrameSource& frame, const Settings& settings) {
    Predictor predictor(std::make_shared<const PreparedModel>(model),
                        {.threads = settings.threads});
    std::vector<std::uint32_t> labels(frame.size().elements());
    predictor.labels(frame, labels);  // memory, caches, threads
    std::vector<double> times;
    for (int k = 0; k < settings.frames; ++k) {
        const auto start = std::chrono::steady_clock::now();
        predictor.labels(frame, labels);
        times.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                .count());
    }
    std::sort(times.begin(), times.end());
    return times;
}

void run(const Settings& settings) {
    const Model model = load(settings);
    const auto samples = picture(settings.size, model.network.in_channels);
    FrameSource frame({.data = samples.data(),
                       .height = settings.size,
                       .width = settings.size,
                       .channels = model.network.in_channels,
                       .rgb = model.info.rgb});
    const double difference = check(model, frame, settings.threads);
    const std::string subject =
        fmt::format("{} x {}, {} parameters, {} kernels, {} threads", settings.size, settings.size,
                    nn::build_network(model.network).parameter_count(),
                    kernels::cpu_backend().kernels->name, settings.threads);
    if (settings.check_only) {
        fmt::print("{}: within {:.1e} of direct convolution\n", subject, difference);
        return;
    }
    const auto times = milliseconds(model, frame, settings);
    const auto at = [&](double share) {
        return times[share * static_cast<double>(times.size() - 1)];
    };
    if (settings.json)
        fmt::print("{}\n", nlohmann::json{{"subject", subject},
                                          {"processor", processor_name()},
                                          {"compiler", __VERSION__},
                                          {"frames", settings.frames},
                                          {"median_ms", at(0.5)},
                                          {"least_ms", at(0.0)},
                                          {"p95_ms", at(0.95)},
                                          {"difference", difference}}
                               .dump(2));
    else
        fmt::print("{}, {}\nmedian {:.2f} ms, least {:.2f}, 95 % below {:.2f} ({} frames)\n",
                   processor_name(), subject, at(0.5), at(0.0), at(0.95), settings.frames);
}

}  // namespace
}  // namespace unet::bench

int main(int argc, char** argv) {
    unet::bench::Settings settings;
    CLI::App app("Latency of one frame, from a camera's memory to labels");
    app.add_option("--model", settings.model, "a model file [default network, drawn weights]");
    app.add_option("--size", settings.size, "edge of the frame in pixels")
        ->check(CLI::Range(1, 100000));
    app.add_option("--threads", settings.threads, "0 takes all")->check(CLI::Range(0, 4096));
    app.add_option("--frames", settings.frames, "how many are timed")
        ->check(CLI::Range(1, 1000000));
    app.add_flag("--check", settings.check_only, "check the result only");
    app.add_flag("--json", settings.json, "print one JSON object");
    CLI11_PARSE(app, argc, argv);
    try {
        unet::bench::run(settings);
    } catch (const unet::Error& error) {
        fmt::print(stderr, "frame_bench: {}\n", error.what());
        return 1;
    }
}
