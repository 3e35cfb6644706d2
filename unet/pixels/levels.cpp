#include "unet/pixels/levels.h"

#include <algorithm>

namespace unet {
namespace {

constexpr std::int64_t most_values = 1 << 20;

void widen(Interval& interval, double value, bool first) {
    interval.least = first ? value : std::min(interval.least, value);
    interval.most = first ? value : std::max(interval.most, value);
}

Levels levels_of(ValueCounts& counts) {
    Levels levels{counts.percentile(0.0), counts.percentile(low_percent), counts.percentile(50.0),
                  counts.percentile(high_percent), counts.percentile(100.0)};
    levels.inside = {levels.low, levels.high};
    const auto below = static_cast<double>(counts.count(levels.least));
    const auto last = static_cast<double>(counts.size() - 1 - counts.count(levels.most));
    if (last <= below) return levels;  // nothing lies between
    const auto percentile = [&](double percent) {
        const double rank = below + percent / 100.0 * (last - below);
        return counts.percentile(100.0 * rank / static_cast<double>(counts.size() - 1));
    };
    levels.inside = {percentile(low_percent), percentile(high_percent)};
    return levels;
}

}  // namespace

std::vector<Levels> levels_of(RegionSource& source) {
    const Size3 size = source.size();
    const std::int64_t row = source.channels() * size.width, rows = size.depth * size.height;
    const std::int64_t step =
        std::max<std::int64_t>(1, (rows * row + most_values - 1) / most_values);
    const std::size_t groups = source.rgb() ? 1 : static_cast<std::size_t>(source.channels());
    std::vector<ValueCounts> counts(groups);
    std::vector<float> values(row);
    for (std::int64_t at = step / 2; at < rows; at += step) {
        source.read({at / size.height, at % size.height, 0, {1, 1, size.width}}, values);
        const std::size_t length = values.size() / groups;
        for (std::size_t group = 0; group < groups; ++group)
            counts[group].add(std::span<const float>(values).subspan(group * length, length));
    }
    std::vector<Levels> levels;
    for (ValueCounts& count : counts) levels.push_back(levels_of(count));
    return levels;
}

SeenLevels normalised(const Levels& levels, const Scaling& scaling, std::size_t channel) {
    const std::size_t entry = scaling.low.size() == 1 ? 0 : channel;
    const double low = scaling.low[entry], high = scaling.high[entry];
    const double factor = high > low ? 1.0 / (high - low) : 1.0;
    return {(levels.high - levels.low) * factor, (levels.median - low) * factor};
}

void add_image(Intensities& seen, const std::vector<Levels>& levels, const Scaling& scaling,
               SampleType type) {
    if (std::any_of(levels.begin(), levels.end(), [](const Levels& l) { return l.constant(); }))
        return;
    const bool first = seen.channels.empty();
    if (first)
        seen.type = type;
    else if (seen.type != type)
        seen.type.reset();
    seen.channels.resize(levels.size());
    for (std::size_t c = 0; c < levels.size(); ++c) {
        const SeenLevels now = normalised(levels[c], scaling, c);
        widen(seen.channels[c].contrast, now.contrast, first);
        widen(seen.channels[c].median, now.median, first);
        widen(seen.channels[c].stored_contrast, levels[c].high - levels[c].low, first);
    }
}

double suiting_clip(const Intensities& seen) {
    const bool beyond =
        std::any_of(seen.channels.begin(), seen.channels.end(), [](const ChannelIntensities& c) {
            return c.median.least - c.contrast.most < -usual_clip ||
                   c.median.most + c.contrast.most > 1.0 + usual_clip;
        });
    return beyond ? 0.0 : usual_clip;
}

}  // namespace unet
