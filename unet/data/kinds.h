#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace unet {

/// What an image looks like, as sums over its pixels that come a block at a time in any order.
class LookSums {
public:
    /// `values`: normalised, planar, `channels` planes of one value for each target. Pixels of
    /// class 0 are background, ignored ones take no part.
    void add(std::span<const float> values, std::int64_t channels, bool rgb,
             std::span<const std::uint8_t> targets);
    void add(const LookSums& other);

    /// Whether colours differ from grey by more than noise.
    bool colour() const;
    /// Whether background is brighter than what lies on it.
    bool bright_background() const;

private:
    // Whole numbers, so that the order of blocks does not matter: 1 is 2^16.
    std::int64_t background_ = 0, background_pixels_ = 0, foreground_ = 0, foreground_pixels_ = 0;
    std::int64_t chroma_ = 0;
};

/// What counts as one kind of images: those of a kind are drawn less often each, the more there
/// are.
struct ImageKind {
    bool colour = false, bright_background = false;
    int size = 0;  ///< of its objects as they were in the file, in powers of two
    auto operator<=>(const ImageKind&) const = default;
};

/// How often each image is drawn, relative to the others, as whole numbers: its kind's count to
/// the power of -`balance`. 0: all alike; 1: all kinds alike.
std::vector<std::int64_t> draws_by_kind(std::span<const ImageKind> images, double balance);

}  // namespace unet
