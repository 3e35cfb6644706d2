#include "unet/predict/scaling.h"

#include <algorithm>
#include <span>
#include <vector>

namespace unet::predict {
namespace {

// Values in memory at a time: 4 MB, large enough that a call costs nothing beside its pixels.
constexpr std::int64_t band_values = 1 << 20;

template <class Use>
void for_each_band(RegionSource& source, Use use) {
    const Size3 size = source.size();
    const std::int64_t rows =
        std::clamp<std::int64_t>(band_values / (size.width * source.channels()), 1, size.height);
    std::vector<float> values(static_cast<std::size_t>(source.channels() * rows * size.width));
    for (std::int64_t z = 0; z < size.depth; ++z)
        for (std::int64_t y = 0; y < size.height; y += rows) {
            const Region band{z, y, 0, {1, std::min(rows, size.height - y), size.width}};
            const auto used = static_cast<std::size_t>(source.channels() * band.size.elements());
            source.read(band, std::span(values).first(used));
            use(std::span<const float>(values).first(used));
        }
}

}  // namespace

Scaling scaling_of(RegionSource& source, const Normalisation& rule) {
    if (rule.rule != NormaliseRule::image) {
        Image head;  // the other rules look at type and channels only
        head.type = source.type();
        head.channels = source.channels();
        head.rgb = source.rgb();
        return unet::scaling_of(head, rule);
    }
    const std::size_t groups =
        source.rgb() ? 1 : static_cast<std::size_t>(source.channels());  // colours stay together
    std::vector<ValueCounts> counts(groups);
    for_each_band(source, [&](std::span<const float> values) {
        const std::size_t length = values.size() / groups;
        for (std::size_t group = 0; group < groups; ++group)
            counts[group].add(values.subspan(group * length, length));
    });
    Scaling scaling;
    for (ValueCounts& count : counts) {
        const Scaling one = unet::scaling_of(count);
        scaling.low.push_back(one.low.front());
        scaling.high.push_back(one.high.front());
    }
    return scaling;
}

}  // namespace unet::predict
