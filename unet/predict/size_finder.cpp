#include "unet/predict/size_finder.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "unet/objects/sizes.h"
#include "unet/predict/magnification.h"
#include "unet/predict/magnified.h"
#include "unet/predict/objects.h"

namespace unet::predict {
namespace {

// Chosen on dsb2018/val and test with the model `nuclei` (docs/design.md, objects of another size);
// what is reached hardly depends on them.
constexpr double scales[] = {1.0 / 16, 1.0 / 8, 1.0 / 4, 1.0 / 2, 1.0, 2.0, 4.0};
constexpr std::int64_t several = 2;    ///< a single blob may be anything
constexpr double agreement = 1.5;      ///< of diameters in two looks, one after the other
constexpr double equally_sure = 1.15;  ///< looks with so many times more unsure pixels
constexpr double few_unsure = 0.5, large_enough = 0.6, most_unsure = 1.0;
constexpr std::int64_t least_edge = 24;  ///< of an image that is looked at, in pixels as shown

constexpr std::int64_t window_edge = 256, window_pixels = window_edge * window_edge;
constexpr double share = 0.04;  ///< of the image's pixels, in each look
constexpr std::int64_t most_windows = 16;
constexpr std::int64_t most_cells = 8;   ///< on each axis, of which windows are chosen
constexpr std::int64_t most_slices = 3;  ///< of a stack
constexpr std::int64_t sample_edge = 64;

/// A part of an image.
class WindowSource final : public RegionSource {
public:
    WindowSource(RegionSource& source, const Region& window) : source_(source), window_(window) {}
    Size3 size() const override { return window_.size; }
    std::int64_t channels() const override { return source_.channels(); }
    SampleType type() const override { return source_.type(); }
    bool rgb() const override { return source_.rgb(); }
    Spacing spacing() const override { return source_.spacing(); }
    void read(const Region& region, std::span<float> values) override {
        source_.read(
            {window_.z + region.z, window_.y + region.y, window_.x + region.x, region.size},
            values);
    }

