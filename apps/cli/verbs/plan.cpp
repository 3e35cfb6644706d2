#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "inputs.h"
#include "models.h"
#include "terminal/flags.h"
#include "terminal/memory.h"
#include "terminal/notes.h"
#include "terminal/progress.h"
#include "verbs/noise.h"
#include "verbs/predict_flags.h"
#include "verbs/predict_work.h"
#include "verbs/verbs.h"

namespace unet::cli {
namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

Image drawn_picture(std::int64_t edge, const Model& model) {
    Image image{{1, edge, edge}, model.network.in_channels, {}, SampleType::u8, {}};
    image.rgb = model.info.rgb;
    image.values = noise(image.channels * image.size.elements());
    for (float& value : image.values) value = std::floor(value * 256.0f);
    return image;
}

/// Seconds that this machine takes for each pixel that the network is given: drawn pictures, each
/// larger than the one before, until one is as large as a tile or the next would take longer than
/// what is left of a second; then the last one again until the second is over.
/// `options` without a notice: looking at a picture's values is not what takes time for each tile.
/// Without a scale: pixels are counted as the network sees them.
double measured_pace(std::shared_ptr<const PreparedModel> model, PredictOptions options,
                     std::int64_t largest_core) {
    constexpr double all_seconds = 1.0;
    constexpr std::int64_t first_edge = 128;
    options.notice = nullptr;
    options.scale = 1.0;
    Predictor predictor(std::move(model), std::move(options));
    const Clock::time_point begin = Clock::now();
    const std::int64_t largest_edge = std::max(largest_core, first_edge);
    for (std::int64_t edge = first_edge;; edge = std::min(edge + edge / 2, largest_edge)) {
        const Image image = drawn_picture(edge, predictor.model());
        ImageSource source(image);
        NullSink nowhere;
        const auto predict = [&] {
            const Clock::time_point start = Clock::now();
            predictor.predict(source, PredictionKind::labels, nowhere);
            return seconds_since(start);
        };
        double seconds = predict();  // the first also takes memory
        // One of the next size is predicted twice, and has 3/2 x 3/2 as many pixels.
        constexpr double next = 2.0 * 9.0 / 4.0;
        if (edge < largest_edge && seconds_since(begin) + next * seconds < all_seconds) continue;
        int runs = 1;
        if (seconds_since(begin) + seconds < all_seconds) {
            seconds = predict();
            while (seconds_since(begin) + seconds / runs < all_seconds) {
                seconds += predict();
                ++runs;
            }
        }
        return seconds / (runs * predictor.plan(source, PredictionKind::labels).pixels);
    }
}

std::int64_t bytes_of(SampleType type) {
    return type == SampleType::u8 ? 1 : type == SampleType::u16 ? 2 : 4;
}

/// Of the pixels of a result with its smaller copies, before they are packed.
std::int64_t output_bytes(const FileShape& shape, const Format& format) {
    const std::int64_t full = shape.channels * shape.size.elements() * bytes_of(shape.type);
    return format.smaller_copies ? full + full / 3 : full;
}

std::string size_text(const Size3& size) { return fmt::format("{} x {}", size.height, size.width); }

std::string pieces_text(const PredictionPlan& plan) {
    return plan.halo == 0 ? "in one piece"
                          : fmt::format("computed from {} (context of {} pixels on each side)",
                                        size_text(plan.window), plan.halo);
}

Json entry_of(const JobPlan& job, const Input& input, const Size3& size, double pace,
              const Format& format) {
    Json entry{{"input", input.path.string()},
               {"size", {size.depth, size.height, size.width}},
               {"kinds", Json::array()}};
    double seconds = 0.0;
    std::int64_t written = 0;
    for (const JobPlan::Kind& each : job.kinds) {
        entry["kinds"].push_back({{"what", name_of(each.kind)},
                                  {"tile", {each.plan.core.height, each.plan.core.width}},
                                  {"window", {each.plan.window.height, each.plan.window.width}},
                                  {"halo", each.plan.halo},
                                  {"tiles", each.plan.tiles},
                                  {"object_bytes", each.plan.object_bytes},
                                  {"skipped_tiles", each.plan.skipped},
                                  {"seconds", each.plan.pixels * pace},
                                  {"output_bytes", output_bytes(each.shape, format)}});
        seconds += each.plan.pixels * pace;
        written += output_bytes(each.shape, format);
    }
    entry["memory_bytes"] = job.bytes;
    entry["least_memory_bytes"] = job.least_bytes;
    entry["output_bytes"] = written;
    entry["seconds"] = seconds;
    return entry;
}

void print(const JobPlan& job, const Json& entry, const Size3& size) {
    fmt::print("{}  {} slice(s) of {}\n", entry["input"].get<std::string>(), size.depth,
               size_text(size));
    for (const JobPlan::Kind& each : job.kinds)
        fmt::print(
            "  {:<15} {} tile(s) of {}, {}{}\n", name_of(each.kind), each.plan.tiles,
            size_text(each.plan.core), pieces_text(each.plan),
            each.plan.skipped > 0 ? fmt::format(", {} outside the mask", each.plan.skipped) : "");
    fmt::print("  memory          {} (the smallest --max-ram is {})\n",
               bytes_text(static_cast<double>(job.bytes)),
               bytes_text(static_cast<double>(job.least_bytes)));
    for (const JobPlan::Kind& each : job.kinds)
        if (each.plan.object_bytes > 0)
            fmt::print(
                "  of it           {} for objects, which take more where they are many: a "
                "run of pixels takes 16 bytes\n",
                bytes_text(static_cast<double>(each.plan.object_bytes)));
    fmt::print("  output          {} before packing\n",
               bytes_text(entry["output_bytes"].get<double>()));
    fmt::print("  time            {}\n", duration_text(entry["seconds"].get<double>()));
}

}  // namespace

