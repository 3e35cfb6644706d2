#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "unet/core/context.h"
#include "unet/objects/object_finder.h"
#include "unet/pixels/region.h"
#include "unet/pixels/scaling.h"
#include "unet/predict/foreground_sink.h"
#include "unet/predict/magnification.h"
#include "unet/predict/predictor.h"
#include "unet/predict/tile_runner.h"

namespace unet {

/// An image as its file has it, from normalising to labels and objects of its own size; a
/// TileRunner does what lies between.
struct Predictor::Impl {
    std::shared_ptr<const PreparedModel> prepared;
    PredictOptions options;
    Context context;
    SourceScaling scaling;
    predict::TileRunner tiles;

    // Kept from call to call.
    std::vector<float> colours;
    ObjectFinder finder;
    predict::ForegroundSink::Memory foreground;

    std::optional<double> found_diameter;  ///< of the objects of the image at hand; 0: none
    bool looked = false;                   ///< by the caller, for several calls
    double looking_seconds = 0.0;          ///< of the network

    Impl(std::shared_ptr<const PreparedModel> shared, PredictOptions chosen);

    const Model& model() const { return prepared->model(); }
    std::int64_t classes() const { return model().network.classes; }
    Normalisation rule() const;
    Normalisation numbered_rule() const;  ///< without its limit
    /// Of an image that was looked at, if that is needed.
    predict::Magnification magnification(const RegionSource& source) const;
    /// Of the image's objects in its pixels, as the user says; 0 where he does not.
    double told_diameter(const RegionSource& source) const;
    bool needs_look(const RegionSource& source) const;
    bool finds_objects() const;
    /// Finds the size of objects where it is needed, unless the caller did.
    void look(RegionSource& source);
    /// Labels of a magnified image are decided in its own size, from probabilities.
    static PredictionKind magnified_kind(PredictionKind kind) {
        return predict::one_channel(kind) ? PredictionKind::probabilities : kind;
    }
    /// Objects are found in labels.
    static PredictionKind tile_kind(PredictionKind kind) {
        return kind == PredictionKind::objects ? PredictionKind::labels : kind;
    }

    /// Throws for an image or a kind that predict() does not go with.
    void check(const RegionSource& source, PredictionKind kind) const;
    /// Asks for a source of any pixel size: answer(image, kind, sink) by the planner's functions.
    template <class Answer>
    auto planned(const RegionSource& source, PredictionKind kind, const Footprint& sink,
                 Answer answer);
    /// With `without_masked`, tiles that the mask leaves out are not counted, for which it is read.
    PredictionPlan describe(const RegionSource& source, PredictionKind kind, const Footprint& sink,
                            bool without_masked = false);
    std::int64_t least_bytes(const RegionSource& source, PredictionKind kind,
                             const Footprint& sink);

    /// Any kind but objects. Of a part of the tiles nothing is written.
    void predict(RegionSource& source, PredictionKind kind, RegionSink& sink,
                 const predict::TilePart& part = {});
    void run_magnified(const predict::TileJob& job, const Size3& size);

    /// Of the model, with what the options add.
    ObjectRule own_rule() const;
    /// What is fitted in pixels of the training images, in those of the source.
    ObjectRule rule_for(const RegionSource& source) const;
    /// What tiles leave for objects. `later`: what the sink that they are written to keeps.
    std::int64_t object_share(const RegionSource& source, const Footprint& later);
    void find_objects(RegionSource& source, ObjectFinder& found, const Footprint& later);
};

}  // namespace unet
