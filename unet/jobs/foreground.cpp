#include "unet/jobs/foreground.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "unet/core/error.h"
#include "unet/pixels/scaling.h"

namespace unet {
namespace {

constexpr float rounded = 1e-3f;  // sums of a softmax in float16

ReadOptions as_stored(ReadOptions options) {
    options.as_stored = true;
    options.calibrated = false;  // probabilities are of the whole range of their type
    return options;
}

double usual_full(const FileSource& file) {
    const bool whole = file.type() == SampleType::u8 || file.type() == SampleType::u16;
    return whole ? std::ldexp(1.0, file.bits()) - 1.0 : 1.0;
}

}  // namespace

Foreground::Foreground(const std::filesystem::path& path, const ReadOptions& options, double full,
                       bool boundary)
    : path_(path),
      file_(path, as_stored(options)),
      boundary_(boundary && file_.channels() == 3 && !file_.rgb()),
      wanted_(boundary),
      told_(full > 0.0),
      full_(told_ ? full : usual_full(file_)) {
    if (!boundary && file_.channels() == 3 && !file_.rgb())
        fail_setting("model", ErrorCode::shape_mismatch,
                     "{}: found 3 channels; where they are background, interior and boundary of "
                     "objects, `model` says how objects are made of them; else `channel` picks the "
                     "foreground",
                     path_.string());
    if (!boundary_ && (file_.channels() > 2 || file_.rgb()))
        fail_setting("channel", ErrorCode::shape_mismatch,
                     "{}: found {} channels, expected probabilities of background and foreground, "
                     "or of the foreground alone; `channel` picks one",
                     path_.string(), file_.channels());
}

void Foreground::read(const Region& region, std::span<float> values) {
    file_.read(region, values);
    const auto pixels = static_cast<std::size_t>(region.size.elements());
    const std::size_t foreground = boundary_ ? pixels : values.size() - pixels;
    for (std::size_t i = 0; i < values.size(); ++i) {
        float& value = values[i];
        if (std::isnan(value)) {
            without_value_ += i >= foreground ? 1 : 0;
            value = 0.0f;
            continue;
        }
        if (full_ != 1.0) value = static_cast<float>(value / full_);
        if (!(value >= -rounded && value <= 1.0f + rounded)) refuse();
        value = std::clamp(value, 0.0f, 1.0f);
        if (i >= foreground) high_ = std::max<double>(high_, value);
    }
}

void Foreground::refuse() {
    float low = std::numeric_limits<float>::infinity(), high = -low;
    std::vector<float> values;
    for_each_band(size(), channels(), band_values, [&](const Region& band) {
        values.resize(channels() * band.size.elements());
        file_.read(band, values);
        for (const float value : values) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    });
    fail_setting("full", ErrorCode::unsupported,
                 "{}: found values from {} to {}, expected probabilities from 0 to {:.10g}{}",
                 path_.string(), low, high, full_,
                 low >= 0.0f ? "; `full` says which value is a probability of 1, such as 100, 255 "
                               "or 4095"
                             : ": are these logits?");
}

std::vector<std::string> Foreground::notes() {
    std::vector<std::string> notes = file_.notes();
    if (wanted_ && !boundary_)
        notes.emplace_back(
            "the model tells interior and boundary of objects apart, the file has their foreground "
            "alone: objects are parted at waists only");
    if (without_value_ > 0)
        notes.push_back(fmt::format("{} pixels are NaN and count as background", without_value_));
    constexpr double usual_threshold = 0.5;
    const double most = high_ * full_;  // of floats up to 1 `full` is rarely meant
    const bool fraction = type() == SampleType::f32 && told_ && most <= 1.0 + rounded;
    if ((!told_ || fraction) && full_ > 1.0 && high_ < usual_threshold)
        notes.push_back(fmt::format(
            "its largest value is {:.10g}, where {:.10g} is taken for a probability of 1; `full` "
            "{}",
            fraction ? std::round(most * 1e6) / 1e6 : std::round(most), full_,
            fraction ? "1 takes floats as they are" : "says which value is"));
    return notes;
}

}  // namespace unet
