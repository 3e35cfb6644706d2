#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "unet/core/context.h"
#include "unet/pixels/normalise.h"
#include "unet/pixels/region.h"
#include "unet/predict/tile_runner.h"

namespace unet::predict {

/// How the network sees an image that it is shown in one size.
struct SizeLook {
    double scale = 1.0;  ///< how many times larger it was shown
    std::int64_t objects = 0;
    double diameter = 0.0;  ///< the middle one of their equivalent diameters, in pixels as shown
    /// Pixels whose probability is neither below 0.2 nor above 0.8, for each one above 0.5.
    double unsure = 0.0;
};

/// The diameter of an image's objects in its own pixels, from looks in order of their scales; 0
/// where no look tells. A look counts if it found several, and the one before found objects of
/// about the same size (seen in the image's own pixels): what is too small for the network is not
/// found, what is too large falls to pieces, and neither keeps its size from one look to the next.
/// Of those that count and have at most one unsure pixel for each sure one, the one with the fewest
/// decides, the smallest scale among equals.
double diameter_of(const std::vector<SizeLook>& looks);

/// Whether the last look counts and shows objects large and clear enough for a network trained on
/// objects of `trained` pixels, so that no larger scale will be better.
bool settled(const std::vector<SizeLook>& looks, double trained);

/// Finds how large the objects of an image are by showing it to its network in sizes from 1/16 to 4
/// times its own, smallest first, until settled(). Of what is too large to be looked at whole, a
/// few windows are: those where grey values differ, spread over the image. What is found depends on
/// the image and the model alone, not on tiles, memory or threads.
class SizeFinder {
public:
    /// `options` and `context` must outlive this; `memory`: bytes that it may take, 0: any.
    SizeFinder(std::shared_ptr<const PreparedModel> prepared, const PredictOptions& options,
               Context& context, std::int64_t memory);

    /// Bytes that it takes at least for such an image.
    std::int64_t least_bytes(const RegionSource& source) const;
    /// In pixels of `source`, which is what the network sees; 0: none are found. Throws
    /// Error(memory) where it may not take so much.
    double diameter(RegionSource& source, const Scaling& numbers);
    /// Seconds that the network took for it.
    double network_seconds() const { return tiles_.network_seconds(); }

private:
    /// A pixel of the image about which windows lie.
    struct Place {
        std::int64_t z = 0, y = 0, x = 0;
        double spread = 0.0;  ///< of grey values around it
    };

    std::vector<Place> places_in(RegionSource& source, const Scaling& numbers) const;
    SizeLook look(RegionSource& source, const Scaling& numbers, double scale);
    /// Of the probabilities and objects of a window.
    std::int64_t held_bytes() const;
    void look_at_window(RegionSource& shown, const Region& window, const Scaling& numbers);

    const ModelInfo& info_;
    std::int64_t classes_;
    Context& context_;
    PredictOptions options_;  ///< plain ones: no mean, no progress
    TileRunner tiles_;
    std::vector<Place> places_;
    // Of the look at hand.
    std::vector<double> diameters_;
    std::int64_t sure_ = 0, unsure_ = 0;
};

}  // namespace unet::predict
