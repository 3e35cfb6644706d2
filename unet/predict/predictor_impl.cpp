#include "unet/predict/predictor_impl.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "unet/core/error.h"
#include "unet/predict/magnified.h"
#include "unet/predict/network_source.h"
#include "unet/predict/outside.h"
#include "unet/predict/size_finder.h"

namespace unet {

using predict::one_channel;

namespace {

/// How many times larger the network may be shown an image.
constexpr double least_scale = 0.01, most_scale = 100.0;

}  // namespace

Predictor::Impl::Impl(std::shared_ptr<const PreparedModel> shared, PredictOptions chosen)
    : prepared(std::move(shared)),
      options(std::move(chosen)),
      context(options.threads),
      scaling(rule()),
      tiles(prepared, options, context) {
    if (options.tile < 0 || options.memory < 0)
        fail(ErrorCode::invalid_argument,
             "predict: tile is {} and memory {}, expected numbers from 0 (automatic) up",
             options.tile, options.memory);
    if (options.scale != 0.0 && !(options.scale >= least_scale && options.scale <= most_scale))
        fail_setting("scale", ErrorCode::invalid_argument,
                     "`scale`: found {}, expected 0 (by the sizes of pixels) or {} to {}",
                     options.scale, least_scale, most_scale);
    if (!(options.diameter >= 0.0) || (options.diameter > 0.0 && options.scale != 0.0))
        fail_setting(
            "diameter", ErrorCode::invalid_argument,
            "`diameter`: found {} and a scale of {}, expected a number above 0 and no scale",
            options.diameter, options.scale);
    if (options.diameter > 0.0 && model().info.object_size <= 0.0)
        fail_setting("diameter", ErrorCode::invalid_argument,
                     "`diameter`: the model does not know how large the objects were that it was "
                     "trained on (it has no numbered objects, or is an older file); `scale` says "
                     "how many times larger it is shown the image");
    if (options.exact && !prepared->exact())
        fail(ErrorCode::invalid_argument,
             "predict: direct convolutions are asked for, but the model was prepared without "
             "them: prepare it with exact = true");
    if (options.precision != prepared->precision())
        fail(ErrorCode::invalid_argument,
             "predict: {} is asked for, but the model was prepared for {}: prepare it with that "
             "precision",
             kernels::name_of(options.precision), kernels::name_of(prepared->precision()));
}

Normalisation Predictor::Impl::rule() const {
    Normalisation rule = numbered_rule();
    rule.clip = options.clip.value_or(model().info.normalisation.clip);
    return rule;
}

Normalisation Predictor::Impl::numbered_rule() const {
    const Normalisation& own = model().info.normalisation;
    if (!options.override_normalisation) return own;
    // `--normalise dataset` names the rule only; its numbers are the training set's.
    if (options.normalisation.rule == NormaliseRule::dataset && options.normalisation.low.empty()) {
        if (own.rule != NormaliseRule::dataset)
            fail(ErrorCode::invalid_argument,
                 "predict: normalisation by the data set needs its numbers, the model holds "
                 "none (its rule is {}); use image, range or LOW:HIGH",
                 to_string(own));
        return own;
    }
    return options.normalisation;
}

void Predictor::Impl::check(const RegionSource& source, PredictionKind kind) const {
    const Size3 size = source.size();
    if (size.depth < 1 || size.height < 1 || size.width < 1)
        fail(ErrorCode::shape_mismatch, "predict: the image is {}, expected at least 1x1",
             to_string(size));
    tiles.mask().check(size, kind);
    if (options.diameter > 0.0) {
        const double told = told_diameter(source);
        const auto edge = static_cast<double>(std::max(size.height, size.width));
        if (told > edge)
            fail_setting(
                "diameter", ErrorCode::invalid_argument,
                "`diameter`: objects of {:.6g} pixels in an image of {}; expected less than "
                "its edge",
                told, to_string(size));
    }
    if (tiles.averages() && kind == PredictionKind::logits)
        fail(ErrorCode::invalid_argument,
             "predict: {} averages probabilities, logits have no mean of their own: ask for "
             "probabilities",
             to_string(options.average));
    if (kind == PredictionKind::objects && !finds_objects())
        fail(ErrorCode::invalid_argument,
             "objects need a model of two classes, background and foreground; this one has {}: "
             "predict labels",
             classes());
    predict::NetworkSource::check(source, model().network.in_channels, model().info.rgb);
}

double Predictor::Impl::told_diameter(const RegionSource& source) const {
    if (options.diameter_unit.empty()) return options.diameter;
    const double edge = predict::metres_of(source.spacing());
    if (edge <= 0.0)
        fail_setting("diameter", ErrorCode::invalid_argument,
                     "`diameter`: {} {} for an image that does not say how large its pixels are; "
                     "expected a number of pixels, or `spacing` beside it",
                     options.diameter, options.diameter_unit);
    return options.diameter * metres_per_unit(options.diameter_unit) / edge;
}

predict::Magnification Predictor::Impl::magnification(const RegionSource& source) const {
    if (options.diameter > 0.0) {
        const double told = told_diameter(source), factor = model().info.object_size / told;
        if (!(factor >= least_scale && factor <= most_scale))
            fail_setting(
                "diameter", ErrorCode::invalid_argument,
                "`diameter`: objects of {:.6g} pixels would be shown {:.6g} times as large, "
                "expected {} to {} times",
                told, factor, least_scale, most_scale);
        return {factor, factor};
    }
    const ModelInfo& info = model().info;
    if (needs_look(source))
        return found_diameter.value_or(0.0) > 0.0
                   ? predict::magnification_by_size(info.object_size, *found_diameter)
                   : predict::Magnification{};
    return predict::magnification_of(options.scale, info.spacing, source.spacing());
}

bool Predictor::Impl::needs_look(const RegionSource& source) const {
    const ModelInfo& info = model().info;
    const bool pixels_tell =
        predict::metres_of(info.spacing) > 0.0 && predict::metres_of(source.spacing()) > 0.0;
    return options.scale == 0.0 && options.diameter == 0.0 && info.object_size > 0.0 &&
           finds_objects() && !pixels_tell;
}

bool Predictor::Impl::finds_objects() const {
    return classes() == 2 || model().info.boundary > 0.0;
}

void Predictor::Impl::look(RegionSource& source) {
    if (looked) return;
    found_diameter.reset();
    if (!needs_look(source)) return;
    const std::function<void(const std::string&)> silent;
    predict::NetworkSource input(source, tiles.mask(), model().network.in_channels,
                                 model().info.rgb, silent, colours);
    const Scaling& numbers = scaling.of(input);
    input.fill_with(numbers);
    if (numbers.clip > 0.0) input.limit(numbers);
    const std::int64_t limit = tiles.planner().limit(), kept = scaling.bytes(source);
    if (limit > 0) tiles.release();  // what the image before has left
    predict::SizeFinder sizes(prepared, options, context,
                              limit > 0 ? std::max<std::int64_t>(limit - kept, 1) : 0);
    found_diameter = sizes.diameter(input, numbers);
    looking_seconds += sizes.network_seconds();
}

void Predictor::Impl::predict(RegionSource& source, PredictionKind kind, RegionSink& sink,
                              const predict::TilePart& part) {
    check(source, kind);
    predict::NetworkSource input(source, tiles.mask(), model().network.in_channels,
                                 model().info.rgb, options.notice, colours);
    const Scaling& numbers = scaling.of(input);
    input.fill_with(numbers);
    const predict::Magnification by = magnification(source);
    if (options.notice)
        for (const std::string& remark : predict::remarks_on(
                 input, numbers, rule(), model().info, by,
                 options.scale == 0.0 && options.diameter == 0.0, found_diameter.value_or(0.0)))
            options.notice(remark);
    if (!by.none() && numbers.clip > 0.0) input.limit(numbers);
    predict::MaskedSink masked(sink, tiles.mask(), one_channel(kind) ? 1 : classes());
    RegionSink& written = part.whole() ? static_cast<RegionSink&>(masked) : sink;
    const predict::TileJob job{input, numbers, kind, written, scaling.bytes(source), part};
    if (by.none())
        tiles.run(job);
    else
        run_magnified(job, by.size_of(source.size()));
}

void Predictor::Impl::run_magnified(const predict::TileJob& job, const Size3& size) {
    const Size3 own = job.source.size();
    predict::MagnifiedSource magnified(context, job.source, size);
    std::optional<predict::MagnifiedSink::Finish> finish;
    if (one_channel(job.kind))
        finish = {[this, width = own.width](float* row, std::int64_t stride) {
                      predict::decide({row, classes(), stride, width}, model().info, row);
                  },
                  1};
    predict::MagnifiedSink own_size(context, job.sink, size, own, classes(), finish);
    RegionSink& written = job.part.whole() ? own_size : job.sink;
    tiles.run(
        {magnified, job.numbers, magnified_kind(job.kind), written, job.normalising, job.part});
}

template <class Answer>
auto Predictor::Impl::planned(const RegionSource& source, PredictionKind kind,
                              const Footprint& sink, Answer answer) {
    using namespace predict;
    const Magnification by = magnification(source);
    const Size3 own = source.size(), shown = by.none() ? own : by.size_of(own);
    const PlannedImage image{shown, &source, !by.none()};
    const MaskedFootprint masked(sink, tiles.mask(), classes());
    const MagnifiedFootprint own_size(masked, shown, own, classes());
    const Footprint& written = by.none() ? static_cast<const Footprint&>(masked) : own_size;
    return answer(image, by.none() ? kind : magnified_kind(kind),
                  KeptFootprint(written, tiles.mask(), shown, scaling.bytes(source)));
}

PredictionPlan Predictor::Impl::describe(const RegionSource& source, PredictionKind kind,
                                         const Footprint& sink, bool without_masked) {
    return planned(
        source, kind, sink,
        [&](const predict::PlannedImage& image, PredictionKind shown, const Footprint& kept) {
            const predict::Cut best = tiles.planner().best(image, shown, kept);
            PredictionPlan plan = tiles.planner().describe(best, image, kept);
            if (without_masked) tiles.mask().leave_out(plan, best, tiles.averages());
            return plan;
        });
}

std::int64_t Predictor::Impl::least_bytes(const RegionSource& source, PredictionKind kind,
                                          const Footprint& sink) {
    return planned(
        source, kind, sink,
        [&](const predict::PlannedImage& image, PredictionKind shown, const Footprint& kept) {
            return tiles.planner().least_bytes(image, shown, kept);
        });
}

ObjectRule Predictor::Impl::own_rule() const {
    ObjectRule rule = rule_of(model().info);
    rule.fill_holes = options.fill_holes;
    rule.drop_border = options.drop_border;
    return rule;
}

ObjectRule Predictor::Impl::rule_for(const RegionSource& source) const {
    ObjectRule rule = own_rule();
    const double area = magnification(source).area();
    rule.split_depth /= std::sqrt(area);
    rule.minimum_pixels = std::llround(static_cast<double>(rule.minimum_pixels) / area);
    return rule;
}

std::int64_t Predictor::Impl::object_share(const RegionSource& source, const Footprint& later) {
    const std::int64_t usual = usual_object_bytes(source.size()), limit = tiles.planner().limit();
    if (limit == 0) return usual;
    const std::int64_t least = least_bytes(source, PredictionKind::labels,
                                           predict::ForegroundFootprint(source.size(), later));
    return std::clamp<std::int64_t>((limit - least) / 2, 0, usual);
}

/// Below a limit a finder may take what tiles leave; after the last tile their memory, too.
void Predictor::Impl::find_objects(RegionSource& source, ObjectFinder& found,
                                   const Footprint& later) {
    check(source, PredictionKind::objects);
    const std::int64_t limit = tiles.planner().limit(), object_bytes = object_share(source, later);
    const predict::ForegroundFootprint kept(source.size(), later, object_bytes);
    std::int64_t left = 0;
    if (limit > 0) {
        left = limit - describe(source, PredictionKind::labels, kept).bytes + object_bytes;
        found.limit_memory(std::max<std::int64_t>(left, 1));
    }
    found.start(source.size(), rule_for(source));
    predict::ForegroundSink sink(found, foreground, kept);
    predict(source, PredictionKind::labels, sink);
    if (limit > 0) {
        tiles.release();
        foreground = {};
        found.limit_memory(left + tiles.planner().network_bytes(tiles.cut()));
    }
    found.finish();
}

}  // namespace unet
