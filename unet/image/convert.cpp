#include "unet/image/convert.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <map>
#include <utility>

#include "unet/core/error.h"

namespace unet {
namespace {

/// A 16-bit float as stored.
struct Half {
    std::uint16_t bits;
};
float number_of(Half half) { return half_to_float(half.bits); }
template <class T>
T number_of(T value) {
    return value;
}

/// Calls function(T{}) with the type of the file's samples.
template <class Function>
void with_sample_type(const SampleLayout& layout, Function function) {
    const std::int64_t bytes = layout.bytes();
    switch (layout.kind) {
        case NumberKind::unsigned_integer:
            return bytes == 1   ? function(std::uint8_t{})
                   : bytes == 2 ? function(std::uint16_t{})
                   : bytes == 4 ? function(std::uint32_t{})
                                : function(std::uint64_t{});
        case NumberKind::signed_integer:
            return bytes == 1   ? function(std::int8_t{})
                   : bytes == 2 ? function(std::int16_t{})
                   : bytes == 4 ? function(std::int32_t{})
                                : function(std::int64_t{});
        case NumberKind::floating:
            return bytes == 2   ? function(Half{})
                   : bytes == 4 ? function(float{})
                                : function(double{});
    }
}

template <class T>
T sample_at(std::span<const std::byte> page, std::int64_t index) {
    T value;
    std::memcpy(&value, page.data() + index * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
    return value;
}

template <class T>
double scaled(const SampleLayout& layout, T value) {
    return static_cast<double>(value) * layout.slope + layout.intercept;
}

std::int64_t pixels_of(const SampleLayout& layout, std::span<const std::byte> decoded) {
    return std::ssize(decoded) / (layout.samples * layout.bytes());
}

constexpr double largest_label = 4294967295.0;

/// The whole number that a stored label was before it was scaled or rounded.
class Nearest {
public:
    explicit Nearest(const SampleLayout& layout) {
        if (!layout.scaled()) return;
        // Slope and intercept are float32 in a file; two of these roundings.
        constexpr double rounding = 0x1p-23;
        absolute_ = rounding * std::fabs(layout.intercept);
        // Programs that store floats as integers (nibabel) choose a slope that spans the type: each
        // number becomes the nearest step, at most half of one away. Wider steps meet whole numbers
        // by themselves, or hold no labels.
        constexpr double widest = 0.5;
        if (layout.kind != NumberKind::floating && std::fabs(layout.slope) <= widest)
            absolute_ += 0.5 * std::fabs(layout.slope);
    }

    /// NaN for a number that is not near enough. The bound stays below a half, so that numbers of
    /// images, which lie anywhere between two steps, are not taken for labels.
    double whole(double number) const {
        const double nearest = std::round(number);
        if (nearest == number) return number;
        constexpr double relative = 1e-6;  // some roundings to float32, 6e-8 each
        constexpr double most = 0.25;
        const double allowed =
            std::min(most, absolute_ + relative * std::max(1.0, std::fabs(number)));
        return std::fabs(number - nearest) <= allowed ? nearest + 0.0 : std::nan("");
    }

private:
    double absolute_ = 0.0;
};

/// What mends a file with this value.
const char* what_to_do(double number) {
    if (std::isnan(number) || number < 0.0)
        return "store 0 there, or, to leave such pixels out of training and evaluation, a number "
               "that nothing else has, such as 255 with `ignore` 255";
    if (number > largest_label) return "number the objects anew, 1, 2, 3 and so on";
    if (number < 1.0)
        return "if this is a probability map, threshold it first, or find its objects by "
               "`find_objects`";
    return "labels that were resampled or smoothed are averages: do it anew by the nearest "
           "neighbour; an image is no label map";
}

}  // namespace

float half_to_float(std::uint16_t half) {
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
    const std::uint32_t exponent = (half >> 10) & 0x1Fu, mantissa = half & 0x3FFu;
    if (exponent == 0) {  // zero and subnormal numbers: mantissa x 2^-24, exact in float
        const float value = static_cast<float>(mantissa) * 0x1p-24f;
        return sign != 0 ? -value : value;
    }
    const std::uint32_t wide = exponent == 31 ? 255 : exponent + 127 - 15;
    return std::bit_cast<float>(sign | (wide << 23) | (mantissa << 13));
}

void convert_to_float(const StoredFile& file, std::span<const std::byte> page, std::int64_t channel,
                      float* target) {
    const SampleLayout& layout = file.layout();
    const std::int64_t pixels = pixels_of(layout, page), samples = layout.samples;
    if (file.info().palette) {
        const bool wide = layout.bytes() == 2;
        for (std::int64_t i = 0; i < pixels; ++i) {
            const std::size_t index = wide ? sample_at<std::uint16_t>(page, i * samples)
                                           : sample_at<std::uint8_t>(page, i * samples);
            // An index beyond the table is black.
            target[i] = index < file.palette().size() ? file.palette()[index][channel] : 0.0f;
        }
        return;
    }
    with_sample_type(layout, [&](auto type) {
        using T = decltype(type);
        if (layout.scaled())
            for (std::int64_t i = 0; i < pixels; ++i)
                target[i] = static_cast<float>(
                    scaled(layout, number_of(sample_at<T>(page, i * samples + channel))));
        else
            for (std::int64_t i = 0; i < pixels; ++i)
                target[i] =
                    static_cast<float>(number_of(sample_at<T>(page, i * samples + channel)));
    });
    if (file.info().white_is_zero && layout.kind == NumberKind::unsigned_integer) {
        const auto largest = static_cast<float>(std::ldexp(1.0, layout.bits) - 1.0);
        for (std::int64_t i = 0; i < pixels; ++i) target[i] = largest - target[i];
    }
}

void convert_to_labels(const StoredFile& file, std::span<const std::byte> page, std::int64_t slice,
                       const std::string& where, std::uint32_t* target) {
    const SampleLayout& layout = file.layout();
    const std::int64_t pixels = pixels_of(layout, page), samples = layout.samples;
    const Nearest nearest(layout);
    with_sample_type(layout, [&](auto type) {
        using T = decltype(type);
        for (std::int64_t i = 0; i < pixels; ++i) {
            const auto number = scaled(layout, number_of(sample_at<T>(page, i * samples)));
            const double whole = nearest.whole(number);
            // Also false for a number that is not finite.
            if (!(whole >= 0.0 && whole <= largest_label))
                fail(ErrorCode::unsupported,
                     "'{}': the value at page {}, row {}, column {} is {}, expected labels: whole "
                     "numbers from 0 to {:.0f}; {}",
                     where, slice, i / file.info().size.width, i % file.info().size.width, number,
                     largest_label, what_to_do(number));
            target[i] = static_cast<std::uint32_t>(whole);
        }
    });
}

LabelStorage storage_of(const ImageInfo& info) {
    if (info.palette) return LabelStorage::colour_table;
    if (info.white_is_zero) return LabelStorage::white_is_zero;
    if (info.rgb) return LabelStorage::equal_colours;
    return info.type == SampleType::f32 && !info.calibrated ? LabelStorage::floats
                                                            : LabelStorage::integers;
}

void check_lossless(const StoredFile& file, const std::string& where) {
    if (file.info().compression == "jpeg")
        fail(ErrorCode::unsupported,
             "'{}' is {}, which changes label values along every edge; save the labels as PNG or "
             "TIFF from the original annotation",
             where, file.info().format == "JPEG" ? "a JPEG" : "compressed as JPEG");
}

void check_colours_are_grey(const StoredFile& file, std::span<const std::byte> page,
                            const std::string& where) {
    constexpr std::size_t most_listed = 8;
    constexpr std::size_t most_counted = 4096;  // a photograph has millions; labels have few
    using Samples = std::array<double, 3>;
    const std::int64_t pixels = pixels_of(file.layout(), page), samples = file.layout().samples;
    std::map<Samples, std::int64_t> counts;
    bool grey = true;
    with_sample_type(file.layout(), [&](auto type) {
        using T = decltype(type);
        for (std::int64_t i = 0; i < pixels; ++i) {
            Samples colour;
            for (std::size_t c = 0; c < 3; ++c)
                colour[c] = static_cast<double>(
                    number_of(sample_at<T>(page, i * samples + static_cast<std::int64_t>(c))));
            grey = grey && colour[0] == colour[1] && colour[0] == colour[2];
            if (counts.size() <= most_counted) ++counts[colour];
        }
    });
    if (grey) return;
    if (counts.size() > most_counted)
        fail(ErrorCode::unsupported,
             "'{}' is RGB with more than {} colours, which is a photograph and not labels; labels "
             "hold one number per pixel, a class or an object id. Give the file of the annotation",
             where, most_counted);
    std::vector<std::pair<std::int64_t, Samples>> sorted;
    for (const auto& [colour, count] : counts) sorted.emplace_back(-count, colour);
    std::sort(sorted.begin(), sorted.end());  // the most frequent first
    std::string list;
    for (std::size_t i = 0; i < std::min(sorted.size(), most_listed); ++i) {
        const auto& [count, colour] = sorted[i];
        list += fmt::format("{}({}, {}, {}) on {} pixels", i == 0 ? "" : ", ", colour[0], colour[1],
                            colour[2], -count);
    }
    fail(ErrorCode::unsupported,
         "'{}' is RGB; labels hold one number per pixel, a class or an object id, not a colour. "
         "Found {} colours: {}{}. Save the labels as an 8-bit or 16-bit grey image in which each "
         "of these colours is one number, as `mend` does",
         where, counts.size(), list, counts.size() > most_listed ? ", and more" : "");
}

}  // namespace unet
