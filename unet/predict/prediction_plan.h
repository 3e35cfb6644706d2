#pragma once

#include <cstdint>

#include "unet/core/shape.h"

namespace unet {

/// What a prediction writes per pixel.
enum class PredictionKind {
    logits,         ///< one channel per class, before softmax
    probabilities,  ///< one channel per class, summing to 1
    labels,   ///< class index (two classes: probability above the model's threshold; more: the
              ///< largest logit, the smaller index where two are equal)
    objects,  ///< object ids 1 .. n in raster order, see ObjectFinder and rule_of()
};

/// What predicting an image will take.
struct PredictionPlan {
    std::int64_t tile = 0;   ///< PredictOptions::tile that gives these tiles
    Size3 core{}, window{};  ///< of the largest tile: what is kept, what the network is given
    /// Pixels of context that the network sees on each side of a core, by which (and by what lies
    /// between multiples of its grid) windows are larger; 0 where one tile is the whole image.
    std::int64_t halo = 0;
    std::int64_t tiles = 0;    ///< runs of the network, over all slices and views
    std::int64_t skipped = 0;  ///< tiles that a mask leaves out; none of `tiles` and `pixels`
    double pixels = 0.0;       ///< that the network is given in all of them
    std::int64_t bytes = 0;    ///< beyond the model; with what source and sink keep
    /// Of these, what is left for the runs of objects: what they take is known when the image is
    /// predicted (usual_object_bytes()).
    std::int64_t object_bytes = 0;
    std::int64_t network_bytes = 0;  ///< of these, what the network takes until the last tile
};

}  // namespace unet
