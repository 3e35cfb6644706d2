#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "unet/core/context.h"
#include "unet/pixels/normalise.h"
#include "unet/pixels/region.h"
#include "unet/predict/classify.h"
#include "unet/predict/mask.h"
#include "unet/predict/planner.h"
#include "unet/predict/predictor.h"
#include "unet/predict/tile_network.h"
#include "unet/predict/tile_part.h"
#include "unet/predict/tile_store.h"
#include "unet/predict/views/view_average.h"

namespace unet::predict {

/// An image as the network is shown it, and where its prediction goes.
struct TileJob {
    RegionSource& source;
    const Scaling& numbers;
    PredictionKind kind;  ///< any but objects
    RegionSink& sink;
    std::int64_t normalising = 0;  ///< bytes that the scaling keeps
    TilePart part{};
};

/// What is kept beside the tiles of an image that is shown in size `shown`: by its sink, its mask
/// and the scaling. All must outlive this.
class KeptFootprint final : public Footprint {
public:
    KeptFootprint(const Footprint& sink, const Mask& mask, const Size3& shown,
                  std::int64_t normalising)
        : sink_(sink), mask_(mask), shown_(shown), normalising_(normalising) {}
    std::int64_t window_bytes(const Size3& core) const override {
        return sink_.window_bytes(core) + mask_.bytes(core, shown_) + normalising_;
    }

private:
    const Footprint& sink_;
    const Mask& mask_;
    Size3 shown_;
    std::int64_t normalising_;
};

/// Predicts images tile by tile, or the views of a slice and their mean: cuts them, leaves out what
/// a mask does not want, takes tiles that are kept. Memory is kept from image to image.
class TileRunner {
public:
    /// `options` and `context` must outlive this.
    TileRunner(std::shared_ptr<const PreparedModel> prepared, const PredictOptions& options,
               Context& context);

    /// Throws Error(memory) where the limit of the planner is too low, Error(cancelled).
    void run(const TileJob& job);

    Planner& planner() { return planner_; }
    const Planner& planner() const { return planner_; }
    Mask& mask() { return mask_; }
    const Mask& mask() const { return mask_; }
    bool averages() const { return options_.average != Averaging::none; }
    /// How the last image was cut.
    const Cut& cut() const { return cut_; }
    double network_seconds() const { return network_.seconds(); }
    /// Gives the network's memory back.
    void release() { network_.release(); }

    void predict_where(RegionSource* mask) { mask_ = Mask(mask); }
    /// Null: tiles are kept nowhere.
    void keep_tiles(TileStore* store) { store_ = store; }
    TileStore* store() const { return store_; }
    void set_tile(std::int64_t edge);
    /// Tiles (with averaging: slices) that the store lacks of the last image, which was shown in
    /// this size.
    std::int64_t missing_tiles(const Size3& shown) const;

private:
    const Model& model() const { return prepared_->model(); }
    std::int64_t classes() const { return model().network.classes; }
    void choose_cut(const TileJob& job);
    /// `kept`: null, or where these tiles are kept.
    void run_tiles(const TileJob& job, const Tiling& tiling, TileStore* kept);
    void run_views(const TileJob& job);
    std::span<float> mean_of_views(const TileJob& job, const Region& slice, std::int64_t values);
    void convert_row(const LogitsRow& row, PredictionKind kind, float* result,
                     std::int64_t result_stride) const;
    std::span<float> convert_core(const Tile& tile, PredictionKind kind);
    void check_cancelled() const;
    void tell_done(std::int64_t tiles);

    std::shared_ptr<const PreparedModel> prepared_;
    const PredictOptions& options_;
    Context& context_;
    TileNetwork network_;
    ViewAverage average_;
    Planner planner_;
    Mask mask_;
    TileStore* store_ = nullptr;
    Cut cut_;
    std::int64_t tiles_done_ = 0;
};

}  // namespace unet::predict
