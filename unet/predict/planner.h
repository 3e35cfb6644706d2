#pragma once

#include <cstdint>
#include <vector>

#include "unet/pixels/region.h"
#include "unet/predict/prediction_plan.h"
#include "unet/predict/prepared_model.h"
#include "unet/predict/tile_network.h"
#include "unet/predict/tile_size.h"
#include "unet/predict/tiling.h"
#include "unet/predict/views/views.h"

namespace unet::predict {

/// Whether a kind has one value for each pixel.
bool one_channel(PredictionKind kind);

/// How images of one size and kind are cut: a tiling per view.
struct Cut {
    Size3 image{};
    PredictionKind kind{};
    std::vector<Tiling> tilings{};
    std::int64_t tiles = 0;  ///< over all slices and views
};

/// An image as it is shown to the network.
struct PlannedImage {
    Size3 size{};
    const RegionSource* source = nullptr;  ///< that it is read from; null: not known
    bool magnified = false;                ///< by a MagnifiedSource between the two

    /// Bytes that reading so many of its rows takes.
    std::int64_t window_bytes(std::int64_t rows) const;
};

/// Decides how images are cut, and knows what that takes: the one place that both predicting and
/// saying what it will take ask.
class Planner {
public:
    struct Wishes {
        std::int64_t tile = 0;    ///< PredictOptions::tile
        std::int64_t memory = 0;  ///< PredictOptions::memory
        bool averages = false;
        std::int64_t scratch = 0;  ///< bytes that the context holds
    };

    /// All must outlive this. Throws nothing.
    Planner(const TileNetwork& network, const std::vector<View>& views,
            const PreparedModel& prepared, const Wishes& wishes);

    std::int64_t limit() const { return limit_; }
    /// Of everything that predicting takes; 0: none.
    void set_limit(std::int64_t bytes) { limit_ = bytes; }
    /// True if that is another edge than before.
    bool set_tile(std::int64_t edge);

    /// Channels that tiles of a kind are written with.
    std::int64_t tile_channels(PredictionKind kind) const;

    /// The tiles that an image is predicted in.
    Cut best(const PlannedImage& image, PredictionKind kind, const Footprint& sink) const;
    /// Bytes that predicting takes.
    std::int64_t bytes(const Cut& cut, const PlannedImage& image, const Footprint& sink) const;
    /// The same without a limit, a source and a sink.
    std::int64_t free_bytes(const Size3& image, PredictionKind kind) const;
    /// The same with the smallest tiles.
    std::int64_t least_bytes(const PlannedImage& image, PredictionKind kind,
                             const Footprint& sink) const;
    /// Bytes of that which the network takes, and nothing after the last tile.
    std::int64_t network_bytes(const Cut& cut) const;
    PredictionPlan describe(const Cut& cut, const PlannedImage& image, const Footprint& sink) const;

private:
    std::int64_t classes() const { return prepared_.model().network.classes; }
    std::int64_t beside(const Tiling& tiling, const PlannedImage& image,
                        const Footprint& sink) const;
    std::int64_t beside_tiles(const PlannedImage& image, const Footprint& sink) const;
    Cut cut_for(const PlannedImage& image, PredictionKind kind, std::int64_t memory,
                const Footprint& sink) const;

    const TileNetwork& network_;
    const std::vector<View>& views_;
    const PreparedModel& prepared_;
    Wishes wishes_;
    std::int64_t limit_ = 0;
};

}  // namespace unet::predict
