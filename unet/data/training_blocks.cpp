#include "unet/data/training_blocks.h"

#include <algorithm>
#include <optional>

#include "unet/data/sample_reader.h"
#include "unet/data/training_pixels.h"

namespace unet {
namespace {

// Large beside the margins that weights need (about 40 pixels), small enough that the blocks of all
// threads are a few megabytes, and low: of files as wide, so many rows are decoded at a time.
constexpr std::int64_t height = 2 * TrainingPixels::block_edge;
constexpr std::int64_t width = 8 * TrainingPixels::block_edge;

/// Blocks are read while none is worked on, so several for each thread.
constexpr int blocks_per_thread = 2;

Region grown(const Region& region, std::int64_t margin, const Size3& size) {
    const std::int64_t y = std::max<std::int64_t>(region.y - margin, 0);
    const std::int64_t x = std::max<std::int64_t>(region.x - margin, 0);
    return {region.z,
            y,
            x,
            {1, std::min(region.y + region.size.height + margin, size.height) - y,
             std::min(region.x + region.size.width + margin, size.width) - x}};
}

void read(SampleReader& reader, const TrainingBlockOptions& options, TrainingBlock& block) {
    block.read = grown(block.region, options.margin, reader.size());
    block.labels.size = block.read.size;
    block.labels.values.resize(block.read.size.elements());
    reader.read_labels(block.read, block.labels.values);
    if (!options.values) return;
    block.values.resize(reader.channels() * block.region.size.elements());
    reader.read(block.region, block.values);
}

/// The blocks of one image, from top to bottom.
std::vector<Region> blocks_of(const Size3& size) {
    std::vector<Region> blocks;
    for (std::int64_t z = 0; z < size.depth; ++z)
        for (std::int64_t y = 0; y < size.height; y += height)
            for (std::int64_t x = 0; x < size.width; x += width)
                blocks.push_back(
                    {z,
                     y,
                     x,
                     {1, std::min(height, size.height - y), std::min(width, size.width - x)}});
    return blocks;
}

}  // namespace

void for_each_block(Context& context, const Dataset& set, const TrainingBlockOptions& options,
                    const std::function<void(TrainingBlock&)>& work,
                    const std::function<void(std::size_t image)>& finished) {
    std::vector<TrainingBlock> group(blocks_per_thread * context.threads());
    std::size_t filled = 0, first_open = 0;
    const auto work_off = [&](std::size_t open) {
        parallel_for(context, static_cast<std::int64_t>(filled),
                     [&](std::int64_t i, int) { work(group[i]); });
        filled = 0;
        for (; first_open < open; ++first_open) finished(first_open);
    };
    for (std::size_t i = 0; i < set.samples.size(); ++i) {
        SampleReader reader(set.samples[i], context.threads());
        for (const Region& region : blocks_of(reader.size())) {
            if (filled == group.size()) work_off(i);
            TrainingBlock& block = group[filled++];
            block.image = i;
            block.region = region;
            read(reader, options, block);
        }
    }
    work_off(set.samples.size());
}

std::int64_t training_block_bytes(const Context& context, const Sample& sample,
                                  std::int64_t margin) {
    const Size3& size = sample.image.size;
    const std::int64_t rows = std::min(height + 2 * margin, size.height);
    const std::int64_t pixels = rows * std::min(width + 2 * margin, size.width);
    // Values, labels and the copy that is parted, targets, weights, and those without the margin.
    const std::int64_t bytes = pixels * (4 * sample.image.channels + 4 + 4 + 1 + 4 + 1 + 4);
    return blocks_per_thread * context.threads() * bytes + SampleReader(sample).window_bytes(rows);
}

}  // namespace unet
