#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "unet/core/image.h"

namespace unet {

/// Pixels that can be read a region at a time. A whole image in memory is one implementation; files
/// larger than memory are others. Values as stored in the file.
class RegionSource {
public:
    virtual ~RegionSource() = default;
    virtual Size3 size() const = 0;
    virtual std::int64_t channels() const = 0;
    virtual SampleType type() const = 0;
    virtual bool rgb() const = 0;
    virtual Spacing spacing() const = 0;
    /// Planar C, D, H, W values of `region`, which lies inside the image.
    virtual void read(const Region& region, std::span<float> values) = 0;
    /// Bytes that the source itself takes while regions of `rows` rows are read; 0 where nothing
    /// depends on them.
    virtual std::int64_t window_bytes(std::int64_t rows) const {
        static_cast<void>(rows);
        return 0;
    }
};

/// What a sink keeps in memory, asked before there is one.
class Footprint {
public:
    virtual ~Footprint() = default;
    /// Bytes that are kept while regions of at most this size come in raster order; 0 where nothing
    /// depends on them.
    virtual std::int64_t window_bytes(const Size3& region) const {
        static_cast<void>(region);
        return 0;
    }
};

/// Where predicted pixels go, a region at a time, in any order; regions never overlap.
class RegionSink : public Footprint {
public:
    /// Planar C, D, H, W values of `region`: one channel for labels, one per class otherwise.
    virtual void write(const Region& region, std::span<const float> values) = 0;
    /// Labels of `region`, one channel. Here they are written as floats, and Error(unsupported) is
    /// thrown for one above 2^24, which floats do not tell from the next.
    virtual void write_labels(const Region& region, std::span<const std::uint32_t> labels);
};

/// Takes everything and keeps nothing.
class NullSink final : public RegionSink {
public:
    void write(const Region&, std::span<const float>) override {}
};

/// What sources and sinks check: throws Error(shape_mismatch) unless `region` lies inside an image
/// of `size` and there are `values` for all its channels.
void check_region(const Region& region, const Size3& size, std::int64_t channels,
                  std::size_t values);

/// Copies height x width values between planes whose rows are so far apart.
template <class Value>
void copy_rows(const Value* from, std::int64_t from_stride, std::int64_t height, std::int64_t width,
               Value* to, std::int64_t to_stride) {
    for (std::int64_t y = 0; y < height; ++y)
        std::copy_n(from + y * from_stride, width, to + y * to_stride);
}

/// Cuts an image into bands of whole rows, each of at most `values` values where a pixel has
/// `per_pixel` of them (or one row), slice by slice and from top to bottom.
template <class Visit>
void for_each_band(const Size3& size, std::int64_t per_pixel, std::int64_t values, Visit visit) {
    const std::int64_t rows =
        std::clamp<std::int64_t>(values / (size.width * per_pixel), 1, size.height);
    for (std::int64_t z = 0; z < size.depth; ++z)
        for (std::int64_t y = 0; y < size.height; y += rows)
            visit(Region{z, y, 0, {1, std::min(rows, size.height - y), size.width}});
}

/// The whole image in memory as a source; `image` must outlive it.
class ImageSource final : public RegionSource {
public:
    explicit ImageSource(const Image& image) : image_(image) {}
    Size3 size() const override { return image_.size; }
    std::int64_t channels() const override { return image_.channels; }
    SampleType type() const override { return image_.type; }
    bool rgb() const override { return image_.rgb; }
    Spacing spacing() const override { return image_.spacing; }
    void read(const Region& region, std::span<float> values) override;

private:
    const Image& image_;
};

/// The whole result in memory: resized to the given size and channels on construction.
class ImageSink final : public RegionSink {
public:
    ImageSink(Image& image, std::int64_t channels, const Size3& size);
    void write(const Region& region, std::span<const float> values) override;

private:
    Image& image_;
};

/// Class indices or ids in the caller's memory, D, H, W.
class LabelSink final : public RegionSink {
public:
    /// Throws Error(shape_mismatch) unless there is one label for each pixel of `size`.
    LabelSink(std::span<std::uint32_t> labels, const Size3& size);
    void write(const Region& region, std::span<const float> values) override;
    void write_labels(const Region& region, std::span<const std::uint32_t> labels) override;

private:
    std::span<std::uint32_t> labels_;
    Size3 size_;
};

}  // namespace unet
