#pragma once

#include <cstdint>
#include <vector>

#include "unet/pixels/region.h"
#include "unet/predict/prediction_plan.h"
#include "unet/predict/prepared_model.h"
#include "unet/predict/tile_network.h"
#include "unet/predict/tile_size.h"
#include "unet/predict/tiling.h"
#include "unet/predict/views.h"

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
    Cut best(const RegionSource& source, PredictionKind kind, const SinkBytes& sink) const;
    /// Bytes that predicting takes. `source`: null where it is not known.
    std::int64_t bytes(const Cut& cut, const RegionSource* source, const SinkBytes& sink) const;
    /// The same without a limit, a source and a sink.
    std::int64_t free_bytes(const Size3& image, PredictionKind kind) const;
    /// The same with the smallest tiles.
    std::int64_t least_bytes(const RegionSource& source, PredictionKind kind,
                             const SinkBytes& sink) const;
    /// Bytes of that which the network takes, and nothing after the last tile.
    std::int64_t network_bytes(const Cut& cut) const;
    PredictionPlan describe(const Cut& cut, const RegionSource& source,
                            const SinkBytes& sink) const;

private:
    std::int64_t classes() const { return prepared_.model().network.classes; }
    BytesBeside beside(const RegionSource* source, const SinkBytes& sink) const;
    std::int64_t beside_tiles(const Size3& image, const RegionSource* source,
                              const SinkBytes& sink) const;
    Cut cut_for(const Size3& image, PredictionKind kind, std::int64_t memory,
                const RegionSource* source, const SinkBytes& sink) const;

    const TileNetwork& network_;
    const std::vector<View>& views_;
    const PreparedModel& prepared_;
    Wishes wishes_;
    std::int64_t limit_ = 0;
};

}  // namespace unet::predict
