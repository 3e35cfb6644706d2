#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "unet/core/normalisation.h"
#include "unet/pixels/normalise.h"
#include "unet/pixels/region.h"

namespace unet {

/// Values that are in memory at a time while an image is read in bands: 4 MB, enough that a call
/// costs nothing beside its pixels.
inline constexpr std::int64_t band_values = 1 << 20;

/// What a rule means for images that are read in bands of rows: the numbers of scaling_of for
/// the same image in memory. Statistics are those of the whole image, never of a tile; values that
/// are not finite do not count. Memory is
/// kept, so that the next image of the same kind needs no more of it.
class SourceScaling {
public:
    explicit SourceScaling(Normalisation rule) : rule_(std::move(rule)) {}

    /// Valid until the next call. Throws as scaling_of.
    const Scaling& of(RegionSource& source);
    /// What is kept after of(): the band and counts of values (without a copy of values that are
    /// not whole numbers of 16 bits).
    std::int64_t bytes(const RegionSource& source) const;

private:
    void measure(RegionSource& source);

    Normalisation rule_;
    Scaling scaling_;
    /// The kind of image that scaling_ is for, where the rule does not look at values.
    std::optional<SampleType> type_;
    std::int64_t channels_ = 0;
    std::vector<ValueCounts> counts_;
    std::vector<float> band_;
};

}  // namespace unet
