#include "unet/predict/network_source.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "unet/core/error.h"

namespace unet::predict {
namespace {

bool is_finite(float value) {
    return (std::bit_cast<std::uint32_t>(value) & 0x7f800000u) != 0x7f800000u;
}

bool are_finite(std::span<const float> values) {
    bool finite = true;  // no early exit: the compiler makes this loop wide
    for (const float value : values) finite &= is_finite(value);
    return finite;
}

[[noreturn]] void refuse_values(const Region& region, std::span<const float> values) {
    const auto first = std::find_if_not(values.begin(), values.end(), is_finite);
    const Size3& size = region.size;
    // NOLINTNEXTLINE(clang-analyzer-core.DivideZero): a value was found, so the region has pixels
    const std::int64_t place = (first - values.begin()) % size.elements();
    fail_setting(
        "where", ErrorCode::unsupported,
        "the image holds {} in page {}, row {}, column {}; expected finite numbers: replace such "
        "values, for example by the background's, or leave them out by a mask (`where`)",
        *first, region.z + place / (size.height * size.width),
        region.y + place / size.width % size.height, region.x + place % size.width);
}

bool repeats_grey(const RegionSource& source, std::int64_t in_channels, bool model_is_rgb) {
    return source.channels() == 1 && in_channels == 3 && model_is_rgb;
}

bool averages_colours(const RegionSource& source, std::int64_t in_channels) {
    return source.channels() == 3 && source.rgb() && in_channels == 1;
}

}  // namespace

void NetworkSource::check(const RegionSource& source, std::int64_t in_channels, bool model_is_rgb) {
    const std::int64_t found = source.channels();
    if (found != in_channels && !repeats_grey(source, in_channels, model_is_rgb) &&
        !averages_colours(source, in_channels))
        fail(ErrorCode::shape_mismatch,
             "the image has {} channel(s){}, expected {}{} as in the training images{}", found,
             source.rgb() ? " (RGB)" : "", in_channels, model_is_rgb ? " (RGB)" : "",
             found > in_channels ? "; `channel` picks some, `axes` says what pages are" : "");
}

NetworkSource::NetworkSource(RegionSource& source, Mask& mask, std::int64_t in_channels,
                             bool model_is_rgb,
                             const std::function<void(const std::string&)>& notice,
                             std::vector<float>& colours)
    : source_(source),
      mask_(mask),
      notice_(notice),
      in_channels_(in_channels),
      repeats_(repeats_grey(source, in_channels, model_is_rgb)),
      averages_(averages_colours(source, in_channels)),
      colours_(colours) {
    check(source, in_channels, model_is_rgb);
    if (notice && (repeats_ || averages_))
        notice(repeats_ ? "a grey image for an RGB model: its values serve as red, green and blue"
                        : "an RGB image for a grey model: red, green and blue are averaged");
}

/// One row, so that the colours of a whole tile are never in memory.
void NetworkSource::read_averaged(const Region& row, float* values) {
    const auto pixels = static_cast<std::size_t>(row.size.width);
    colours_.resize(3 * pixels);
    source_.read(row, colours_);
    const float *red = colours_.data(), *green = red + pixels, *blue = green + pixels;
    // As image/colour.h: a grey image stored as RGB gives its own values.
    for (std::size_t i = 0; i < pixels; ++i)
        values[i] = static_cast<float>((static_cast<double>(red[i]) + green[i] + blue[i]) / 3.0);
}

void NetworkSource::read(const Region& region, std::span<float> values) {
    const auto pixels = static_cast<std::size_t>(region.size.elements());
    if (averages_) {
        for (std::int64_t line = 0; line < region.size.depth * region.size.height; ++line)
            read_averaged({region.z + line / region.size.height,
                           region.y + line % region.size.height,
                           region.x,
                           {1, 1, region.size.width}},
                          values.data() + line * region.size.width);
    } else if (repeats_) {
        source_.read(region, values.first(pixels));
        for (std::size_t c = 1; c < 3; ++c)
            std::copy_n(values.begin(), pixels,
                        values.begin() + static_cast<std::ptrdiff_t>(c * pixels));
    } else {
        source_.read(region, values);
    }
    if (!are_finite(values) && !fill_unwanted(region, values)) refuse_values(region, values);
    if (!limits_) return;
    for (std::size_t c = 0; c < values.size() / pixels; ++c) {
        const ValueRange range = limits_of(*limits_, c);
        const auto low = static_cast<float>(range.low), high = static_cast<float>(range.high);
        for (float& value : values.subspan(c * pixels, pixels))
            value = std::clamp(value, low, high);
    }
}

/// False where a value that is not finite is wanted.
bool NetworkSource::fill_unwanted(const Region& region, std::span<float> values) {
    const std::int64_t width = region.size.width, lines = region.size.depth * region.size.height;
    for (std::int64_t at = 0; at < std::ssize(values); at += width) {
        const auto row = values.subspan(at, width);
        if (are_finite(row)) continue;
        const std::int64_t line = at / width % lines, channel = at / width / lines;
        const auto wanted = mask_.row(region.z + line / region.size.height,
                                      region.y + line % region.size.height, region.x, width);
        if (wanted.empty()) return false;
        const std::size_t entry =
            fill_ == nullptr || fill_->low.size() == 1 ? 0 : static_cast<std::size_t>(channel);
        const float fill = fill_ == nullptr ? std::numeric_limits<float>::quiet_NaN()
                                            : static_cast<float>(fill_->low[entry]);
        for (std::size_t x = 0; x < row.size(); ++x) {
            if (is_finite(row[x])) continue;
            if (wanted[x] != 0.0f) return false;
            row[x] = fill;
        }
    }
    if (notice_)
        notice_(
            "where nothing is wanted (`where`) it holds values that are no numbers; the "
            "network sees dark pixels there");
    return true;
}

}  // namespace unet::predict
