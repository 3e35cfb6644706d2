#include "unet/predict/predictor.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "unet/core/context.h"
#include "unet/core/error.h"
#include "unet/objects/object_finder.h"
#include "unet/predict/classify.h"
#include "unet/predict/magnification.h"
#include "unet/predict/magnified.h"
#include "unet/predict/mask.h"
#include "unet/predict/network_source.h"
#include "unet/predict/outside.h"
#include "unet/predict/planner.h"
#include "unet/predict/scaling.h"
#include "unet/predict/share.h"
#include "unet/predict/tile_network.h"
#include "unet/predict/view_average.h"

namespace unet {
namespace {

using predict::one_channel;

}  // namespace

struct Predictor::Impl {
    std::shared_ptr<const PreparedModel> prepared;
    PredictOptions options;
    Context context;
    predict::TileNetwork network;
    predict::SourceScaling scaling;
    predict::ViewAverage average;
    predict::Planner planner;
    predict::Cut cut;
    std::int64_t tiles_done = 0;
    TileStore* store = nullptr;
    predict::Share share;
    predict::Mask mask;

    // Kept from call to call.
    std::vector<float> colours;
    ObjectFinder finder;

    Impl(std::shared_ptr<const PreparedModel> shared, PredictOptions chosen)
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
        if (!(options.scale == 0.0 || (options.scale >= 0.01 && options.scale <= 100.0)))
            fail(ErrorCode::invalid_argument,
                 "predict: scale is {}, expected 0 (by the sizes of pixels) or 0.01 to 100",
                 options.scale);
        if (options.exact && !prepared->exact())
            fail(ErrorCode::invalid_argument,
                 "predict: direct convolutions are asked for, but the model was prepared without "
                 "them: prepare it with exact = true");
    }

    const Model& model() const { return prepared->model(); }
    std::int64_t classes() const { return model().network.classes; }
    bool averages() const { return options.average != Averaging::none; }

    Normalisation rule() const {
        const Normalisation& own = model().info.normalisation;
        if (!options.override_normalisation) return own;
        // `--normalise dataset` names the rule only; its numbers are the training set's.
        if (options.normalisation.rule == NormaliseRule::dataset &&
            options.normalisation.low.empty()) {
            if (own.rule != NormaliseRule::dataset)
                fail(ErrorCode::invalid_argument,
                     "predict: normalisation by the data set needs its numbers, the model holds "
                     "none (its rule is {}); use image, range or LOW:HIGH",
                     to_string(own));
            return own;
        }
        return options.normalisation;
    }

    std::int64_t tile_channels(PredictionKind kind) const { return planner.tile_channels(kind); }

    void choose_cut(const RegionSource& source, PredictionKind kind, const SinkBytes& sink) {
        const bool limited = planner.limit() > 0;
        if (!limited && cut.image == source.size() && cut.kind == kind && !cut.tilings.empty())
            return;
        cut = planner.best(source, kind, sink);
        if (const std::int64_t needed = limited ? planner.bytes(cut, &source, sink) : 0;
            needed > planner.limit())
            fail(ErrorCode::memory,
                 "predicting {} pixels takes {} bytes in pieces of this size, the limit is {}",
                 to_string(source.size()), needed, planner.limit());
    }

    /// One row of a core from logits to what is asked for.
    void convert_row(const predict::LogitsRow& row, PredictionKind kind, float* result,
                     std::int64_t result_stride) const {
        if (kind == PredictionKind::probabilities || (one_channel(kind) && row.classes == 2))
            predict::softmax(row);
        if (one_channel(kind))
            predict::decide(row, model().info.threshold, result);
        else
            for (std::int64_t k = 0; k < row.classes; ++k)
                std::copy_n(row.data + k * row.class_stride, row.pixels,
                            result + k * result_stride);
    }

    std::span<float> convert_core(const predict::Tile& tile, PredictionKind kind) {
        const Size3& size = tile.core.size;
        const auto result = network.result(tile, tile_channels(kind));
        parallel_for(context, size.depth * size.height, [&](std::int64_t line, int) {
            convert_row(network.row(tile, line / size.height, line % size.height), kind,
                        result.data() + line * size.width, size.elements());
        });
        return result;
    }

    predict::Magnification magnification(const RegionSource& source) const {
        return predict::magnification_of(options.scale, model().info.spacing, source.spacing());
    }

