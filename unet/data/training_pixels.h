#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "unet/core/image.h"
#include "unet/data/slice_view.h"

namespace unet {

/// An image of a training set.
struct TrainingImage {
    std::string name;
    Size3 size{};
    std::int64_t channels = 1;  ///< stored; 1 in an RGB set stands for three equal ones
};

/// Memory for a part of a slice that is not in memory.
struct SliceWindow {
    std::vector<float> image, weights;
    std::vector<std::uint8_t> targets;
    std::vector<std::byte> block;
};

/// Where the pixels of a training set are: normalised values, targets and weights of every image.
/// What is written are regions of one slice that begin at multiples of `block_edge` rows and
/// columns and end there, too, or at the image's border. Any thread may read, and write another
/// region.
class TrainingPixels {
public:
    static constexpr std::int64_t block_edge = 128;

    virtual ~TrainingPixels() = default;
    /// `values`: planar C, H, W.
    virtual void write_image(std::size_t image, const Region& region,
                             std::span<const float> values) = 0;
    virtual void write_targets(std::size_t image, const Region& region,
                               std::span<const std::uint8_t> targets) = 0;
    virtual void write_weights(std::size_t image, const Region& region,
                               std::span<const float> weights) = 0;
    virtual void read_targets(std::size_t image, const Region& region,
                              std::span<std::uint8_t> targets) const = 0;
    /// The pixels of a region of one slice; channels, size and weight of the background are the
    /// caller's. Valid until the next call with that window.
    virtual SliceView view(std::size_t image, const Region& region, SliceWindow& window) const = 0;
    /// Whether view() gives the whole slice whatever region is asked for.
    virtual bool in_memory() const = 0;
    /// What they take of memory.
    virtual std::int64_t bytes() const = 0;
};

/// All in memory.
std::unique_ptr<TrainingPixels> pixels_in_memory(const std::vector<TrainingImage>& images);

/// In a file without a name in `folder`, in blocks of a few 100 KB that hold all that belongs to
/// their pixels: a patch is read in few pieces wherever it lies. Throws Error(io) where there is no
/// room for all of them.
std::unique_ptr<TrainingPixels> pixels_on_disk(const std::vector<TrainingImage>& images,
                                               const std::filesystem::path& folder);

}  // namespace unet
