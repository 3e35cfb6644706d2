#include "unet/pixels/scaling.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace unet {
namespace {

/// Those of `values` that are finite, moved to their begin.
std::span<float> numbers_in(std::span<float> values) {
    const auto end = std::remove_if(values.begin(), values.end(),
                                    [](float value) { return !std::isfinite(value); });
    return {values.begin(), end};
}

}  // namespace

const Scaling& SourceScaling::of(RegionSource& source) {
    if (rule_.rule == NormaliseRule::image) {
        measure(source);
    } else if (type_ != source.type() || channels_ != source.channels()) {
        Image head;  // the other rules look at type and channels only
        head.type = source.type();
        head.channels = source.channels();
        head.rgb = source.rgb();
        scaling_ = scaling_of(head, rule_);
        type_ = head.type;
        channels_ = head.channels;
    }
    return scaling_;
}

std::int64_t SourceScaling::bytes(const RegionSource& source) const {
    if (rule_.rule != NormaliseRule::image) return 0;
    constexpr std::int64_t counted_values = 65536;
    std::int64_t values = 0;
    for_each_band(Size3{1, source.size().height, source.size().width}, source.channels(),
                  band_values, [&](const Region& region) {
                      values = std::max(values, source.channels() * region.size.elements());
                  });
    return values * std::int64_t{sizeof(float)} +
           source.channels() * counted_values * std::int64_t{sizeof(std::int64_t)};
}

void SourceScaling::measure(RegionSource& source) {
    const std::size_t groups =
        source.rgb() ? 1 : static_cast<std::size_t>(source.channels());  // colours stay together
    counts_.resize(groups);
    for (ValueCounts& counts : counts_) counts.clear();
    for_each_band(source.size(), source.channels(), band_values, [&](const Region& region) {
        const auto used = static_cast<std::size_t>(source.channels() * region.size.elements());
        if (band_.size() < used) band_.resize(used);
        const std::span<float> values = std::span(band_).first(used);
        source.read(region, values);
        for (std::size_t group = 0; group < groups; ++group)
            counts_[group].add(numbers_in(values.subspan(group * used / groups, used / groups)));
    });
    scaling_.clip = rule_.clip;
    scaling_.low.resize(groups);
    scaling_.high.resize(groups);
    for (std::size_t group = 0; group < groups; ++group) {
        const ValueRange range = range_of(counts_[group]);
        scaling_.low[group] = range.low;
        scaling_.high[group] = range.high;
    }
}

}  // namespace unet
