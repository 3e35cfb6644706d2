#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "unet/data/sample.h"
#include "unet/image/file_source.h"
#include "unet/pixels/levels.h"
#include "unet/pixels/region.h"

namespace unet {

/// The pixels of a sample, a region at a time, wherever they are; of one on files fastest from top
/// to bottom. As a source it is the sample's image.
class SampleReader final : public RegionSource {
public:
    /// `sample` must outlive it. Tiles are decoded on so many threads. Throws as FileSource.
    explicit SampleReader(const Sample& sample, int threads = 1);

    Size3 size() const override { return sample_.image.size; }
    std::int64_t channels() const override { return sample_.image.channels; }
    SampleType type() const override { return sample_.image.type; }
    bool rgb() const override { return sample_.image.rgb; }
    Spacing spacing() const override { return sample_.image.spacing; }
    /// Throw as FileSource.
    void read(const Region& region, std::span<float> values) override;
    void read_labels(const Region& region, std::span<std::uint32_t> labels);
    /// Of both files.
    std::int64_t window_bytes(std::int64_t rows) const override;

private:
    Region in_files(Region region) const;

    const Sample& sample_;
    std::unique_ptr<FileSource> image_, labels_;
    std::vector<float> colours_;
};

/// A sample on files: sizes, channels and how values are stored; no pixel. Throws as FileSource,
/// and Error(shape_mismatch) if image and labels differ in size.
Sample described(const Pair& pair, const ReadOptions& reading, int threads);

/// A part of a sample: in memory a copy, on files only its place.
Sample part_of(const Sample& sample, const Region& region);

/// What a rule means for a sample: SourceScaling, or what Sample::whole says.
Scaling scaling_of(const Sample& sample, const Normalisation& rule, int threads = 1);

/// levels_of its image, percentiles of the rule `image` as scaling_of takes them.
std::vector<Levels> levels_of(const Sample& sample, int threads = 1);

/// Sample::whole of parts of a sample: nothing where no value lies far beyond all others
/// (far_beyond_ranges).
std::optional<Scaling> numbers_beside_extremes(const Sample& sample);

/// The same with its pixels in memory.
Sample loaded(Sample sample, int threads = 1);

/// Diameters in pixels of the objects of every slice, as equivalent_diameters of its labels.
std::vector<double> object_diameters(const Sample& sample, int threads = 1);

}  // namespace unet
