#include "unet/predict/predictor_impl.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "unet/core/error.h"
#include "unet/predict/network_source.h"
#include "unet/predict/outside.h"

namespace unet {

using predict::one_channel;

Predictor::Impl::Impl(std::shared_ptr<const PreparedModel> shared, PredictOptions chosen)
    : prepared(std::move(shared)),
      options(std::move(chosen)),
      context(options.threads),
      network(prepared),
      scaling(rule()),
      average(options.average),
      planner(network, average.views(), *prepared,
              {options.tile, options.memory, options.average != Averaging::none,
               static_cast<std::int64_t>(context.scratch_bytes())}) {
    if (options.tile < 0 || options.memory < 0)
        fail(ErrorCode::invalid_argument,
             "predict: tile is {} and memory {}, expected numbers from 0 (automatic) up",
             options.tile, options.memory);
    constexpr double least_scale = 0.01, most_scale = 100.0;
    if (options.scale != 0.0 && !(options.scale >= least_scale && options.scale <= most_scale))
        fail(ErrorCode::invalid_argument,
             "--scale: found {}, expected 0 (by the sizes of pixels) or {} to {}", options.scale,
             least_scale, most_scale);
    if (options.exact && !prepared->exact())
        fail(ErrorCode::invalid_argument,
             "predict: direct convolutions are asked for, but the model was prepared without "
             "them: prepare it with exact = true");
}

Normalisation Predictor::Impl::rule() const {
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

void Predictor::Impl::choose_cut(const RegionSource& source, PredictionKind kind,
                                 const SinkBytes& sink) {
    const bool limited = planner.limit() > 0;
    if (!limited && cut.image == source.size() && cut.kind == kind && !cut.tilings.empty()) return;
    cut = planner.best(source, kind, sink);
    if (const std::int64_t needed = limited ? planner.bytes(cut, &source, sink) : 0;
        needed > planner.limit())
        fail(ErrorCode::memory,
             "predicting {} pixels takes {} bytes in pieces of this size, the limit is {}",
             to_string(source.size()), needed, planner.limit());
}

/// One row of a core from logits to what is asked for.
void Predictor::Impl::convert_row(const predict::LogitsRow& row, PredictionKind kind, float* result,
                                  std::int64_t result_stride) const {
    if (kind == PredictionKind::probabilities || (one_channel(kind) && row.classes == 2))
        predict::softmax(row);
    if (one_channel(kind))
        predict::decide(row, model().info.threshold, result);
    else
        for (std::int64_t k = 0; k < row.classes; ++k)
            std::copy_n(row.data + k * row.class_stride, row.pixels, result + k * result_stride);
}

std::span<float> Predictor::Impl::convert_core(const predict::Tile& tile, PredictionKind kind) {
    const Size3& size = tile.core.size;
    const auto result = network.result(tile, tile_channels(kind));
    parallel_for(context, size.depth * size.height, [&](std::int64_t line, int) {
        convert_row(network.row(tile, line / size.height, line % size.height), kind,
                    result.data() + line * size.width, size.elements());
    });
    return result;
}

void Predictor::Impl::check_cancelled() const {
    if (options.cancelled && options.cancelled())
        fail(ErrorCode::cancelled, "predict: cancelled after {} of {} tiles", tiles_done,
             cut.tiles);
}

void Predictor::Impl::tell_done(std::int64_t tiles) {
    tiles_done += tiles;
    if (options.progress) options.progress(tiles_done, cut.tiles);
}

/// `kept`: null, or where these tiles are kept.
void Predictor::Impl::run_tiles(RegionSource& source, const Scaling& numbers,
                                const predict::Tiling& tiling, PredictionKind kind,
                                RegionSink& sink, TileStore* kept) {
    network.prepare(tiling, tile_channels(kind));
    const predict::Share part = kept ? share : predict::Share{};
    for (std::int64_t t = part.begin(tiling.count()); t < part.end(tiling.count()); ++t) {
        check_cancelled();
        const predict::Tile tile = tiling.tile(t);
        std::span<float> result = network.result(tile, tile_channels(kind));
        if (kept && kept->load(tile.core, result)) {
            network.forget_result();
        } else {
            // What a view shows stands elsewhere in the mask.
            if (!averages() && mask.leaves_out(tile.core, tiling.picture(), result))
                network.forget_result();
            else if (network.run(context, source, numbers, tile))
                result = convert_core(tile, kind);
            if (kept) kept->save(tile.core, result);
        }
        sink.write(tile.core, result);
        tell_done(1);
    }
}

/// Every view of every slice goes through the network, and the mean of what comes back out.
void Predictor::Impl::run_views(RegionSource& source, const Scaling& numbers, PredictionKind kind,
                                RegionSink& sink) {
    const Size3 size{1, source.size().height, source.size().width};
    const std::int64_t pixels = size.elements();
    std::int64_t largest_view = 0;
    for (const predict::Tiling& tiling : cut.tilings)
        largest_view = std::max(largest_view, tiling.picture().elements());
    average.prepare(size, source.channels(), classes(), largest_view);
    const std::int64_t channels = one_channel(kind) ? 1 : classes();
    for (std::int64_t z = share.begin(source.size().depth); z < share.end(source.size().depth);
         ++z) {
        const Region region{z, 0, 0, size};
        auto result = average.room(channels * pixels);
        if (store && store->load(region, result)) {
            tell_done(cut.tiles / source.size().depth);
        } else if (mask.leaves_out(region, source.size(), result)) {
            tell_done(cut.tiles / source.size().depth);
            if (store) store->save(region, result);
        } else {
            average.mean(context, source, region,
                         [&](std::size_t v, RegionSource& view, RegionSink& predicted) {
                             run_tiles(view, numbers, cut.tilings[v], PredictionKind::probabilities,
                                       predicted, nullptr);
                         });
            result = average.room(channels * pixels);
            // Labels take the place of the first class, which is read before.
            if (one_channel(kind))
                predict::decide({result.data(), classes(), pixels, pixels}, model().info.threshold,
                                result.data());
            if (store) store->save(region, result);
        }
        sink.write(region, result);
    }
}

void Predictor::Impl::check(const RegionSource& source, PredictionKind kind) const {
    const Size3 size = source.size();
    if (size.depth < 1 || size.height < 1 || size.width < 1)
        fail(ErrorCode::shape_mismatch, "predict: the image is {}, expected at least 1x1",
             to_string(size));
    mask.check(size, kind);
    if (averages() && kind == PredictionKind::logits)
        fail(ErrorCode::invalid_argument,
             "predict: {} averages probabilities, logits have no mean of their own: ask for "
             "probabilities",
             to_string(options.average));
    if (kind == PredictionKind::objects && classes() != 2)
        fail(ErrorCode::invalid_argument,
             "objects need a model of two classes, background and foreground; this one has {}: "
             "predict labels",
             classes());
    predict::NetworkSource::check(source, model().network.in_channels, model().info.rgb);
}

void Predictor::Impl::predict(RegionSource& source, PredictionKind kind, RegionSink& sink) {
    check(source, kind);
    predict::NetworkSource input(source, model().network.in_channels, model().info.rgb,
                                 options.notice, colours);
    const Scaling& numbers = scaling.of(input);
    const predict::Magnification by = magnification(source);
    if (options.notice)
        for (const std::string& remark :
             predict::remarks_on(input, numbers, rule(), model().info, by, options.scale == 0.0))
            options.notice(remark);
    predict::MaskedSink masked(sink, mask, one_channel(kind) ? 1 : classes());
    // Of a share nothing is written.
    RegionSink& written = share.of > 1 ? sink : static_cast<RegionSink&>(masked);
    if (by.none())
        run(input, numbers, kind, written, scaling.bytes(source));
    else
        run_magnified(input, numbers, by.size_of(source.size()), kind, written,
                      scaling.bytes(source));
}

void Predictor::Impl::run_magnified(RegionSource& source, const Scaling& numbers, const Size3& size,
                                    PredictionKind kind, RegionSink& sink,
                                    std::int64_t normalising) {
    predict::MagnifiedSource magnified(context, source, size);
    std::optional<predict::MagnifiedSink::Finish> finish;
    if (one_channel(kind))
        finish = {[this, width = source.size().width](float* row, std::int64_t stride) {
                      predict::decide({row, classes(), stride, width}, model().info.threshold, row);
                  },
                  1};
    predict::MagnifiedSink own_size(context, sink, size, source.size(), classes(), finish);
    // Of a share nothing is written.
    RegionSink& written = share.of > 1 ? sink : own_size;
    run(magnified, numbers, magnified_kind(kind), written, normalising);
}

void Predictor::Impl::run(RegionSource& input, const Scaling& numbers, PredictionKind kind,
                          RegionSink& sink, std::int64_t normalising) {
    const auto kept = [&](const Size3& core) {
        return sink.window_bytes(core) + mask.bytes(core, input.size()) + normalising;
    };
    choose_cut(input, kind, std::cref(kept));  // a copy of it would need memory
    tiles_done = 0;
    if (averages())
        run_views(input, numbers, kind, sink);
    else
        run_tiles(input, numbers, cut.tilings.front(), kind, sink, store);
}

PredictionPlan Predictor::Impl::describe(const RegionSource& source, PredictionKind kind,
                                         const SinkBytes& sink, bool without_masked) {
    return planned(source, kind, sink,
                   [&](const RegionSource& from, PredictionKind shown, const SinkBytes& kept) {
                       const predict::Cut best = planner.best(from, shown, kept);
                       PredictionPlan plan = planner.describe(best, from, kept);
                       if (without_masked) mask.leave_out(plan, best, averages());
                       return plan;
                   });
}

std::int64_t Predictor::Impl::least_bytes(const RegionSource& source, PredictionKind kind,
                                          const SinkBytes& sink) {
    return planned(source, kind, sink,
                   [&](const RegionSource& from, PredictionKind shown, const SinkBytes& kept) {
                       return planner.least_bytes(from, shown, kept);
                   });
}

}  // namespace unet
