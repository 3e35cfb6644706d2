#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "unet/core/context.h"
#include "unet/nn/executor.h"
#include "unet/pixels/normalise.h"
#include "unet/pixels/region.h"
#include "unet/predict/classify.h"
#include "unet/predict/prepared_model.h"
#include "unet/predict/tiling.h"
#include "unet/predict/views/mirror.h"

namespace unet::predict {

/// A model's network as tiles run through it: one executor for the tiles of the image at hand.
/// All tiles of an image have one shape, so its buffers are allocated once and only when the shape
/// changes.
class TileNetwork {
public:
    explicit TileNetwork(std::shared_ptr<const PreparedModel> prepared);

    const nn::Network& network() const { return prepared_->network(); }
    const std::array<TileRule, 3>& rules() const { return rules_; }

    /// Bytes that predicting with this tiling allocates: arena, input, logits, result of a tile.
    std::int64_t bytes(const Tiling& tiling, std::int64_t out_channels) const;

    /// Allocates what bytes() says, unless it is there already.
    void prepare(const Tiling& tiling, std::int64_t out_channels);

    /// Gives it all back.
    void release();

    /// Reads a tile's window, mirrored beyond the image, normalises it and computes its logits.
    /// Returns false, having computed nothing, where result() of the tile before holds for this
    /// one: each channel of both windows has one and the same value, and the cores are the same
    /// part.
    bool run(Context& context, RegionSource& source, const Scaling& scaling, const Tile& tile);
    /// result() is no longer that of the tile that ran last.
    void forget_result() { blank_.known = false; }
    /// Seconds that the network itself took in all of run() so far.
    double seconds() const { return seconds_; }

    /// Row y of the logits of a tile's core.
    LogitsRow row(const Tile& tile, std::int64_t z, std::int64_t y);
    /// Where the result of a core goes before it is written.
    std::span<float> result(const Tile& tile, std::int64_t out_channels);

private:
    nn::Plan plan_for(const Size3& window) const;
    bool repeats_blank(std::span<const float> raw, const Tile& tile);

    /// What buffers depend on.
    struct Needs {
        Size3 image{}, window{}, core{};
        std::int64_t out_channels = 0;
        bool operator==(const Needs&) const = default;
    };

    /// The tile that ran last, if its window had one value in each channel.
    struct Blank {
        bool known = false;
        Size3 core{};
        std::array<std::int64_t, 3> place{};
        std::vector<float> values;
    };

    std::shared_ptr<const PreparedModel> prepared_;
    Needs prepared_for_;
    std::array<TileRule, 3> rules_;
    std::optional<nn::Executor> executor_;
    std::array<MirroredRange, 3> ranges_;  // of the tile at hand
    Blank blank_;
    double seconds_ = 0.0;
    std::vector<float> raw_, input_, logits_, result_;
};

}  // namespace unet::predict
