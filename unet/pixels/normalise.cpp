#include "unet/pixels/normalise.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "unet/core/error.h"

namespace unet {
namespace {

constexpr std::size_t countable = 65536;

bool is_countable(float value) {
    return value >= 0.0f && value < static_cast<float>(countable) &&
           value == static_cast<float>(static_cast<int>(value));
}

/// numpy's: measured from the nearer end, so that it is exact at both.
double interpolate(double a, double b, double t) {
    return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1.0 - t);
}

}  // namespace

void ValueCounts::add(std::span<const float> values) {
    if (counting_) {
        counts_.resize(countable);
        // A value that cannot be counted may come late: check first, count then.
        counting_ = std::all_of(values.begin(), values.end(), is_countable);
        if (!counting_) {
            for (std::size_t value = 0; value < countable; ++value)
                values_.insert(values_.end(), static_cast<std::size_t>(counts_[value]),
                               static_cast<float>(value));
            counts_.clear();
        }
    }
    if (counting_)
        for (const float value : values) ++counts_[value];
    else
        values_.insert(values_.end(), values.begin(), values.end());
    size_ += static_cast<std::int64_t>(values.size());
}

void ValueCounts::clear() {
    counts_.clear();
    values_.clear();
    size_ = 0;
    counting_ = true;
}

double ValueCounts::ranked(std::int64_t rank) {
    if (!counting_) {
        const auto place = values_.begin() + rank;
        std::nth_element(values_.begin(), place, values_.end());
        return *place;
    }
    std::size_t value = 0;
    for (std::int64_t below = counts_[0]; below <= rank; below += counts_[value]) ++value;
    return static_cast<double>(value);
}

std::int64_t ValueCounts::count(double value) const {
    if (!counting_) return std::count(values_.begin(), values_.end(), static_cast<float>(value));
    const auto place = static_cast<float>(value);
    return is_countable(place) && !counts_.empty() ? counts_[static_cast<std::size_t>(place)] : 0;
}

double ValueCounts::percentile(double percent) {
    if (size_ == 0)
        fail(ErrorCode::invalid_argument, "percentile: no values, expected one or more");
    if (!(percent >= 0.0 && percent <= 100.0))
        fail(ErrorCode::invalid_argument, "percentile: found {}, expected 0 to 100", percent);
    const double position = static_cast<double>(size_ - 1) * (percent / 100.0);
    const auto rank = static_cast<std::int64_t>(std::floor(position));
    const double next = ranked(std::min(rank + 1, size_ - 1)), here = ranked(rank);
    return interpolate(here, next, position - static_cast<double>(rank));
}

double percentile(std::span<const float> values, double percent) {
    ValueCounts counts;
    counts.add(values);
    return counts.percentile(percent);
}

ValueRange range_of(ValueCounts& values) {
    double low = values.percentile(low_percent), high = values.percentile(high_percent);
    if (!(high > low)) {
        low = values.percentile(0.0);
        high = values.percentile(100.0);
    }
    return {low, high};
}

Scaling percentile_scaling(const Image& image) {
    const std::int64_t groups = image.rgb ? 1 : image.channels;
    const std::size_t length = image.values.size() / static_cast<std::size_t>(groups);
    Scaling scaling;
    for (std::size_t group = 0; group < static_cast<std::size_t>(groups); ++group) {
        ValueCounts counts;
        counts.add(std::span(image.values).subspan(group * length, length));
        const ValueRange range = range_of(counts);
        scaling.low.push_back(range.low);
        scaling.high.push_back(range.high);
    }
    return scaling;
}

Scaling range_scaling(SampleType type) {
    switch (type) {
        case SampleType::u8:
            return {{0.0}, {255.0}};
        case SampleType::u16:
            return {{0.0}, {65535.0}};
        case SampleType::u32:
            return {{0.0}, {4294967295.0}};
        case SampleType::i8:
            return {{0.0}, {127.0}};
        case SampleType::i16:
            return {{0.0}, {32767.0}};
        case SampleType::i32:
            return {{0.0}, {2147483647.0}};
        case SampleType::f32:
            break;
    }
    return {{0.0}, {1.0}};
}

