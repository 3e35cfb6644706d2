#include "unet/data/training_set.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <span>

#include "unet/core/error.h"
#include "unet/core/math.h"
#include "unet/data/sample_reader.h"
#include "unet/data/training_blocks.h"
#include "unet/pixels/scaling.h"

namespace unet {
namespace {

// Rows of targets that are counted at a time.
constexpr std::int64_t rows_at_a_time = TrainingPixels::block_edge;

/// A description of every image, without the pixels.
std::vector<TrainingImage> images_of(const Dataset& set) {
    std::vector<TrainingImage> images;
    for (const Sample& sample : set.samples)
        images.push_back({sample.name, sample.image.size, sample.image.channels});
    return images;
}

std::vector<Scaling> scalings_of(Context& context, const Dataset& set,
                                 const Normalisation& normalisation) {
    std::vector<Scaling> scalings(set.samples.size());
    for_each_sample(context, set, [&](std::size_t i, int threads) {
        scalings[i] = scaling_of(set.samples[i], normalisation, threads);
    });
    return scalings;
}

}  // namespace

Normalisation default_normalisation(const Dataset& set) {
    Normalisation result;
    result.rule = set.rgb && !set.mixed ? NormaliseRule::range : NormaliseRule::image;
    return result;
}

std::optional<Normalisation> other_normalisation(const Dataset& set) {
    if (set.rgb || set.channels != 1) return {};
    Normalisation result;
    result.rule = NormaliseRule::dataset;
    return result;
}

Normalisation completed(const Normalisation& rule, const Dataset& training) {
    if (rule.rule != NormaliseRule::dataset || !rule.low.empty()) return rule;
    Normalisation result = rule;
    const std::int64_t groups = training.rgb ? 1 : training.channels;
    for (std::int64_t group = 0; group < groups; ++group) {
        ValueCounts counts;
        for (const Sample& sample : training.samples) {
            SampleReader reader(sample);
            std::vector<float> values;
            for_each_band(reader.size(), reader.channels(), band_values, [&](const Region& band) {
                values.resize(reader.channels() * band.size.elements());
                reader.read(band, values);
                const std::size_t count = values.size() / static_cast<std::size_t>(groups);
                counts.add(
                    std::span(values).subspan(static_cast<std::size_t>(group) * count, count));
            });
        }
        const ValueRange range = range_of(counts);
        result.low.push_back(range.low);
        result.high.push_back(range.high);
    }
    return result;
}

TrainingSet::TrainingSet(Context& context, Dataset set, const Normalisation& normalisation,
                         const TargetOptions& options, const std::filesystem::path& folder,
                         double kind_balance)
    : images_(images_of(set)),
      pixels_(set.in_memory() ? pixels_in_memory(images_) : pixels_on_disk(images_, folder)),
      channels_(set.channels),
      rgb_(set.rgb),
      classes_(target_classes(set.meaning, options)) {
    for (std::size_t i = 0; i < images_.size(); ++i)
        for (std::int64_t z = 0; z < images_[i].size.depth; ++z) slices_.emplace_back(i, z);
    const std::vector<Scaling> scalings = scalings_of(context, set, normalisation);
    std::vector<LookSums> looks(images_.size());
    std::mutex looking;
    for_each_block(
        context, set, {.margin = target_margin(set.meaning, options), .values = true},
        [&](TrainingBlock& block) {
            normalise(block.values, images_[block.image].channels, scalings[block.image]);
            pixels_->write_image(block.image, block.region, block.values);
            const auto targets =
                make_targets(block.labels, set.meaning, options, images_[block.image].name);
            const auto inner = block.inner(targets);
            pixels_->write_targets(block.image, block.region, inner);
            if (kind_balance == 0.0) return;
            LookSums sums;
            sums.add(block.values, images_[block.image].channels, rgb_, inner);
            const std::lock_guard lock(looking);
            looks[block.image].add(sums);
        },
        [&](std::size_t i) { set.samples[i].image.values = {}; });
    if (kind_balance > 0.0) index_draws(set, looks, kind_balance);
    index_classes(context);
    if (std::all_of(class_pixels_.begin(), class_pixels_.end(), [](auto n) { return n == 0; }))
        fail(ErrorCode::invalid_argument, "{}: every label pixel is ignored, nothing to train on",
             set.name);
    class_weights_ = options.class_balance
                         ? balanced_weights(class_pixels_)
                         : std::vector<double>(static_cast<std::size_t>(classes_), 1.0);
    std::mutex largest;
    for_each_block(
        context, set, {.margin = weight_margin(set.meaning, options, class_weights_)},
        [&](TrainingBlock& block) {
            const auto targets =
                make_targets(block.labels, set.meaning, options, images_[block.image].name);
            const auto weights = block.inner(
                make_weights(block.labels, targets, set.meaning, options, class_weights_));
            pixels_->write_weights(block.image, block.region, weights);
            const float most = *std::max_element(weights.begin(), weights.end());
            const std::lock_guard lock(largest);
            most_weight_ = std::max(most_weight_, most);
        },
        [&](std::size_t i) { set.samples[i].labels.values = {}; });
}

void TrainingSet::index_classes(Context& context) {
    const auto classes = static_cast<std::size_t>(classes_);
    std::vector<std::vector<std::vector<std::int64_t>>> above(slices_.size());
    parallel_for(context, slices(), [&](std::int64_t s, int) {
        const std::size_t image = slices_[s].first;
        const std::int64_t z = slices_[s].second;
        const Size3 size = size_of_slice(s);
        auto& counts = above[s];
        counts.resize(classes);
        std::vector<std::int64_t> row(256), total(256);
        std::vector<std::uint8_t> targets;
        for_each_band(size, 1, rows_at_a_time * size.width, [&](Region band) {
            band.z = z;
            targets.resize(band.size.elements());
            pixels_->read_targets(image, band, targets);
            for (std::int64_t y = 0; y < band.size.height; ++y) {
                std::fill(row.begin(), row.end(), 0);
                for (std::int64_t x = 0; x < size.width; ++x) ++row[targets[y * size.width + x]];
                for (std::size_t c = 0; c < classes; ++c) {
                    if (row[c] == 0 && counts[c].empty()) continue;
                    if (counts[c].empty()) counts[c].assign(band.y + y, 0);
                    counts[c].push_back(total[c]);
                    total[c] += row[c];
                }
            }
        });
        for (std::size_t c = 0; c < classes; ++c)
            if (!counts[c].empty()) counts[c].push_back(total[c]);
    });
    for (std::size_t c = 0; c < classes; ++c) {
        class_pixels_.push_back(0);
        std::vector<ClassRows> rows;
        for (std::int64_t s = 0; s < slices(); ++s) {
            auto& counts = above[s][c];
            if (counts.empty()) continue;
            class_pixels_.back() += counts.back();
            const std::int64_t own = draws_.empty() ? 1 : draws_[s] - (s > 0 ? draws_[s - 1] : 0);
            rows.push_back({s, std::move(counts), own + (rows.empty() ? 0 : rows.back().draws)});
        }
        if (rows.empty()) continue;
        class_rows_.push_back(std::move(rows));
        occurring_.push_back(static_cast<std::uint8_t>(c));
    }
}

void TrainingSet::index_draws(const Dataset& set, std::span<const LookSums> looks,
                              double kind_balance) {
    std::vector<ImageKind> kinds;
    for (std::size_t i = 0; i < looks.size(); ++i)
        kinds.push_back(
            {looks[i].colour(), looks[i].bright_background(),
             static_cast<int>(std::lround(log_of(set.samples[i].magnification) / log_of(2.0)))});
    const std::vector<std::int64_t> draws = draws_by_kind(kinds, kind_balance);
    std::int64_t sum = 0;
    for (const auto& [image, z] : slices_) draws_.push_back(sum += draws[image]);
    std::sort(kinds.begin(), kinds.end());
    kinds_ = std::unique(kinds.begin(), kinds.end()) - kinds.begin();
}

std::int64_t TrainingSet::draw_slice(Random& random) const {
    if (draws_.empty()) return random.below(slices());
    const std::int64_t at = random.below(draws_.back());
    return std::upper_bound(draws_.begin(), draws_.end(), at) - draws_.begin();
}

TrainingSet::Place TrainingSet::draw_pixel(Random& random) const {
    const auto which =
        static_cast<std::size_t>(random.below(static_cast<std::int64_t>(class_rows_.size())));
    const auto& of_class = class_rows_[which];
    const std::int64_t at = random.below(of_class.back().draws);
    const ClassRows& rows = *std::partition_point(
        of_class.begin(), of_class.end(), [at](const ClassRows& each) { return each.draws <= at; });
    auto rank = random.below(rows.above.back());
    const auto after = std::upper_bound(rows.above.begin(), rows.above.end() - 1, rank);
    const std::int64_t y = after - rows.above.begin() - 1;
    rank -= rows.above[y];
    const auto [image, z] = slices_[rows.slice];
    std::vector<std::uint8_t> row(images_[image].size.width);
    pixels_->read_targets(image, {z, y, 0, {1, 1, std::ssize(row)}}, row);
    std::size_t x = 0;
    while (row[x] != occurring_[which] || rank-- > 0) ++x;
    return {rows.slice, y, static_cast<std::int64_t>(x)};
}

SliceView TrainingSet::slice(std::int64_t index, const Region& region, SliceWindow& window) const {
    const auto [image, z] = slices_[index];
    Region of_image = region;
    of_image.z = z;
    SliceView view = pixels_->view(image, of_image, window);
    view.channels = channels_;
    view.rgb = rgb_;
    if (images_[image].channels == 1) view.channel_stride = 0;
    view.background_weight = static_cast<float>(class_weights_.front());
    return view;
}

SliceView TrainingSet::slice(std::int64_t index) const {
    SliceWindow none;
    return slice(index, {0, 0, 0, size_of_slice(index)}, none);
}

Size3 TrainingSet::size_of_slice(std::int64_t index) const {
    const Size3& size = images_[slices_[index].first].size;
    return {1, size.height, size.width};
}

const std::string& TrainingSet::name_of_slice(std::int64_t index) const {
    return images_[slices_[index].first].name;
}

std::int64_t TrainingSet::bytes() const {
    std::int64_t bytes = pixels_->bytes();
    for (const auto& rows : class_rows_)
        for (const ClassRows& each : rows)
            bytes += std::ssize(each.above) * static_cast<std::int64_t>(sizeof(std::int64_t));
    return bytes;
}

}  // namespace unet
