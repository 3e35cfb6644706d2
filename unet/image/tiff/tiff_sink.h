#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "unet/image/file_sink.h"
#include "unet/pixels/palette.h"

namespace unet {

class TiffWriter;

/// A TIFF that is written a region at a time and is never in memory as a whole: byte for byte the
/// file of write_image or write_labels. It appears under its name with finish(); without, nothing
/// is left behind.
class TiffSink final : public FileSink {
public:
    /// Throws Error(unsupported) for sizes that TIFF cannot hold, and Error(io).
    TiffSink(const std::filesystem::path& path, const FileShape& shape);
    ~TiffSink() override;

    void write(const Region& region, std::span<const float> values) override;
    void finish() override;

private:
    void put(const Region& region, std::int64_t channel,
             std::span<const std::byte> samples) override;
    double displayed_low() const;
    double displayed_high() const;

    std::unique_ptr<TiffWriter> writer_;
    std::vector<std::byte> row_;  ///< of red, green, blue
};

/// 256 reds, greens and blues that ImageJ spreads over the displayed range: of label 0, 1, ...,
/// from `colours` while they last.
std::vector<std::uint16_t> label_colour_map(std::span<const Colour> colours);

/// What is displayed brightest: up to 255 each label shows its own colour; beyond, 256 colours are
/// spread over all.
double displayed_label(std::uint32_t largest);

}  // namespace unet
