#include "unet/core/normalisation.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "unet/core/error.h"

namespace unet {
namespace {

std::optional<double> number_in(std::string_view text) {
    double number = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
        return std::nullopt;
    return number;
}

}  // namespace

Normalisation parse_normalisation(const std::string& text, const std::string& where) {
    if (text == "image") return {NormaliseRule::image, {}, {}};
    if (text == "dataset") return {NormaliseRule::dataset, {}, {}};
    if (text == "range") return {NormaliseRule::range, {}, {}};
    const std::string_view view(text);
    const auto colon = view.find(':');
    if (colon != std::string_view::npos) {
        const auto low = number_in(view.substr(0, colon));
        const auto high = number_in(view.substr(colon + 1));
        if (low && high && *low < *high) return {NormaliseRule::fixed, {*low}, {*high}};
    }
    fail(ErrorCode::invalid_argument,
         "{}: found '{}', expected image, dataset, range or LOW:HIGH with LOW below HIGH, "
         "such as 0:4095",
         where, text);
}

double parse_clip(const std::string& text, const std::string& where) {
    if (text == "none") return 0.0;
    const auto clip = number_in(text);
    if (!clip || *clip <= 0.0)
        fail(ErrorCode::invalid_argument,
             "{}: found '{}', expected none or a number above 0, such as {:g}", where, text,
             usual_clip);
    return *clip;
}

std::string clip_text(double clip) { return clip > 0.0 ? fmt::format("{}", clip) : "none"; }

std::string to_string(const Normalisation& normalisation) {
    switch (normalisation.rule) {
        case NormaliseRule::image:
            return "image";
        case NormaliseRule::dataset:
            return "dataset";
        case NormaliseRule::range:
            return "range";
        case NormaliseRule::fixed:
            break;
    }
    if (normalisation.low.empty() || normalisation.high.empty()) return "fixed";
    return fmt::format("{}:{}", normalisation.low[0], normalisation.high[0]);
}

}  // namespace unet
