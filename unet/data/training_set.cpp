#include "unet/data/training_set.h"

#include <algorithm>

#include "unet/core/error.h"
#include "unet/image/normalise.h"

namespace unet {
namespace {

/// Pixels of each class, of all images together.
std::vector<std::int64_t> count_classes(const std::vector<TrainingImage>& images,
                                        std::int64_t classes) {
    std::vector<std::int64_t> counts(256);
    for (const TrainingImage& image : images)
        for (const std::uint8_t target : image.targets) ++counts[target];
    counts.resize(static_cast<std::size_t>(classes));
    return counts;
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
            const std::size_t all = sample.image.values.size();
            const std::size_t count = all / static_cast<std::size_t>(groups);
            counts.add(
                {sample.image.values.data() + static_cast<std::size_t>(group) * count, count});
        }
        const ValueRange range = range_of(counts);
        result.low.push_back(range.low);
        result.high.push_back(range.high);
    }
    return result;
}

TrainingSet::TrainingSet(Context& context, Dataset set, const Normalisation& normalisation,
                         const TargetOptions& options)
    : images_(set.samples.size()), channels_(set.channels), classes_(set.meaning.classes()) {
    const auto count = static_cast<std::int64_t>(images_.size());
    parallel_for(context, count, [&](std::int64_t i, int) {
        Sample& sample = set.samples[static_cast<std::size_t>(i)];
        TrainingImage& image = images_[static_cast<std::size_t>(i)];
        normalise(sample.image, scaling_of(sample.image, normalisation));
        image.name = sample.name;
        image.size = sample.image.size;
        image.channels = sample.image.channels;
        image.image = std::move(sample.image.values);
        image.targets = make_targets(sample.labels, set.meaning, sample.name);
    });
    class_pixels_ = count_classes(images_, classes_);
    if (std::all_of(class_pixels_.begin(), class_pixels_.end(), [](auto n) { return n == 0; }))
        fail(ErrorCode::invalid_argument, "{}: every label pixel is ignored, nothing to train on",
             set.name);
    class_weights_ = options.class_balance
                         ? balanced_weights(class_pixels_)
                         : std::vector<double>(static_cast<std::size_t>(classes_), 1.0);
    parallel_for(context, count, [&](std::int64_t i, int) {
        LabelMap labels = std::move(set.samples[static_cast<std::size_t>(i)].labels);
        TrainingImage& image = images_[static_cast<std::size_t>(i)];
        image.weights = make_weights(labels, image.targets, set.meaning, options, class_weights_);
    });
    for (std::size_t i = 0; i < images_.size(); ++i)
        for (std::int64_t z = 0; z < images_[i].size.depth; ++z) slices_.emplace_back(i, z);
    index_classes(context);
}

void TrainingSet::index_classes(Context& context) {
    std::vector<std::vector<std::vector<std::uint32_t>>> above(slices_.size());
    parallel_for(context, slices(), [&](std::int64_t s, int) {
        const SliceView view = slice(s);
        auto& counts = above[static_cast<std::size_t>(s)];
        counts.resize(static_cast<std::size_t>(classes_));
        std::vector<std::uint32_t> row(256), total(256);
        for (std::int64_t y = 0; y < view.height; ++y) {
            std::fill(row.begin(), row.end(), 0u);
            for (std::int64_t x = 0; x < view.width; ++x) ++row[view.targets[y * view.width + x]];
            for (std::size_t c = 0; c < counts.size(); ++c) {
                if (row[c] == 0 && counts[c].empty()) continue;
                if (counts[c].empty()) counts[c].assign(static_cast<std::size_t>(y), 0u);
                counts[c].push_back(total[c]);
                total[c] += row[c];
            }
        }
        for (std::size_t c = 0; c < counts.size(); ++c)
            if (!counts[c].empty()) counts[c].push_back(total[c]);
    });
    for (std::int64_t c = 0; c < classes_; ++c) {
        std::vector<ClassRows> rows;
        for (std::int64_t s = 0; s < slices(); ++s) {
            auto& counts = above[static_cast<std::size_t>(s)][static_cast<std::size_t>(c)];
            if (!counts.empty()) rows.push_back({s, std::move(counts)});
        }
        if (rows.empty()) continue;
        class_rows_.push_back(std::move(rows));
        occurring_.push_back(static_cast<std::uint8_t>(c));
    }
}

TrainingSet::Place TrainingSet::draw_pixel(Random& random) const {
    const auto pick = [&](std::size_t count) {
        return static_cast<std::size_t>(random.below(static_cast<std::int64_t>(count)));
    };
    const std::size_t which = pick(class_rows_.size());
    const ClassRows& rows = class_rows_[which][pick(class_rows_[which].size())];
    auto rank = static_cast<std::uint32_t>(pick(rows.above.back()));
    const auto after = std::upper_bound(rows.above.begin(), rows.above.end() - 1, rank);
    const std::int64_t y = after - rows.above.begin() - 1;
    rank -= rows.above[static_cast<std::size_t>(y)];
    const SliceView view = slice(rows.slice);
    const std::uint8_t* row = view.targets + y * view.width;
    std::int64_t x = 0;
    while (row[x] != occurring_[which] || rank-- > 0) ++x;
    return {rows.slice, y, x};
}

SliceView TrainingSet::slice(std::int64_t index) const {
    const auto [which, z] = slices_[static_cast<std::size_t>(index)];
    const TrainingImage& image = images_[which];
    const std::int64_t plane = image.size.height * image.size.width, start = z * plane;
    return {image.image.data() + start,
            channels_,
            image.channels == 1 ? 0 : image.size.depth * plane,
            image.targets.data() + start,
            image.weights.data() + start,
            image.size.height,
            image.size.width,
            static_cast<float>(class_weights_.front())};
}

const std::string& TrainingSet::name_of_slice(std::int64_t index) const {
    return images_[slices_[static_cast<std::size_t>(index)].first].name;
}

std::int64_t TrainingSet::bytes() const {
    std::size_t bytes = 0;
    for (const TrainingImage& image : images_)
        bytes += (image.image.size() + image.weights.size()) * sizeof(float) + image.targets.size();
    for (const auto& rows : class_rows_)
        for (const ClassRows& each : rows) bytes += each.above.size() * sizeof(std::uint32_t);
    return static_cast<std::int64_t>(bytes);
}

}  // namespace unet
