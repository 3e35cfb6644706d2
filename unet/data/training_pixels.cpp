#include "unet/data/training_pixels.h"

#include <algorithm>
#include <cstddef>

#include "unet/core/files/scratch_file.h"
#include "unet/pixels/region.h"

namespace unet {
namespace {

std::size_t pixels_of(const TrainingImage& image) {
    return static_cast<std::size_t>(image.size.elements());
}

class MemoryPixels final : public TrainingPixels {
public:
    explicit MemoryPixels(const std::vector<TrainingImage>& images) : images_(images) {
        for (const TrainingImage& image : images) {
            const std::size_t pixels = pixels_of(image);
            const std::size_t values = static_cast<std::size_t>(image.channels) * pixels;
            // Not touched until it is written, when the pixels it is made of can go.
            Stored& stored = stored_.emplace_back();
            stored.values = std::make_unique_for_overwrite<float[]>(values);
            stored.targets = std::make_unique_for_overwrite<std::uint8_t[]>(pixels);
            stored.weights = std::make_unique_for_overwrite<float[]>(pixels);
        }
    }

    void write_image(std::size_t image, const Region& region,
                     std::span<const float> values) override {
        const Size3& size = images_[image].size;
        const std::int64_t pixels = region.size.elements();
        for (std::int64_t c = 0; c < images_[image].channels; ++c)
            copy_rows(values.data() + c * pixels, region.size.width, region.size.height,
                      region.size.width,
                      stored_[image].values.get() + c * size.elements() + place(image, region),
                      size.width);
    }
    void write_targets(std::size_t image, const Region& region,
                       std::span<const std::uint8_t> targets) override {
        copy_rows(targets.data(), region.size.width, region.size.height, region.size.width,
                  stored_[image].targets.get() + place(image, region), images_[image].size.width);
    }
    void write_weights(std::size_t image, const Region& region,
                       std::span<const float> weights) override {
        copy_rows(weights.data(), region.size.width, region.size.height, region.size.width,
                  stored_[image].weights.get() + place(image, region), images_[image].size.width);
    }
    void read_targets(std::size_t image, const Region& region,
                      std::span<std::uint8_t> targets) const override {
        copy_rows(stored_[image].targets.get() + place(image, region), images_[image].size.width,
                  region.size.height, region.size.width, targets.data(), region.size.width);
    }
    SliceView view(std::size_t image, const Region& region, SliceWindow&) const override {
        const Size3& size = images_[image].size;
        const Stored& stored = stored_[image];
        const std::int64_t start = region.z * size.height * size.width;
        SliceView view;
        view.image = stored.values.get() + start;
        view.channel_stride = size.elements();
        view.targets = stored.targets.get() + start;
        view.weights = stored.weights.get() + start;
        view.planes = {size.height, size.width, 0, 0, size.width};
        return view;
    }
    bool in_memory() const override { return true; }
    std::int64_t bytes() const override {
        std::int64_t bytes = 0;
        for (const TrainingImage& image : images_)
            bytes += image.size.elements() *
                     ((image.channels + 1) * static_cast<std::int64_t>(sizeof(float)) + 1);
        return bytes;
    }

private:
    struct Stored {
        std::unique_ptr<float[]> values;
        std::unique_ptr<std::uint8_t[]> targets;
        std::unique_ptr<float[]> weights;
    };
    /// Of a region's first pixel in a plane of all slices.
    std::int64_t place(std::size_t image, const Region& region) const {
        const Size3& size = images_[image].size;
        return (region.z * size.height + region.y) * size.width + region.x;
    }

    std::vector<TrainingImage> images_;
    std::vector<Stored> stored_;
};

/// A block is C x 128 x 128 values, then 128 x 128 weights, then as many targets. Blocks at the
/// right and lower borders are as large as others.
class DiskPixels final : public TrainingPixels {
public:
    DiskPixels(const std::vector<TrainingImage>& images, const std::filesystem::path& folder)
        : images_(images), file_(folder) {
        std::int64_t bytes = 0;
        for (const TrainingImage& image : images) {
            first_byte_.push_back(bytes);
            bytes += image.size.depth * blocks(image.size.height) * blocks(image.size.width) *
                     block_bytes(image);
        }
        file_.reserve(bytes);
    }

