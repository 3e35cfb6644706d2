#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "unet/core/context.h"
#include "unet/image/normalise.h"
#include "unet/image/region.h"
#include "unet/kernels/backend.h"
#include "unet/model/model.h"
#include "unet/nn/executor.h"
#include "unet/nn/parameters.h"
#include "unet/predict/classify.h"
#include "unet/predict/tiling.h"

namespace unet::predict {

/// A model's network as tiles run through it: batch norm folded away, weights once in the backend's
/// layout, one executor for the tiles of the picture at hand. All tiles of a picture have one
/// shape, so its buffers are allocated once and only when the shape changes.
class TileNetwork {
public:
    /// `exact`: direct convolutions only. Throws Error(shape_mismatch) if tensors do not fit,
    /// Error(unsupported) if one is not finite.
    TileNetwork(const Model& model, bool exact);

    const nn::Network& network() const { return network_; }
    const std::array<TileRule, 3>& rules() const { return rules_; }

    /// Bytes that predicting with this tiling allocates: arena, input, logits, result of a tile.
    std::int64_t bytes(const Tiling& tiling, std::int64_t out_channels) const;

    /// Allocates what bytes() says, unless it is there already.
    void prepare(const Tiling& tiling, std::int64_t out_channels);

    /// Reads a tile's window, mirrored beyond the picture, normalises it and computes its logits.
    void run(Context& context, RegionSource& source, const Scaling& scaling, const Tile& tile);

    /// Row y of the logits of a tile's core.
    LogitsRow row(const Tile& tile, std::int64_t z, std::int64_t y);
    /// Where the result of a core goes before it is written.
    std::span<float> result(const Tile& tile, std::int64_t out_channels);

private:
    nn::Plan plan_for(const Size3& window) const;

    nn::Network network_;
    const kernels::Backend& backend_;
    nn::Parameters parameters_;
    std::array<TileRule, 3> rules_;
    std::optional<nn::Executor> executor_;
    std::vector<float> raw_, input_, logits_, result_;
};

}  // namespace unet::predict