    /// Labels of a magnified picture are decided in its own size, from probabilities.
    static PredictionKind magnified_kind(PredictionKind kind) {
        return one_channel(kind) ? PredictionKind::probabilities : kind;
    }

    /// What is fitted in pixels of the training images, in those of the source.
    ObjectRule rule_for(const RegionSource& source) const {
        ObjectRule rule = rule_of(model().info);
        const double area = magnification(source).area();
        rule.split_depth /= std::sqrt(area);
        rule.minimum_pixels = std::llround(static_cast<double>(rule.minimum_pixels) / area);
        return rule;
    }

    /// Asks the planner for a source of any pixel size: answer(source, kind, sink) of the planner's
    /// functions.
    template <class Answer>
    auto planned(const RegionSource& source, PredictionKind kind, const SinkBytes& sink,
                 Answer answer) {
        const predict::Magnification by = magnification(source);
        const SinkBytes masked = mask.masked(sink, classes());
        if (by.none())
            return answer(source, kind, [&](const Size3& core) {
                return (masked ? masked(core) : 0) + mask.bytes(core, source.size());
            });
        const Size3 from = by.size_of(source.size()), to = source.size();
        // Only asked, never read.
        const predict::MagnifiedSource magnified(context, const_cast<RegionSource&>(source), from);
        const std::int64_t finding =
            kind == PredictionKind::objects ? ObjectFinder::bytes(to, rule_for(source)) : 0;
        return answer(magnified, magnified_kind(kind), [&](const Size3& core) {
            return predict::MagnifiedSink::bytes(core, from, to, classes(), masked) + finding +
                   mask.bytes(core, from);
        });
    }

    void check_cancelled() const {
        if (options.cancelled && options.cancelled())
            fail(ErrorCode::cancelled, "predict: cancelled after {} of {} tiles", tiles_done,
                 cut.tiles);
    }

    void tell_done(std::int64_t tiles) {
        tiles_done += tiles;
        if (options.progress) options.progress(tiles_done, cut.tiles);
    }

    /// `kept`: null, or where these tiles are kept.
    void run_tiles(RegionSource& source, const Scaling& numbers, const predict::Tiling& tiling,
                   PredictionKind kind, RegionSink& sink, TileStore* kept) {
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
    void run_views(RegionSource& source, const Scaling& numbers, PredictionKind kind,
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
                                 run_tiles(view, numbers, cut.tilings[v],
                                           PredictionKind::probabilities, predicted, nullptr);
                             });
                result = average.room(channels * pixels);
                // Labels take the place of the first class, which is read before.
                if (one_channel(kind))
                    predict::decide({result.data(), classes(), pixels, pixels},
                                    model().info.threshold, result.data());
                if (store) store->save(region, result);
            }
            sink.write(region, result);
        }
    }

    void predict(RegionSource& source, PredictionKind kind, RegionSink& sink) {
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
        predict::NetworkSource input(source, model().network.in_channels, model().info.rgb,
                                     options.notice, colours);
        const Scaling& numbers = scaling.of(input);
        const predict::Magnification by = magnification(source);
        predict::MaskedSink masked(sink, mask, one_channel(kind) ? 1 : classes());
        // Of a share nothing is written.
        RegionSink& written = share.of > 1 ? sink : static_cast<RegionSink&>(masked);
        if (options.notice)
            for (const std::string& remark : predict::remarks_on(
                     input, numbers, rule(), model().info, by, options.scale == 0.0))
                options.notice(remark);
        if (by.none())
            run(input, numbers, kind, written, 0);
        else
            run_magnified(input, numbers, by.size_of(size), kind, written);
    }

    void run_magnified(RegionSource& source, const Scaling& numbers, const Size3& size,
                       PredictionKind kind, RegionSink& sink) {
        predict::MagnifiedSource magnified(context, source, size);
        const std::int64_t finding = kind == PredictionKind::objects
                                         ? ObjectFinder::bytes(source.size(), rule_for(source))
                                         : 0;
        std::optional<predict::MagnifiedSink::Finish> finish;
        if (one_channel(kind))
            finish = {
                [this, width = source.size().width](float* row, std::int64_t stride) {
                    predict::decide({row, classes(), stride, width}, model().info.threshold, row);
                },
                1};
        predict::MagnifiedSink own_size(context, sink, size, source.size(), classes(), finish);
        // Of a share nothing is written.
        RegionSink& written = share.of > 1 ? sink : own_size;
        run(magnified, numbers, magnified_kind(kind), written, finding);
    }

    /// `beside`: bytes that are taken afterwards, while what the sink keeps is there.
    void run(RegionSource& input, const Scaling& numbers, PredictionKind kind, RegionSink& sink,
             std::int64_t beside) {
        choose_cut(input, kind, [&](const Size3& core) {
            return sink.window_bytes(core) + beside + mask.bytes(core, input.size());
        });
        tiles_done = 0;
        if (averages())
            run_views(input, numbers, kind, sink);
        else
            run_tiles(input, numbers, cut.tilings.front(), kind, sink, store);
    }

    void labels_into(RegionSource& source, PredictionKind kind, std::span<std::uint32_t> labels) {
        LabelSink sink(labels, source.size());
        predict(source, kind, sink);
    }
};