    void write_image(std::size_t image, const Region& region,
                     std::span<const float> values) override {
        for (std::int64_t c = 0; c < images_[image].channels; ++c)
            write_plane(image, region, c * plane_bytes, values.subspan(c * region.size.elements()));
    }
    void write_targets(std::size_t image, const Region& region,
                       std::span<const std::uint8_t> targets) override {
        write_plane(image, region, targets_at(image), targets);
    }
    void write_weights(std::size_t image, const Region& region,
                       std::span<const float> weights) override {
        write_plane(image, region, weights_at(image), weights);
    }
    void read_targets(std::size_t image, const Region& region,
                      std::span<std::uint8_t> targets) const override {
        std::vector<std::uint8_t> block(block_pixels);
        for_each_block(image, region, [&](const Part& part) {
            file_.read(part.byte + targets_at(image), std::as_writable_bytes(std::span(block)));
            copy_rows(block.data() + part.in_block, block_edge, part.height, part.width,
                      targets.data() + part.in_region, region.size.width);
        });
    }
    SliceView view(std::size_t image, const Region& region, SliceWindow& window) const override {
        const std::int64_t channels = images_[image].channels, pixels = region.size.elements();
        const auto count = static_cast<std::size_t>(pixels);
        window.image.resize(static_cast<std::size_t>(channels) * count);
        window.weights.resize(count);
        window.targets.resize(count);
        std::vector<std::byte>& block = window.block;
        block.resize(block_bytes(images_[image]));
        for_each_block(image, region, [&](const Part& part) {
            file_.read(part.byte, block);
            const auto floats = [&](std::int64_t byte) {
                return reinterpret_cast<const float*>(block.data() + byte) + part.in_block;
            };
            for (std::int64_t c = 0; c < channels; ++c)
                copy_rows(floats(c * plane_bytes), block_edge, part.height, part.width,
                          window.image.data() + c * pixels + part.in_region, region.size.width);
            copy_rows(floats(weights_at(image)), block_edge, part.height, part.width,
                      window.weights.data() + part.in_region, region.size.width);
            copy_rows(reinterpret_cast<const std::uint8_t*>(block.data() + targets_at(image)) +
                          part.in_block,
                      block_edge, part.height, part.width, window.targets.data() + part.in_region,
                      region.size.width);
        });
        SliceView view;
        view.image = window.image.data();
        view.channel_stride = pixels;
        view.targets = window.targets.data();
        view.weights = window.weights.data();
        view.planes = {images_[image].size.height, images_[image].size.width, region.y, region.x,
                       region.size.width};
        return view;
    }
    bool in_memory() const override { return false; }
    std::int64_t bytes() const override { return 0; }

private:
    static constexpr std::int64_t block_pixels = block_edge * block_edge;
    static constexpr auto plane_bytes = block_pixels * static_cast<std::int64_t>(sizeof(float));

    /// What a region and a block share.
    struct Part {
        std::int64_t byte;                 ///< where the block begins
        std::int64_t in_block, in_region;  ///< pixels before the first one, in planes of either
        std::int64_t height, width;
    };

    static std::int64_t blocks(std::int64_t length) {
        return (length + block_edge - 1) / block_edge;
    }
    static std::int64_t block_bytes(const TrainingImage& image) {
        return (image.channels + 1) * plane_bytes + block_pixels;
    }
    std::int64_t weights_at(std::size_t image) const {
        return images_[image].channels * plane_bytes;
    }
    std::int64_t targets_at(std::size_t image) const { return weights_at(image) + plane_bytes; }

    template <class Visit>
    void for_each_block(std::size_t image, const Region& region, Visit visit) const {
        const Size3& size = images_[image].size;
        const std::int64_t bottom = region.y + region.size.height;
        const std::int64_t right = region.x + region.size.width;
        for (std::int64_t j = region.y / block_edge; j * block_edge < bottom; ++j)
            for (std::int64_t i = region.x / block_edge; i * block_edge < right; ++i) {
                const std::int64_t index =
                    (region.z * blocks(size.height) + j) * blocks(size.width) + i;
                const std::int64_t y = std::max(region.y, j * block_edge);
                const std::int64_t x = std::max(region.x, i * block_edge);
                visit(Part{first_byte_[image] + index * block_bytes(images_[image]),
                           (y - j * block_edge) * block_edge + x - i * block_edge,
                           (y - region.y) * region.size.width + x - region.x,
                           std::min(bottom, (j + 1) * block_edge) - y,
                           std::min(right, (i + 1) * block_edge) - x});
            }
    }

    /// Values of a region that begins at a block's first pixel, into the planes that stand so many
    /// bytes behind the blocks' begins.
    template <class Value>
    void write_plane(std::size_t image, const Region& region, std::int64_t at,
                     std::span<const Value> values) {
        std::vector<Value> block(block_pixels);
        for_each_block(image, region, [&](const Part& part) {
            copy_rows(values.data() + part.in_region, region.size.width, part.height, part.width,
                      block.data(), block_edge);
            file_.write(part.byte + at, std::as_bytes(std::span(block)));
        });
    }

    std::vector<TrainingImage> images_;
    std::vector<std::int64_t> first_byte_;
    ScratchFile file_;
};

}  // namespace

std::unique_ptr<TrainingPixels> pixels_in_memory(const std::vector<TrainingImage>& images) {
    return std::make_unique<MemoryPixels>(images);
}

std::unique_ptr<TrainingPixels> pixels_on_disk(const std::vector<TrainingImage>& images,
                                               const std::filesystem::path& folder) {
    return std::make_unique<DiskPixels>(images, folder);
}

}  // namespace unet
