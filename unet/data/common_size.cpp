#include "unet/data/common_size.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "unet/core/quantiles.h"
#include "unet/data/sample_reader.h"
#include "unet/pixels/resize.h"

namespace unet {
namespace {

constexpr double most_factor = 3.0, least_change = 1.125;

/// What the file could hold: nothing beyond its own extremes, whole numbers where all were.
void keep_to(SampleType type, float least, float most, std::vector<float>& values) {
    for (float& value : values) {
        value = std::clamp(value, least, most);
        if (type != SampleType::f32) value = std::nearbyint(value);
    }
}

void resize_image(Image& image, const Size3& size) {
    const AxisResize rows(image.size.height, size.height, Interpolation::cubic);
    const AxisResize columns(image.size.width, size.width, Interpolation::cubic);
    const auto [least, most] = std::minmax_element(image.values.begin(), image.values.end());
    const float low = *least, high = *most;
    std::vector<float> resized(image.channels * size.elements());
    std::vector<float> line(image.size.width);
    float* out = resized.data();
    for (std::int64_t c = 0; c < image.channels; ++c)
        for (std::int64_t z = 0; z < size.depth; ++z)
            for (std::int64_t y = 0; y < size.height; ++y, out += size.width) {
                const float* first = image.plane(c, z) + rows.begin(y) * image.size.width;
                rows.across(y, first, image.size.width, image.size.width, line.data());
                columns.along(0, size.width, line.data(), out);
            }
    image.values = std::move(resized);
    image.size = size;
    keep_to(image.type, low, high, image.values);
}

void resize_labels(LabelMap& labels, const Size3& size) {
    // The pixel that the middle of the new one lies in.
    const auto from = [](std::int64_t at, std::int64_t from_length, std::int64_t to_length) {
        return (2 * at + 1) * from_length / (2 * to_length);
    };
    std::vector<std::uint32_t> resized(size.elements());
    std::uint32_t* out = resized.data();
    for (std::int64_t z = 0; z < size.depth; ++z)
        for (std::int64_t y = 0; y < size.height; ++y) {
            const std::uint32_t* row =
                labels.plane(z) + from(y, labels.size.height, size.height) * labels.size.width;
            for (std::int64_t x = 0; x < size.width; ++x)
                *out++ = row[from(x, labels.size.width, size.width)];
        }
    labels.values = std::move(resized);
    labels.size = size;
}

/// 1: as it is.
double factor_for(const Sample& sample, double diameter) {
    const double own = median(object_diameters(sample));
    if (own <= 0.0) return 1.0;
    const double factor = std::clamp(diameter / own, 1.0 / most_factor, most_factor);
    return std::max(factor, 1.0 / factor) < least_change ? 1.0 : factor;
}

bool resize(Sample& sample, double diameter) {
    const double factor = factor_for(sample, diameter);
    const auto length = [&](std::int64_t pixels) {
        return std::max<std::int64_t>(1, std::llround(factor * static_cast<double>(pixels)));
    };
    const Size3& own = sample.image.size;
    const Size3 size{own.depth, length(own.height), length(own.width)};
    if (size == own) return false;
    if (!sample.whole) sample.whole = scaling_of(sample, Normalisation{});
    resize_image(sample.image, size);
    resize_labels(sample.labels, size);
    sample.magnification = factor;
    return true;
}

}  // namespace

double median_object_diameter(Context& context, const Dataset& set) {
    std::vector<std::vector<double>> of_samples(set.samples.size());
    for_each_sample(context, set, [&](std::size_t i, int threads) {
        of_samples[i] = object_diameters(set.samples[i], threads);
    });
    std::vector<double> diameters;
    for (const auto& of_sample : of_samples)
        diameters.insert(diameters.end(), of_sample.begin(), of_sample.end());
    return median(std::move(diameters));
}

std::int64_t bring_to_common_size(Context& context, Dataset& set, double diameter) {
    std::vector<std::uint8_t> resized(set.samples.size());
    parallel_for(context, std::ssize(set.samples), [&](std::int64_t i, int) {
        resized[i] = resize(set.samples[i], diameter) ? 1 : 0;
    });
    return std::count(resized.begin(), resized.end(), 1);
}

}  // namespace unet