namespace {

Scaling numbers_of(const Image& image, const Normalisation& rule) {
    switch (rule.rule) {
        case NormaliseRule::image:
            return percentile_scaling(image);
        case NormaliseRule::range:
            return range_scaling(image.type);
        case NormaliseRule::dataset:
        case NormaliseRule::fixed:
            break;
    }
    if (rule.low.empty() || rule.low.size() != rule.high.size())
        fail(ErrorCode::invalid_argument,
             "normalise: found {} low and {} high numbers, expected one of each or one per channel",
             rule.low.size(), rule.high.size());
    if (rule.low.size() != 1 && rule.low.size() != static_cast<std::size_t>(image.channels))
        fail(ErrorCode::shape_mismatch,
             "normalise: the image has {} channel(s), the rule has numbers for {}", image.channels,
             rule.low.size());
    return {rule.low, rule.high};
}

}  // namespace

Scaling scaling_of(const Image& image, const Normalisation& rule) {
    Scaling scaling = numbers_of(image, rule);
    scaling.clip = rule.clip;
    return scaling;
}

void normalise(std::span<float> values, double low, double high, double clip) {
    const double factor = high > low ? 1.0 / (high - low) : 1.0;
    if (clip > 0.0)
        for (float& value : values)
            value = static_cast<float>(
                std::clamp((static_cast<double>(value) - low) * factor, -clip, 1.0 + clip));
    else
        for (float& value : values)
            value = static_cast<float>((static_cast<double>(value) - low) * factor);
}

void normalise(std::span<float> values, std::int64_t channels, const Scaling& scaling) {
    const auto count = static_cast<std::size_t>(channels);
    if (scaling.low.size() != scaling.high.size() ||
        (scaling.low.size() != 1 && scaling.low.size() != count))
        fail(ErrorCode::shape_mismatch,
             "normalise: the image has {} channel(s), found {} low and {} high numbers", channels,
             scaling.low.size(), scaling.high.size());
    const std::size_t length = values.size() / count;
    for (std::size_t c = 0; c < count; ++c) {
        const std::size_t entry = scaling.low.size() == 1 ? 0 : c;
        normalise(values.subspan(c * length, length), scaling.low[entry], scaling.high[entry],
                  scaling.clip);
    }
}

void normalise(Image& image, const Scaling& scaling) {
    normalise(image.values, image.channels, scaling);
}

ValueRange limits_of(const Scaling& scaling, std::size_t channel) {
    constexpr double most = std::numeric_limits<float>::max();
    if (scaling.clip <= 0.0) return {-most, most};
    const std::size_t entry = scaling.low.size() == 1 ? 0 : channel;
    const double low = scaling.low[entry], high = scaling.high[entry];
    const double span = high > low ? high - low : 1.0;
    return {std::max(low - scaling.clip * span, -most),
            std::min(low + (1.0 + scaling.clip) * span, most)};
}

void check_finite(const Image& image, std::string_view where) {
    const auto bad = [](float value) { return !std::isfinite(value); };
    const auto first = std::find_if(image.values.begin(), image.values.end(), bad);
    if (first == image.values.end()) return;
    const auto count = std::count_if(first, image.values.end(), bad);
    const std::int64_t index = first - image.values.begin(), width = image.size.width;
    const std::int64_t row = index / width % image.size.height;
    const std::int64_t page = index / (width * image.size.height) % image.size.depth;
    fail(ErrorCode::unsupported,
         "'{}': {} value(s) are not finite, the first is {} in channel {}, page {}, row {}, column "
         "{}; expected numbers: replace them, for example by the background value",
         where, count, *first, index / image.size.elements(), page, row, index % width);
}

}  // namespace unet
