#include "unet/data/targets.h"

#include <algorithm>
#include <unordered_map>

#include "unet/core/error.h"
#include "unet/core/math.h"
#include "unet/objects/distance.h"
#include "unet/objects/measuring/touching.h"
#include "unet/objects/nearest_two.h"

namespace unet {
namespace {

/// w0 exp(-s^2 / (2 sigma^2)) for 0 <= s, by a table in s and a short series between its entries:
/// relative error below 1e-12.
class BorderTerm {
public:
    BorderTerm(double weight, double sigma, double background_weight)
        : step_(sigma / 160.0), scale_(-0.5 / (sigma * sigma)) {
        // Beyond, the term is below half a unit in the last place of the weight it is added to.
        reach_ = sigma * sqrt_of(2.0 * std::max(0.0, log_of(weight * 0x1p25 / background_weight)));
        for (std::int64_t i = 0; static_cast<double>(i) * step_ <= reach_ + step_; ++i) {
            const double s = static_cast<double>(i) * step_;
            table_.push_back(weight * exp_of(scale_ * s * s));
        }
    }

    /// Whole pixels, at least the sum of distances that still counts.
    std::int64_t reach() const {
        return std::min(static_cast<std::int64_t>(reach_) + 1, max_reach);
    }

    double operator()(double s) const {
        if (s > reach_) return 0.0;
        // Never negative, so that adding a half rounds; std::lround is a call for each pixel.
        // NOLINTNEXTLINE(bugprone-incorrect-roundings)
        const auto i = static_cast<std::int64_t>(s / step_ + 0.5);
        const double s0 = static_cast<double>(i) * step_;
        const double x = scale_ * (s - s0) * (s + s0);  // |x| < 0.03
        const double series =
            1.0 + x * (1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0))));
        return table_[i] * series;
    }

private:
    double step_, scale_, reach_;
    std::vector<double> table_;
};

bool has_border_term(const LabelMeaning& meaning, const TargetOptions& options) {
    return meaning.kind == LabelKind::instances && options.border_weight > 0.0;
}

bool has_boundary(const LabelMeaning& meaning, const TargetOptions& options) {
    return meaning.kind == LabelKind::instances && options.boundary > 0.0;
}

/// Of an object that reaches further out of a block, the largest distance is that of the part.
constexpr std::int64_t seen_of_objects = 128;

/// `parted`: `whole` as separate_touching() leaves it. The class `boundary` on pixels of an object
/// that lie nearer to the border than `part` of the largest distance in it, and where it touches
/// another.
void mark_boundaries(const LabelMap& whole, const LabelMap& parted, double part,
                     std::vector<std::uint8_t>& targets) {
    constexpr std::uint8_t boundary = 2;
    const auto pixels = static_cast<std::size_t>(whole.size.height * whole.size.width);
    std::vector<std::int32_t> squared(pixels);
    SliceDistances distances;
    for (std::int64_t z = 0; z < whole.size.depth; ++z) {
        distances.measure(parted.plane(z), whole.size.width, whole.size.height, whole.size.width,
                          DistanceTo::background, squared.data());
        const std::uint32_t* object = whole.plane(z);
        std::unordered_map<std::uint32_t, std::int32_t> largest;
        for (std::size_t i = 0; i < pixels; ++i)
            if (object[i] != 0) {
                std::int32_t& most = largest[object[i]];
                most = std::max(most, squared[i]);
            }
        std::uint8_t* target = targets.data() + static_cast<std::size_t>(z) * pixels;
        for (std::size_t i = 0; i < pixels; ++i)
            if (object[i] != 0 && !(static_cast<double>(squared[i]) >
                                    part * part * static_cast<double>(largest[object[i]])))
                target[i] = boundary;
    }
}

void add_border(const LabelMap& labels, const TargetOptions& options, double background_weight,
                std::vector<float>& weights) {
    const BorderTerm term(options.border_weight, options.border_sigma, background_weight);
    const std::int64_t height = labels.size.height, width = labels.size.width;
    nearest_two(labels, term.reach(), [&](const NearestTwoRow& row) {
        float* out = weights.data() + (row.z * height + row.y) * width;
        for (std::int64_t x = 0; x < width; ++x) {
            if (row.first_squared[x] == 0 || row.second_squared[x] == beyond_reach) continue;
            const double sum = sqrt_of(static_cast<double>(row.first_squared[x])) +
                               sqrt_of(static_cast<double>(row.second_squared[x]));
            out[x] = static_cast<float>(background_weight + term(sum));
        }
    });
}