    std::int64_t window_bytes(std::int64_t rows) const override {
        return source_.window_bytes(rows);
    }

private:
    RegionSource& source_;
    Region window_;
};

/// So many bytes, whatever the tiles.
class FixedFootprint final : public Footprint {
public:
    explicit FixedFootprint(std::int64_t bytes) : bytes_(bytes) {}
    std::int64_t window_bytes(const Size3&) const override { return bytes_; }

private:
    std::int64_t bytes_;
};

bool counts(const std::vector<SizeLook>& looks, std::size_t i) {
    if (i == 0 || looks[i].objects < several || looks[i - 1].objects == 0) return false;
    const double ratio =
        (looks[i].diameter / looks[i].scale) / (looks[i - 1].diameter / looks[i - 1].scale);
    return ratio <= agreement && ratio >= 1.0 / agreement;
}

/// The `i`-th of `count` places that are spread evenly over `length`.
std::int64_t spread(std::int64_t i, std::int64_t count, std::int64_t length) {
    return (2 * i + 1) * length / (2 * count);
}

/// Of `length` pixels, those that a window of `edge` about `middle` has: first and how many.
std::pair<std::int64_t, std::int64_t> around(std::int64_t middle, std::int64_t edge,
                                             std::int64_t length) {
    const std::int64_t count = std::min(edge, length);
    return {std::clamp<std::int64_t>(middle - count / 2, 0, length - count), count};
}

/// Standard deviation of normalised values, which end at 0 and 1, the mean over channels.
double spread_of(std::span<const float> values, std::int64_t channels, const Scaling& numbers) {
    double sum_of_all = 0.0;
    const std::size_t pixels = values.size() / static_cast<std::size_t>(channels);
    for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c) {
        const std::size_t entry = numbers.low.size() == 1 ? 0 : c;
        const double low = numbers.low[entry], span = numbers.high[entry] - low;
        double sum = 0.0, squares = 0.0;
        for (const float value : values.subspan(c * pixels, pixels)) {
            const double v = span > 0.0 ? std::clamp((value - low) / span, 0.0, 1.0) : 0.0;
            sum += v;
            squares += v * v;
        }
        const double mean = sum / static_cast<double>(pixels);
        sum_of_all += std::sqrt(std::max(0.0, squares / static_cast<double>(pixels) - mean * mean));
    }
    return sum_of_all / static_cast<double>(channels);
}

PredictOptions plain(const PredictOptions& options) {
    PredictOptions result;
    result.exact = options.exact;
    result.precision = options.precision;
    result.cancelled = options.cancelled;
    return result;
}

double median_of(std::vector<double>& values) {
    const auto middle = values.begin() + std::ssize(values) / 2;
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

double diameter_of(const std::vector<SizeLook>& looks) {
    std::vector<const SizeLook*> counted;
    for (std::size_t i = 0; i < looks.size(); ++i)
        if (counts(looks, i) && looks[i].unsure <= most_unsure) counted.push_back(&looks[i]);
    if (counted.empty()) return 0.0;
    const auto surest =
        std::min_element(counted.begin(), counted.end(),
                         [](const auto* a, const auto* b) { return a->unsure < b->unsure; });
    const double most = (*surest)->unsure * equally_sure;
    const auto chosen = std::find_if(counted.begin(), counted.end(),
                                     [&](const auto* look) { return look->unsure <= most; });
    return (*chosen)->diameter / (*chosen)->scale;
}

bool settled(const std::vector<SizeLook>& looks, double trained) {
    return counts(looks, looks.size() - 1) && looks.back().unsure <= few_unsure &&
           looks.back().diameter >= large_enough * trained;
}

SizeFinder::SizeFinder(std::shared_ptr<const PreparedModel> prepared, const PredictOptions& options,
                       Context& context, std::int64_t memory)
    : info_(prepared->model().info),
      classes_(prepared->model().network.classes),
      context_(context),
      options_(plain(options)),
      tiles_(std::move(prepared), options_, context) {
    tiles_.planner().set_limit(memory);
}

std::int64_t SizeFinder::held_bytes() const {
    const std::int64_t pixel_bytes = classes_ * static_cast<std::int64_t>(sizeof(float)) +
                                     2 * static_cast<std::int64_t>(sizeof(std::uint32_t));
    return window_pixels * pixel_bytes +
           ObjectFinder::bytes({1, window_edge, window_edge}, rule_of(info_));
}

std::int64_t SizeFinder::least_bytes(const RegionSource& source) const {
    std::int64_t most = 0;
    for (const double scale : scales) {
        const Size3 shown = Magnification{scale, scale}.size_of(source.size());
        const std::int64_t reading = scale == 1.0
                                         ? source.window_bytes(window_edge)
                                         : MagnifiedSource::bytes(source, shown, window_edge);
        const Size3 window{1, std::min(window_edge, shown.height),
                           std::min(window_edge, shown.width)};
        most = std::max(most, tiles_.planner().least_bytes({window}, PredictionKind::probabilities,
                                                           FixedFootprint(held_bytes() + reading)));
    }
    return most;
}

double SizeFinder::diameter(RegionSource& source, const Scaling& numbers) {
    const Size3 own = source.size();
    places_ = places_in(source, numbers);
    std::vector<SizeLook> looks;
    for (const double scale : scales) {
        const Size3 shown = Magnification{scale, scale}.size_of(own);
        if (scale < 1.0 && std::max(shown.height, shown.width) < least_edge) continue;
        looks.push_back(look(source, numbers, scale));
        if (settled(looks, info_.object_size)) break;
    }
    return diameter_of(looks);
}

/// Where windows may lie, those first that are looked at first: of the half of all cells whose grey
/// values differ most, every few, since the very first may be dirt.
std::vector<SizeFinder::Place> SizeFinder::places_in(RegionSource& source,
                                                     const Scaling& numbers) const {
    const Size3 own = source.size();
    const std::int64_t slices = std::min(own.depth, most_slices);
    const std::int64_t rows = std::clamp<std::int64_t>(own.height / window_edge, 1, most_cells);
    const std::int64_t columns = std::clamp<std::int64_t>(own.width / window_edge, 1, most_cells);
    std::vector<Place> all;
    std::vector<float> values;
    for (std::int64_t z = 0; z < slices; ++z)
        for (std::int64_t y = 0; y < rows; ++y)
            for (std::int64_t x = 0; x < columns; ++x) {
                Place place{spread(z, slices, own.depth), spread(y, rows, own.height),
                            spread(x, columns, own.width)};
                const auto [top, height] = around(place.y, sample_edge, own.height);
                const auto [left, width] = around(place.x, sample_edge, own.width);
                values.resize(source.channels() * height * width);
                source.read({place.z, top, left, {1, height, width}}, values);
                place.spread = spread_of(values, source.channels(), numbers);
                all.push_back(place);
            }
    std::stable_sort(all.begin(), all.end(),
                     [](const Place& a, const Place& b) { return a.spread > b.spread; });
    const std::int64_t half = (std::ssize(all) + 1) / 2;
    const std::int64_t count = std::min(half, most_windows);
    std::vector<Place> chosen;
    // Any first few of them are spread over the half: 0, 1/2, 1/4, 3/4, 1/8 ...
    for (std::int64_t i = 0; std::ssize(chosen) < count; ++i) {
        double at = 0.0, step = 0.5;
        for (std::int64_t bits = i; bits > 0; bits /= 2, step /= 2) at += step * (bits % 2);
        const auto& place = all[static_cast<std::size_t>(at * static_cast<double>(half))];
        const bool taken = std::any_of(chosen.begin(), chosen.end(), [&](const Place& other) {
            return other.z == place.z && other.y == place.y && other.x == place.x;
        });
        if (!taken) chosen.push_back(place);
    }
    return chosen;
}

SizeLook SizeFinder::look(RegionSource& source, const Scaling& numbers, double scale) {
    const Size3 own = source.size(), size = Magnification{scale, scale}.size_of(own);
    std::optional<MagnifiedSource> magnified;
    if (scale != 1.0) magnified.emplace(context_, source, size);
    RegionSource& shown = magnified ? static_cast<RegionSource&>(*magnified) : source;

    diameters_.clear();
    sure_ = unsure_ = 0;
    if (const std::int64_t slice = size.height * size.width; slice <= window_pixels) {
        const std::int64_t slices = std::min({own.depth, most_slices, window_pixels / slice});
        for (std::int64_t i = 0; i < slices; ++i)
            look_at_window(
                shown, {spread(i, slices, own.depth), 0, 0, {1, size.height, size.width}}, numbers);
    } else {
        const auto most = std::llround(share * static_cast<double>(own.height * own.width));
        const std::int64_t count =
            std::clamp<std::int64_t>(most / window_pixels, 1, std::ssize(places_));
        for (std::int64_t i = 0; i < count; ++i) {
            const Place& place = places_[i];
            const auto [top, height] =
                around(std::llround(place.y * scale), window_edge, size.height);
            const auto [left, width] =
                around(std::llround(place.x * scale), window_edge, size.width);
            look_at_window(shown, {place.z, top, left, {1, height, width}}, numbers);
        }
    }
    SizeLook result{.scale = scale, .objects = std::ssize(diameters_)};
    if (result.objects > 0) {
        result.diameter = median_of(diameters_);
        result.unsure =
            static_cast<double>(unsure_) / static_cast<double>(std::max<std::int64_t>(sure_, 1));
    }
    return result;
}

void SizeFinder::look_at_window(RegionSource& shown, const Region& window, const Scaling& numbers) {
    WindowSource part(shown, window);
    Image probabilities;
    ImageSink sink(probabilities, classes_, window.size);
    tiles_.run({part, numbers, PredictionKind::probabilities, sink, held_bytes()});
    constexpr float background = 0.2f, even = 0.5f, object = 0.8f;
    const std::int64_t pixels = window.size.elements();
    // With a boundary, foreground is what is not background.
    const bool two = classes_ == 2;
    for (const float value : std::span(probabilities.values).subspan(two ? pixels : 0, pixels)) {
        const float p = two ? value : 1.0f - value;
        sure_ += p >= even ? 1 : 0;
        unsure_ += p > background && p < object ? 1 : 0;
    }
    ObjectRule rule = rule_of(info_);
    // What the edge of a window cuts has another size.
    const Size3 whole = shown.size();
    rule.drop_border = window.size.height < whole.height || window.size.width < whole.width;
    const LabelMap objects = objects_of(probabilities, info_.threshold, rule);
    const std::vector<double> found = equivalent_diameters(objects);
    diameters_.insert(diameters_.end(), found.begin(), found.end());
}

}  // namespace unet::predict
