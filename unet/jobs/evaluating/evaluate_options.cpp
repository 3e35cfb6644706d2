#include "unet/jobs/evaluating/evaluate_options.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "unet/core/error.h"

namespace unet {
namespace {

constexpr std::uint32_t left_out = std::numeric_limits<std::uint32_t>::max();

/// "1,0.5" as numbers; empty if there is anything else in it.
std::vector<double> numbers_in(const std::string& text) {
    std::vector<double> numbers;
    const char *place = text.data(), *end = text.data() + text.size();
    while (true) {
        double number = 0.0;
        const auto [after, error] = std::from_chars(place, end, number);
        if (error != std::errc() || !std::isfinite(number)) return {};
        numbers.push_back(number);
        if (after == end) return numbers;
        if (*after != ',') return {};
        place = after + 1;
    }
}

/// `sizes`: two rising whole numbers.
std::array<std::int64_t, 2> parse_sizes(const std::string& text) {
    const std::vector<double> numbers = numbers_in(text);
    const bool good = numbers.size() == 2 && numbers[0] >= 1.0 && numbers[1] > numbers[0] &&
                      numbers[1] <= 1e15 && numbers[0] == std::floor(numbers[0]) &&
                      numbers[1] == std::floor(numbers[1]);
    if (!good)
        fail_setting(
            "sizes", ErrorCode::invalid_argument,
            "`sizes`: found '{}', expected two rising numbers of pixels such as 100,500: objects "
            "below the first are small, from the second on large",
            text);
    return {static_cast<std::int64_t>(numbers[0]), static_cast<std::int64_t>(numbers[1])};
}

SurfaceOptions surface_options(const EvaluateSettings& settings, const LabelMap& truth,
                               const std::string& name) {
    SurfaceOptions options;
    const Spacing& spacing = truth.spacing;
    if (!settings.stacks.spacing.empty()) {
        const Spacing asked = parse_spacing(settings.stacks.spacing, "`spacing`");
        options.spacing = asked.size;
        options.unit = asked.unit.empty() ? "units of `spacing`" : asked.unit;
        if (options.spacing[0] == 0.0) options.spacing[0] = 1.0;
    } else if (spacing.known()) {
        options.spacing = spacing.size;
        options.unit = spacing.unit.empty() ? "units of the file" : spacing.unit;
        const bool volume = settings.volume && truth.size.depth > 1;
        if (volume && !(spacing.size[0] > 0.0))
            fail_setting(
                "spacing", ErrorCode::invalid_argument,
                "{}: the file knows the size of a pixel but not how far slices are apart; give "
                "`spacing` DEPTH,HEIGHT,WIDTH",
                name);
        if (!volume) options.spacing[0] = 1.0;
    }
    options.tolerance = settings.tolerance > 0.0 ? settings.tolerance
                                                 : std::max(options.spacing[1], options.spacing[2]);
    return options;
}

}  // namespace

LabelKind kind_of(LabelsChoice choice) {
    return choice == LabelsChoice::instances ? LabelKind::instances
           : choice == LabelsChoice::classes ? LabelKind::classes
                                             : LabelKind::binary;
}

EvaluateOptions options_for(const TruthMeaning& meaning, const EvaluateSettings& settings) {
    EvaluateOptions options;
    options.kind = meaning.kind;
    options.ignore = settings.ignored();
    options.slicewise = !settings.volume;
    if (!settings.sizes.empty()) options.size_limits = parse_sizes(settings.sizes);
    if (meaning.kind == LabelKind::instances) return options;
    if (options.ignore) options.ignore = left_out;
    if (meaning.kind == LabelKind::classes)
        for (const std::uint32_t value : meaning.values)
            options.class_names.push_back(std::to_string(value));
    return options;
}

void to_classes(LabelMap& map, const TruthMeaning& meaning, std::optional<std::uint32_t> ignore) {
    const auto& values = meaning.values;
    for (std::uint32_t& value : map.values) {
        if (value == ignore) {
            value = left_out;
        } else if (meaning.kind == LabelKind::binary) {
            value = value != (values.size() == 2 ? values[0] : 0) ? 1 : 0;
        } else {
            const auto place = std::lower_bound(values.begin(), values.end(), value);
            value = static_cast<std::uint32_t>(place - values.begin());
        }
    }
}

void measure_in_unit_of(const LabelMap& truth, const std::string& name,
                        const EvaluateSettings& settings, EvaluateOptions& options) {
    if (settings.metrics != Metrics::surface) return;
    const std::string before = options.surface ? options.surface->unit : "";
    options.surface = surface_options(settings, truth, name);
    if (!before.empty() && options.surface->unit != before)
        fail_setting("spacing", ErrorCode::invalid_argument,
                     "{}: found distances in {}, those of the images before are in {}; `spacing` 1 "
                     "measures all in pixels",
                     name, options.surface->unit, before);
}

}  // namespace unet
