#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "unet/core/context.h"
#include "unet/objects/object_finder.h"
#include "unet/pixels/region.h"
#include "unet/pixels/scaling.h"
#include "unet/predict/classify.h"
#include "unet/predict/foreground_sink.h"
#include "unet/predict/magnification.h"
#include "unet/predict/magnified.h"
#include "unet/predict/mask.h"
#include "unet/predict/planner.h"
#include "unet/predict/predictor.h"
#include "unet/predict/share.h"
#include "unet/predict/tile_network.h"
#include "unet/predict/view_average.h"

namespace unet {

struct Predictor::Impl {
    std::shared_ptr<const PreparedModel> prepared;
    PredictOptions options;
    Context context;
    predict::TileNetwork network;
    SourceScaling scaling;
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
    predict::ForegroundSink::Memory foreground;

    Impl(std::shared_ptr<const PreparedModel> shared, PredictOptions chosen);

    const Model& model() const { return prepared->model(); }
    std::int64_t classes() const { return model().network.classes; }
    bool averages() const { return options.average != Averaging::none; }
    Normalisation rule() const;
    std::int64_t tile_channels(PredictionKind kind) const { return planner.tile_channels(kind); }
    predict::Magnification magnification(const RegionSource& source) const {
        return predict::magnification_of(options.scale, model().info.spacing, source.spacing());
    }
    /// Labels of a magnified picture are decided in its own size, from probabilities.
    static PredictionKind magnified_kind(PredictionKind kind) {
        return predict::one_channel(kind) ? PredictionKind::probabilities : kind;
    }
    /// Objects are found in labels.
    static PredictionKind tile_kind(PredictionKind kind) {
        return kind == PredictionKind::objects ? PredictionKind::labels : kind;
    }

    /// Asks the planner for a source of any pixel size: answer(source, kind, sink) of the planner's
    /// functions.
    template <class Answer>
    auto planned(const RegionSource& source, PredictionKind kind, const SinkBytes& sink,
                 Answer answer) {
        const predict::Magnification by = magnification(source);
        const SinkBytes masked = mask.masked(sink, classes());
        const std::int64_t normalising = scaling.bytes(source);
        if (by.none())
            return answer(source, kind, [&](const Size3& core) {
                return (masked ? masked(core) : 0) + mask.bytes(core, source.size()) + normalising;
            });
        const Size3 from = by.size_of(source.size()), to = source.size();
        // Only asked, never read.
        const predict::MagnifiedSource magnified(context, const_cast<RegionSource&>(source), from);
        return answer(magnified, magnified_kind(kind), [&](const Size3& core) {
            return predict::MagnifiedSink::bytes(core, from, to, classes(), masked) +
                   mask.bytes(core, from) + normalising;
        });
    }
    /// Throws for an image or a kind that predict() does not go with.
    void check(const RegionSource& source, PredictionKind kind) const;
    /// With `without_masked`, tiles that the mask leaves out are not counted, for which it is read.
    PredictionPlan describe(const RegionSource& source, PredictionKind kind, const SinkBytes& sink,
                            bool without_masked = false);
    std::int64_t least_bytes(const RegionSource& source, PredictionKind kind,
                             const SinkBytes& sink);

    /// Any kind but objects.
    void predict(RegionSource& source, PredictionKind kind, RegionSink& sink);
    /// `normalising`: what the scaling keeps.
    void run_magnified(RegionSource& source, const Scaling& numbers, const Size3& size,
                       PredictionKind kind, RegionSink& sink, std::int64_t normalising);
    void run(RegionSource& input, const Scaling& numbers, PredictionKind kind, RegionSink& sink,
             std::int64_t normalising);
    void run_tiles(RegionSource& source, const Scaling& numbers, const predict::Tiling& tiling,
                   PredictionKind kind, RegionSink& sink, TileStore* kept);
    void run_views(RegionSource& source, const Scaling& numbers, PredictionKind kind,
                   RegionSink& sink);
    void choose_cut(const RegionSource& source, PredictionKind kind, const SinkBytes& sink);
    void convert_row(const predict::LogitsRow& row, PredictionKind kind, float* result,
                     std::int64_t result_stride) const;
    std::span<float> convert_core(const predict::Tile& tile, PredictionKind kind);
    void check_cancelled() const;
    void tell_done(std::int64_t tiles);

    /// Of the model, with what the options add.
    ObjectRule own_rule() const;
    /// What is fitted in pixels of the training images, in those of the source.
    ObjectRule rule_for(const RegionSource& source) const;
    /// What tiles leave for objects. `later`: what the sink that they are written to keeps.
    std::int64_t object_share(const RegionSource& source, const SinkBytes& later);
    SinkBytes foreground_bytes(const RegionSource& source, const SinkBytes& later,
                               std::int64_t object_bytes) const;
    void find_objects(RegionSource& source, ObjectFinder& found, const SinkBytes& later);
};

}  // namespace unet