int plan(const Arguments& arguments) {
    PredictSettings settings;
    Flags flags("plan", "MODEL INPUT... [options]",
                "Says what a prediction will take: tiles, memory, size of the result before it is\n"
                "packed, time on this machine (measured for about a second).",
                {"unet plan runs/nuclei slide.tif --max-ram 512MB",
                 "unet plan runs/nuclei pictures --what probabilities --format ome-zarr --json"});
    flags.operand("MODEL", "as for unet predict");
    flags.operand("INPUT", "images and folders of them");
    add_prediction_flags(flags, settings);
    flags.add({"json", "print one JSON object", &settings.json});
    if (!flags.parse(arguments, 2, SIZE_MAX)) return 0;

    const auto inputs = collect_inputs({flags.operands().begin() + 1, flags.operands().end()});
    check_where(settings, inputs);
    const Model model = read_model(model_file(flags.operands()[0]));
    Progress progress("plan");
    const std::string label;
    Notes notes(progress);
    // For planning and for measuring.
    const auto prepared = std::make_shared<const PreparedModel>(model, settings.exact);
    Predictor predictor(prepared, options_of(settings, progress, label, notes));
    const PredictWork work(settings, model, notes);

    struct Planned {
        Size3 size;
        JobPlan job;
    };
    std::vector<Planned> all;
    std::int64_t largest_core = 0;
    for (const Input& input : inputs) try {
            const FileSource source(input.path, read_options_of(settings.stacks),
                                    static_cast<int>(settings.threads));
            JobPlan job = work.plan(predictor, input, source);
            work.check_memory(job, input);
            for (const JobPlan::Kind& each : job.kinds)
                largest_core =
                    std::max({largest_core, each.plan.core.height, each.plan.core.width});
            all.push_back({source.size(), std::move(job)});
        } catch (const Error& error) {
            throw Error(error.code(), told_of(input, error.what()));
        }
    const double pace =
        measured_pace(prepared, options_of(settings, progress, label, notes), largest_core);
    progress.clear();
    Json entries = Json::array();
    double seconds = 0.0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        entries.push_back(entry_of(all[i].job, inputs[i], all[i].size, pace, *settings.format));
        seconds += entries.back()["seconds"].get<double>();
        if (!settings.json) print(all[i].job, entries.back(), all[i].size);
    }
    if (settings.json)
        fmt::print("{}\n", Json{{"images", entries}, {"seconds", seconds}}.dump(2));
    else if (all.size() > 1)
        fmt::print("all {} images  {}\n", all.size(), duration_text(seconds));
    return 0;
}

}  // namespace unet::cli
