#include "unet/jobs/predicting/plan_files.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "unet/image/file_source.h"
#include "unet/jobs/predicting/prediction_job.h"
#include "unet/predict/predictor.h"

namespace unet {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

Image drawn_image(std::int64_t edge, const Model& model) {
    Image image{{1, edge, edge}, model.network.in_channels, {}, SampleType::u8, {}};
    image.rgb = model.info.rgb;
    image.values.resize(image.channels * image.size.elements());
    std::uint32_t state = 1;
    for (float& value : image.values) {
        state = state * 1664525u + 1013904223u;
        value = static_cast<float>(state >> 24);
    }
    return image;
}

/// Seconds that this machine takes for each pixel that the network is given: drawn images, each
/// larger than the one before, until one is as large as a tile or the next would take longer than
/// what is left of a second; then the last one again until the second is over.
/// `options` without a notice: looking at an image's values is not what takes time for each tile.
/// Without a scale: pixels are counted as the network sees them.
double measured_pace(std::shared_ptr<const PreparedModel> model, PredictOptions options,
                     std::int64_t largest_core) {
    constexpr double all_seconds = 1.0;
    constexpr std::int64_t first_edge = 128;
    options.notice = nullptr;
    options.scale = 1.0;
    options.diameter = 0.0;
    Predictor predictor(std::move(model), std::move(options));
    const Clock::time_point begin = Clock::now();
    const std::int64_t largest_edge = std::max(largest_core, first_edge);
    for (std::int64_t edge = first_edge;; edge = std::min(edge + edge / 2, largest_edge)) {
        const Image image = drawn_image(edge, predictor.model());
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

}  // namespace

std::int64_t ImagePlan::output_bytes() const {
    std::int64_t sum = 0;
    for (const Kind& each : kinds) sum += each.output_bytes;
    return sum;
}

double ImagePlan::seconds() const {
    double sum = 0.0;
    for (const Kind& each : kinds) sum += each.seconds;
    return sum;
}

std::vector<ImagePlan> plan_files(const PredictSettings& settings, const Model& model,
                                  const std::vector<Input>& inputs, const JobHooks& hooks) {
    check_where(settings, inputs);
    // For planning and for measuring.
    const auto prepared =
        std::make_shared<const PreparedModel>(model, settings.exact, settings.precision);
    Predictor predictor(prepared, options_of(settings, hooks));
    const PredictionJob job(settings, inputs, {}, model);
    auto planned = each_input(inputs, hooks, false, [&](const Input& input) {
        FileSource source(input.path, job.reading, job.threads);
        ImagePlan plan = job.plan(predictor, input, source);
        plan.notes = source.notes();
        for (const auto& notes : {job.notes, job.mask_notes()})
            plan.notes.insert(plan.notes.end(), notes.begin(), notes.end());
        for (const std::string& note : plan.notes)
            if (hooks.note) hooks.note(note);
        job.check_memory(plan);
        return plan;
    });
    if (!planned.failed.empty()) throw planned.failed.front().error;
    std::int64_t largest_core = 0;
    for (const ImagePlan& image : planned.done)
        for (const ImagePlan::Kind& each : image.kinds)
            largest_core = std::max({largest_core, each.plan.core.height, each.plan.core.width});
    const double pace = measured_pace(prepared, options_of(settings, hooks), largest_core);
    for (ImagePlan& image : planned.done)
        for (ImagePlan::Kind& each : image.kinds) each.seconds = each.plan.pixels * pace;
    return std::move(planned.done);
}

}  // namespace unet
