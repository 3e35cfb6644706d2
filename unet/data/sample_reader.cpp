#include "unet/data/sample_reader.h"

#include <algorithm>
#include <vector>

#include "unet/core/error.h"
#include "unet/objects/sizes.h"
#include "unet/pixels/colour.h"
#include "unet/pixels/scaling.h"

namespace unet {
namespace {

Region whole(const Sample& sample) { return {0, 0, 0, sample.image.size}; }

std::unique_ptr<FileSource> image_of(const SampleFiles& files, int threads) {
    return std::make_unique<FileSource>(files.image, files.reading, threads);
}

/// `channels` are of images only.
std::unique_ptr<FileSource> labels_of(const SampleFiles& files, int threads) {
    ReadOptions reading = files.reading;
    reading.channels.reset();
    reading.turn = files.label_turn;
    return std::make_unique<FileSource>(files.label, reading, threads, FileUse::labels);
}

}  // namespace

SampleReader::SampleReader(const Sample& sample, int threads) : sample_(sample) {
    if (sample.in_memory()) return;
    image_ = image_of(*sample.files, threads);
    labels_ = labels_of(*sample.files, threads);
}

Region SampleReader::in_files(Region region) const {
    region.z += sample_.begin.z;
    region.y += sample_.begin.y;
    region.x += sample_.begin.x;
    return region;
}

void SampleReader::read(const Region& region, std::span<float> values) {
    if (sample_.in_memory()) return ImageSource(sample_.image).read(region, values);
    if (!image_->rgb() || !sample_.files->grey) return image_->read(in_files(region), values);
    Image colours{region.size, 3, std::move(colours_), image_->type(), {}, true};
    colours.values.resize(3 * values.size());
    image_->read(in_files(region), colours.values);
    const Image grey = to_grey(colours);
    std::copy(grey.values.begin(), grey.values.end(), values.begin());
    colours_ = std::move(colours.values);
}

void SampleReader::read_labels(const Region& region, std::span<std::uint32_t> labels) {
    if (labels_) return labels_->read_labels(in_files(region), labels);
    const LabelMap& map = sample_.labels;
    check_region(region, map.size, 1, labels.size());
    std::uint32_t* target = labels.data();
    for (std::int64_t z = 0; z < region.size.depth; ++z)
        for (std::int64_t y = 0; y < region.size.height; ++y)
            target =
                std::copy_n(map.plane(region.z + z) + (region.y + y) * map.size.width + region.x,
                            region.size.width, target);
}

std::int64_t SampleReader::window_bytes(std::int64_t rows) const {
    return sample_.in_memory() ? 0 : image_->window_bytes(rows) + labels_->window_bytes(rows);
}

Sample described(const Pair& pair, const ReadOptions& reading, int threads) {
    Sample sample{
        .name = pair.name, .group = pair.group, .image = {}, .labels = {}, .part = pair.part};
    const auto files = std::make_shared<SampleFiles>(
        SampleFiles{pair.image, pair.label, reading, false, pair.label_turn});
    const auto image = image_of(*files, threads), labels = labels_of(*files, threads);
    sample.image = {image->size(), image->channels(), {},
                    image->type(), image->spacing(),  image->rgb()};
    sample.labels = {labels->size(), {}, labels->spacing(), labels->label_storage()};
    sample.image.notes = image->notes();
    sample.labels.notes = labels->notes();
    sample.files = files;
    return sample;
}

Sample part_of(const Sample& sample, const Region& region) {
    Sample part{
        .name = sample.name, .group = sample.group, .image = {}, .labels = {}, .part = sample.part};
    const Image& image = sample.image;
    part.image = {region.size, image.channels, {}, image.type, image.spacing, image.rgb};
    part.labels = {region.size, {}, sample.labels.spacing, sample.labels.storage};
    part.files = sample.files;
    part.whole = sample.whole;
    part.begin = {
        sample.begin.z + region.z, sample.begin.y + region.y, sample.begin.x + region.x, {}};
    if (!sample.in_memory()) return part;
    SampleReader reader(sample);
    part.begin = {};
    part.image.values.resize(image.channels * region.size.elements());
    reader.read(region, part.image.values);
    part.labels.values.resize(region.size.elements());
    reader.read_labels(region, part.labels.values);
    return part;
}

Scaling scaling_of(const Sample& sample, const Normalisation& rule, int threads) {
    if (sample.whole && rule.rule == NormaliseRule::image) {
        Scaling scaling = *sample.whole;
        scaling.clip = rule.clip;
        return scaling;
    }
    SampleReader reader(sample, threads);
    return SourceScaling(rule).of(reader);
}

std::vector<Levels> levels_of(const Sample& sample, int threads) {
    SampleReader reader(sample, threads);
    std::vector<Levels> levels = levels_of(reader);
    for (std::size_t c = 0; sample.whole && c < levels.size(); ++c) {
        levels[c].low = sample.whole->low[c];
        levels[c].high = sample.whole->high[c];
    }
    return levels;
}

std::optional<Scaling> numbers_beside_extremes(const Sample& sample) {
    SampleReader reader(sample);
    Normalisation rule;
    rule.clip = far_beyond_ranges;
    const Scaling numbers = SourceScaling(rule).of(reader);
    bool beyond = false;
    std::vector<float> values;
    for_each_band(reader.size(), reader.channels(), band_values, [&](const Region& band) {
        if (beyond) return;
        const auto pixels = static_cast<std::size_t>(band.size.elements());
        values.resize(static_cast<std::size_t>(reader.channels()) * pixels);
        reader.read(band, values);
        for (std::size_t c = 0; c < static_cast<std::size_t>(reader.channels()); ++c) {
            const std::size_t entry = numbers.low.size() == 1 ? 0 : c;
            if (!(numbers.high[entry] > numbers.low[entry])) continue;  // flat: of no range
            const ValueRange limits = limits_of(numbers, c);
            beyond = beyond ||
                     std::any_of(values.begin() + static_cast<std::ptrdiff_t>(c * pixels),
                                 values.begin() + static_cast<std::ptrdiff_t>((c + 1) * pixels),
                                 [&](float value) {
                                     return static_cast<double>(value) < limits.low ||
                                            static_cast<double>(value) > limits.high;
                                 });
        }
    });
    if (!beyond) return {};
    return numbers;
}

Sample loaded(Sample sample, int threads) {
    if (sample.in_memory()) return sample;
    Sample result = sample;
    result.files.reset();
    result.begin = {};
    SampleReader reader(sample, threads);
    result.image.values.resize(sample.image.channels * sample.image.size.elements());
    reader.read(whole(sample), result.image.values);
    result.labels.values.resize(sample.image.size.elements());
    reader.read_labels(whole(sample), result.labels.values);
    return result;
}

std::vector<double> object_diameters(const Sample& sample, int threads) {
    SampleReader reader(sample, threads);
    std::vector<double> diameters;
    std::vector<std::uint32_t> labels;
    ObjectAreas areas;
    for_each_band(reader.size(), 1, band_values, [&](const Region& band) {
        labels.resize(band.size.elements());
        reader.read_labels(band, labels);
        areas.add(labels);
        if (band.y + band.size.height < reader.size().height) return;
        for (const std::int64_t pixels : areas.pixels())
            diameters.push_back(equivalent_diameter(pixels));
        areas.clear();
    });
    return diameters;
}

}  // namespace unet
