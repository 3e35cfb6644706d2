#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "unet/core/context.h"
#include "unet/data/dataset.h"

namespace unet {

/// A block of an image, read with what its targets and weights depend on.
struct TrainingBlock {
    std::size_t image = 0;      ///< number of the sample
    Region region;              ///< of one slice
    Region read;                ///< the same with a margin, as far as the slice reaches
    std::vector<float> values;  ///< of `region`, planar; if they were asked for
    LabelMap labels;            ///< of `read`

    /// The part of a plane of `read` that is `region`.
    template <class Value>
    std::vector<Value> inner(const std::vector<Value>& plane) const;
};

/// What is read of each block.
struct TrainingBlockOptions {
    std::int64_t margin = 0;  ///< pixels around it
    bool values = false;      ///< those of the image, too
};

/// Cuts all images into blocks that begin at multiples of TrainingPixels::block_edge and calls
/// `work` for each, on all threads of `context`; they are read one after the other, image by image.
/// `finished` is called for each image that has no block left.
void for_each_block(Context& context, const Dataset& set, const TrainingBlockOptions& options,
                    const std::function<void(TrainingBlock&)>& work,
                    const std::function<void(std::size_t image)>& finished);

/// Bytes that this takes beside the images.
std::int64_t training_block_bytes(const Context& context, const Sample& sample,
                                  std::int64_t margin);

template <class Value>
std::vector<Value> TrainingBlock::inner(const std::vector<Value>& plane) const {
    std::vector<Value> part(region.size.elements());
    copy_rows(plane.data() + (region.y - read.y) * read.size.width + region.x - read.x,
              read.size.width, region.size.height, region.size.width, part.data(),
              region.size.width);
    return part;
}

}  // namespace unet