std::uint8_t class_of(std::uint32_t value, const LabelMeaning& meaning, const std::string& where) {
    const std::vector<std::uint32_t>& values = meaning.values;
    const auto found = std::lower_bound(values.begin(), values.end(), value);
    if (found != values.end() && *found == value)
        return static_cast<std::uint8_t>(found - values.begin());
    if (meaning.kind == LabelKind::binary && values[0] == 0) return 1;
    std::string known;
    for (const std::uint32_t each : values)
        known += (known.empty() ? "" : ", ") + std::to_string(each);
    fail(ErrorCode::invalid_argument,
         "{}: found label {}, expected one of {}; `ignore` {} leaves such pixels out", where, value,
         known, value);
}

}  // namespace

std::int64_t target_classes(const LabelMeaning& meaning, const TargetOptions& options) {
    return meaning.classes() + (has_boundary(meaning, options) ? 1 : 0);
}

std::vector<std::uint8_t> make_targets(LabelMap& labels, const LabelMeaning& meaning,
                                       const TargetOptions& options, const std::string& where) {
    std::vector<std::uint8_t> targets(labels.values.size());
    std::vector<std::size_t> ignored;
    if (meaning.ignore)
        for (std::size_t i = 0; i < targets.size(); ++i)
            if (meaning.is_ignored(labels.values[i])) ignored.push_back(i);
    if (meaning.kind == LabelKind::instances) {
        for (const std::size_t i : ignored) labels.values[i] = 0;
        const LabelMap whole = has_boundary(meaning, options) ? labels : LabelMap{};
        labels = separate_touching(labels);
        for (std::size_t i = 0; i < targets.size(); ++i) targets[i] = labels.values[i] != 0;
        if (!whole.values.empty()) mark_boundaries(whole, labels, options.boundary, targets);
    } else {
        std::uint32_t last = meaning.values[0];
        std::uint8_t index = 0;
        for (std::size_t i = 0; i < targets.size(); ++i) {
            const std::uint32_t value = labels.values[i];
            if (meaning.is_ignored(value)) continue;
            if (value != last) {
                index = class_of(value, meaning, where);
                last = value;
            }
            targets[i] = index;
        }
    }
    for (const std::size_t i : ignored) targets[i] = ignored_target;
    return targets;
}

std::int64_t target_margin(const LabelMeaning& meaning, const TargetOptions& options) {
    if (has_boundary(meaning, options)) return seen_of_objects;
    return meaning.kind == LabelKind::instances ? 1 : 0;
}

std::vector<double> balanced_weights(std::span<const std::int64_t> class_pixels) {
    std::int64_t all = 0;
    for (const std::int64_t pixels : class_pixels) all += pixels;
    std::vector<double> weights;
    for (const std::int64_t pixels : class_pixels)
        weights.push_back(pixels == 0 ? 1.0
                                      : static_cast<double>(all) /
                                            (static_cast<double>(class_pixels.size()) *
                                             static_cast<double>(pixels)));
    return weights;
}

std::vector<float> make_weights(const LabelMap& labels, std::span<const std::uint8_t> targets,
                                const LabelMeaning& meaning, const TargetOptions& options,
                                std::span<const double> class_weights) {
    std::vector<float> table(256, 0.0f);
    for (std::size_t c = 0; c < class_weights.size(); ++c)
        table[c] = static_cast<float>(class_weights[c]);
    table[ignored_target] = 0.0f;
    std::vector<float> weights(targets.size());
    for (std::size_t i = 0; i < targets.size(); ++i) weights[i] = table[targets[i]];
    if (!has_border_term(meaning, options)) return weights;
    add_border(labels, options, class_weights[0], weights);
    if (meaning.ignore)
        for (std::size_t i = 0; i < targets.size(); ++i)
            if (targets[i] == ignored_target) weights[i] = 0.0f;
    return weights;
}

std::int64_t weight_margin(const LabelMeaning& meaning, const TargetOptions& options,
                           std::span<const double> class_weights) {
    const std::int64_t margin = target_margin(meaning, options);
    if (!has_border_term(meaning, options)) return margin;
    // Where objects are parted matters to the term, where their boundaries lie does not.
    return std::max(
        margin,
        1 + BorderTerm(options.border_weight, options.border_sigma, class_weights[0]).reach());
}

}  // namespace unet
