#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "unet/core/image.h"
#include "unet/image/palette.h"
#include "unet/image/region.h"

namespace unet {

class TiffWriter;

/// An image before its pixels are there.
struct FileShape {
    Size3 size{};
    std::int64_t channels = 1;
    SampleType type = SampleType::f32;
    bool rgb = false;
    Spacing spacing{};
    /// Labels (one channel, u16) have a colour table for ImageJ: see label_colour_map. Else empty.
    std::vector<std::uint16_t> colour_map{};
};

/// A TIFF that is written a region at a time and is never in memory as a whole: byte for byte the
/// file of write_image or write_labels. It appears under its name with finish(); without, nothing
/// is left behind.
class ImageFileSink final : public RegionSink {
public:
    /// Throws Error(unsupported) for sizes that TIFF cannot hold, and Error(io).
    ImageFileSink(const std::filesystem::path& path, const FileShape& shape);
    ~ImageFileSink() override;

    /// Throws Error(shape_mismatch) for a region outside, Error(invalid_argument) for a value that
    /// the type cannot hold, Error(io).
    void write(const Region& region, std::span<const float> values) override;
    void finish();

private:
    double displayed_low() const;
    double displayed_high() const;

    std::filesystem::path path_;
    FileShape shape_;
    std::unique_ptr<TiffWriter> writer_;
    std::vector<std::byte> row_;
    float low_, high_;  ///< of all values
};

/// 256 reds, greens and blues that ImageJ spreads over the displayed range: of label 0, 1, ...,
/// from `colours` while they last.
std::vector<std::uint16_t> label_colour_map(std::span<const Colour> colours);

/// What is displayed brightest: up to 255 each label shows its own colour; beyond, 256 colours are
/// spread over all.
double displayed_label(std::uint32_t largest);

}  // namespace unet