// NOLINTNEXTLINE(performance-unnecessary-value-param): `exact` is read while they are passed on
Predictor::Predictor(const Model& model, PredictOptions options)
    : Predictor(std::make_shared<const PreparedModel>(model, options.exact), options) {}
Predictor::Predictor(std::shared_ptr<const PreparedModel> model, PredictOptions options)
    : impl_(std::make_unique<Impl>(std::move(model), std::move(options))) {}
Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;

void Predictor::predict(RegionSource& source, PredictionKind kind, RegionSink& sink) {
    if (kind == PredictionKind::objects)
        fail(ErrorCode::invalid_argument,
             "predict: objects are numbered over a whole image and not streamed; call objects()");
    impl_->predict(source, kind, sink);
}

void Predictor::labels(RegionSource& source, std::span<std::uint32_t> labels) {
    impl_->labels_into(source, PredictionKind::labels, labels);
}

std::int64_t Predictor::objects(RegionSource& source, std::span<std::uint32_t> objects) {
    if (impl_->classes() != 2)
        fail(ErrorCode::invalid_argument,
             "objects need a model of two classes, background and foreground; this one has {}: "
             "predict labels",
             impl_->classes());
    impl_->labels_into(source, PredictionKind::objects, objects);
    const ObjectRule rule = impl_->rule_for(source);
    impl_->finder.reserve(source.size(), rule);
    return impl_->finder.find(objects, source.size(), rule);
}

std::int64_t Predictor::planned_bytes(const Size3& image, PredictionKind kind) const {
    return impl_->planner.free_bytes(image, kind);
}

PredictionPlan Predictor::plan(const RegionSource& source, PredictionKind kind,
                               const SinkBytes& sink) const {
    const predict::Planner& planner = impl_->planner;
    impl_->mask.check(source.size(), kind);
    return impl_->planned(
        source, kind, sink,
        [&](const RegionSource& from, PredictionKind shown, const SinkBytes& kept) {
            const predict::Cut cut = planner.best(from, shown, kept);
            PredictionPlan plan = planner.describe(cut, from, kept);
            impl_->mask.leave_out(plan, cut, impl_->averages());
            return plan;
        });
}

std::int64_t Predictor::least_bytes(const RegionSource& source, PredictionKind kind,
                                    const SinkBytes& sink) const {
    return impl_->planned(
        source, kind, sink,
        [this](const RegionSource& from, PredictionKind shown, const SinkBytes& kept) {
            return impl_->planner.least_bytes(from, shown, kept);
        });
}

void Predictor::limit_memory(std::int64_t bytes) { impl_->planner.set_limit(bytes); }

void Predictor::predict_where(RegionSource* mask) { impl_->mask = predict::Mask(mask); }

void Predictor::keep_tiles(TileStore* store) { impl_->store = store; }

void Predictor::set_tile(std::int64_t edge) {
    if (impl_->planner.set_tile(edge)) impl_->cut = {};
}

std::int64_t Predictor::compute_share(RegionSource& source, PredictionKind kind,
                                      std::int64_t number, std::int64_t of) {
    if (impl_->store == nullptr || number < 1 || number > of)
        fail(ErrorCode::invalid_argument,
             "predict: share {} of {}, {} store of tiles; expected a share from 1 on and a store",
             number, of, impl_->store ? "a" : "no");
    predict::NoSink none;
    impl_->share = {number, of};
    try {
        impl_->predict(source, kind, none);
    } catch (...) {
        impl_->share = {};
        throw;
    }
    impl_->share = {};
    const Size3 shown = impl_->magnification(source).size_of(source.size());
    return predict::missing_tiles(*impl_->store, impl_->cut, shown, impl_->averages());
}

const Model& Predictor::model() const { return impl_->model(); }

}  // namespace unet
