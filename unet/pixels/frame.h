#pragma once

#include <cstddef>
#include <cstdint>

#include "unet/pixels/region.h"

namespace unet {

/// An image in memory that belongs to somebody else, as cameras and other libraries hold it.
struct FrameView {
    const void* data = nullptr;  ///< first sample of the first pixel of the first row
    SampleType type = SampleType::u8;
    std::int64_t height = 0, width = 0, channels = 1;
    bool rgb = false;  ///< the three channels are red, green, blue
    // Distances in bytes; 0: as samples without a gap lie, channels of a pixel side by side.
    std::ptrdiff_t row_stride = 0;      ///< negative for an image stored from its last row up
    std::ptrdiff_t pixel_stride = 0;    ///< 4 for red, green, blue of RGBX bytes
    std::ptrdiff_t channel_stride = 0;  ///< planes: their distance; pixel_stride is then a sample's
};

/// Such an image as a source; nothing is copied but what is read. Its memory must outlive it and
/// may hold another image at the next prediction.
class FrameSource final : public RegionSource {
public:
    /// Throws Error(invalid_argument) without data or for sizes below 1.
    explicit FrameSource(const FrameView& frame);

    Size3 size() const override { return {1, frame_.height, frame_.width}; }
    std::int64_t channels() const override { return frame_.channels; }
    SampleType type() const override { return frame_.type; }
    bool rgb() const override { return frame_.rgb; }
    Spacing spacing() const override { return {}; }
    void read(const Region& region, std::span<float> values) override;

private:
    FrameView frame_;
};

}  // namespace unet
