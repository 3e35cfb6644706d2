#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "unet/image/read.h"
#include "unet/pixels/region.h"

namespace unet {

class StoredFile;

/// An image file as a source: what is asked for is decoded, and a band of decoded rows is kept, so
/// that an image larger than memory can be predicted from top to bottom. Values and shape are
/// those of read_image. TIFF is decoded by rows (strips) or rows of tiles, OME-Zarr by
/// rows of chunks, NIfTI that is not packed by rows; of PNG, JPEG and .nii.gz, and of ImageJ's raw
/// planes, a whole page is kept.
class FileSource final : public RegionSource {
public:
    /// Throws as read_image. Three colours are looked through for one that differs: of RGB files
    /// that are grey all through, every row is decoded once. Tiles of a TIFF are decoded on so many
    /// threads; 0: all.
    explicit FileSource(const std::filesystem::path& path, const ReadOptions& options = {},
                        int threads = 1, FileUse use = FileUse::image);
    ~FileSource() override;

    Size3 size() const override { return size_; }
    std::int64_t channels() const override { return static_cast<std::int64_t>(channels_.size()); }
    SampleType type() const override { return type_; }
    bool rgb() const override { return rgb_; }
    Spacing spacing() const override { return spacing_; }
    /// Of a stored sample.
    int bits() const;
    /// Of which there are equally many slices each: the depth is times x slices.
    std::int64_t times() const { return times_; }
    /// Fastest slice by slice, from top to bottom. Throws Error(corrupt_file), Error(io),
    /// Error(memory).
    void read(const Region& region, std::span<float> values) override;
    /// The stored label of each pixel of `region`, D, H, W, of a source for labels. Throws as
    /// read_labels for what cannot be labels.
    void read_labels(const Region& region, std::span<std::uint32_t> labels);
    /// How the file holds its values, if they are labels.
    LabelStorage label_storage() const { return storage_; }
    std::int64_t window_bytes(std::int64_t rows) const override;
    /// As Image::notes. Pixels are read until it is known whether transparency that is left out
    /// differs anywhere.
    std::vector<std::string> notes();

private:
    /// `slice` counts through all slices of the file.
    void load(std::int64_t slice, std::int64_t first, std::int64_t rows);
    /// Rows and columns of `region` in a slice of the file, as its slice `z`.
    void read_slice(const Region& region, std::int64_t z, std::int64_t slice,
                    std::span<float> values);
    void read_slice(const Region& region, std::int64_t z, std::int64_t slice,
                    std::span<std::uint32_t> labels);
    /// `channels` planes of what `region` of the turned and picked slices holds.
    template <class Value>
    void read_picked(const Region& region, std::int64_t channels, std::span<Value> values);
    /// The decoded bytes of a row of `region` on a page of channels, whose rows are loaded.
    std::span<const std::byte> row_of(const Region& region, std::int64_t y, std::size_t page) const;
    bool colours_are_equal();
    std::int64_t row_bytes() const;

    /// Decoded rows [first, end) of one slice; one list of bytes for each page of channels.
    struct Window {
        std::int64_t slice = -1, first = 0, end = 0;
        std::vector<std::vector<std::byte>> pages;
    };

    std::filesystem::path path_;
    std::vector<std::string> notes_;  ///< by what the file says
    bool picks_channels_ = false;
    FileUse use_ = FileUse::image;
    LabelStorage storage_ = LabelStorage::integers;
    std::unique_ptr<StoredFile> file_;
    Turn turn_;
    std::vector<std::int64_t> slices_;  ///< picked, of the turned file
    std::vector<std::int64_t> channels_;
    std::vector<std::int64_t> channel_pages_;  ///< that hold channels_, each once
    std::int64_t times_;
    Size3 size_;
    SampleType type_;
    bool rgb_;
    Spacing spacing_;
    Window window_;
};

}  // namespace unet
