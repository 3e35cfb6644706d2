#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "unet/core/image.h"
#include "unet/pixels/palette.h"
#include "unet/pixels/region.h"

namespace unet {

struct Format;

/// An image before its pixels are there.
struct FileShape {
    Size3 size{};
    std::int64_t channels = 1;
    SampleType type = SampleType::f32;
    bool rgb = false;
    Spacing spacing{};
    /// Labels (one channel) have a colour table for ImageJ: see label_colour_map. Else empty.
    std::vector<std::uint16_t> colour_map{};
    /// Values are stored multiplied by this and rounded, where it is not 1: 255 for probabilities.
    /// Only in u8.
    double factor = 1.0;
    std::int64_t times = 1;                    ///< slices of all times are the depth
    bool labels = false;                       ///< whole numbers that stand for something
    std::string name{"image"};                 ///< of what it shows: "objects", "probabilities"
    std::vector<std::string> channel_names{};  ///< of all channels, or none
    std::vector<Colour> colours{};             ///< of labels or channels 0, 1, ..., or none
    /// The NIfTI file whose place in space a NIfTI has; empty: only `spacing` is known.
    std::filesystem::path geometry_of{};
    std::int64_t chunk = 512;  ///< edge of the squares in which OME-TIFF and OME-Zarr store
};

/// A file that is written a region at a time, in any order. It appears under its name with
/// finish(); without, nothing is left behind. Equal pixels give equal bytes, however they were cut
/// and on however many threads they were packed.
class FileSink : public RegionSink {
public:
    /// Throws Error(shape_mismatch) for a region outside, Error(invalid_argument) for a value that
    /// the type cannot hold, Error(io).
    void write(const Region& region, std::span<const float> values) override;
    /// Throws as write().
    void write_labels(const Region& region, std::span<const std::uint32_t> labels) override;
    std::int64_t window_bytes(const Size3& region) const override;
    virtual void finish() = 0;

protected:
    FileSink(const Format& format, std::filesystem::path path, FileShape shape, int threads = 1);

    /// Little-endian samples of one channel, some rows of one slice.
    virtual void put(const Region& region, std::int64_t channel,
                     std::span<const std::byte> samples) = 0;
    /// All of a region was put: what is complete now may be packed and stored.
    virtual void store_complete() {}

    /// Takes values into low() and high().
    void note(std::span<const float> values);

    const std::filesystem::path& path() const noexcept { return path_; }
    const FileShape& shape() const noexcept { return shape_; }
    std::int64_t sample_bytes() const noexcept { return sample_bytes_; }
    /// Of what was written as it is, not multiplied; low() is above high() where that is nothing.
    double low() const noexcept { return low_; }
    double high() const noexcept { return high_; }

private:
    void write_rows(const Region& rows, std::int64_t channel, const float* values);
    void write_rows(const Region& rows, std::span<const std::uint32_t> labels);

    const Format& format_;
    std::filesystem::path path_;
    FileShape shape_;
    int threads_;
    std::int64_t sample_bytes_;
    double low_, high_;
    std::vector<std::byte> bytes_;
};

}  // namespace unet
