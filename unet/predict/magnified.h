#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "unet/core/context.h"
#include "unet/pixels/region.h"
#include "unet/pixels/resize.h"

namespace unet::predict {

/// An image in another size, cubic. Any region has the values that it has in the whole.
class MagnifiedSource final : public RegionSource {
public:
    /// `context` and `source` must outlive this.
    MagnifiedSource(Context& context, RegionSource& source, const Size3& size);

    Size3 size() const override { return size_; }
    std::int64_t channels() const override { return source_.channels(); }
    SampleType type() const override { return source_.type(); }
    bool rgb() const override { return source_.rgb(); }
    Spacing spacing() const override { return source_.spacing(); }
    void read(const Region& region, std::span<float> values) override;
    std::int64_t window_bytes(std::int64_t rows) const override {
        return bytes(source_, size_, rows);
    }
    /// The same of a source that is only asked.
    static std::int64_t bytes(const RegionSource& source, const Size3& size, std::int64_t rows);

private:
    void read_band(const Region& band, float* values, std::int64_t channel_stride);

    Context& context_;
    RegionSource& source_;
    Size3 size_;
    AxisResize rows_, columns_;
    std::vector<float> pixels_, lines_;
};

/// What a MagnifiedSink from images of size `from` with `channels` to images of size `to` keeps,
/// and the sink that it writes to, which must outlive this.
class MagnifiedFootprint final : public Footprint {
public:
    MagnifiedFootprint(const Footprint& sink, const Size3& from, const Size3& to,
                       std::int64_t channels)
        : sink_(sink), from_(from), to_(to), channels_(channels) {}
    std::int64_t window_bytes(const Size3& core) const override;

private:
    const Footprint& sink_;
    Size3 from_, to_;
    std::int64_t channels_;
};

/// Takes what is predicted for a magnified image, in tiles a slice deep from left to right and
/// top to bottom, and writes it in the image's own size, linear, as bands of whole rows.
class MagnifiedSink final : public RegionSink {
public:
    /// What becomes of the resized channels of a row, such as class labels in the place of the
    /// first; `channels` are left.
    struct Finish {
        std::function<void(float* row, std::int64_t channel_stride)> row;
        std::int64_t channels = 1;
    };

    /// From images of size `from` with `channels` to images of size `to`. `context` and `sink`
    /// must outlive this.
    MagnifiedSink(Context& context, RegionSink& sink, const Size3& from, const Size3& to,
                  std::int64_t channels, std::optional<Finish> finish);

    void write(const Region& region, std::span<const float> values) override;
    std::int64_t window_bytes(const Size3& core) const override {
        return MagnifiedFootprint(sink_, from_, to_, channels_).window_bytes(core);
    }

private:
    float* row_of(std::int64_t channel, std::int64_t y);
    void make_room(const Region& region);
    void write_rows(std::int64_t z, bool all);
    void write_band(std::int64_t z, std::int64_t y, std::int64_t rows);

    Context& context_;
    RegionSink& sink_;
    Size3 from_, to_;
    std::int64_t channels_;
    std::optional<Finish> finish_;
    AxisResize rows_, columns_;
    /// Rows first_ .. first_ + kept_ - 1, each channel's in one piece of `room_` rows.
    std::vector<float> held_;
    std::int64_t first_ = 0, kept_ = 0, room_ = 0;
    std::int64_t next_ = 0;  ///< row of the result
    std::vector<float> lines_, made_;
};

}  // namespace unet::predict
