#include "unet/predict/classify.h"

#include <algorithm>
#include <array>
#include <bit>

namespace unet::predict {
namespace {

// Pixels that are worked on at a time: their intermediate values stay in the first cache.
constexpr std::int64_t chunk = 256;
using Chunk = std::array<float, chunk>;

// The loops below are cut so that the compiler makes vector code of each: no branches, values
// chosen by value (std::max chooses references).
float larger(float a, float b) { return a > b ? a : b; }

/// Below, e^x leaves the normal numbers: probabilities are not told apart any more (1.6e-38).
constexpr float lowest_exponent = -87.0f;

/// e^x for lowest_exponent <= x <= 0, relative error below 2e-7. x = n ln 2 + r, |r| <= ln(2) / 2;
/// e^r by its Taylor polynomial of degree 7, whose first term left out is below 6e-9.
float exp_of_negative(float x) {
    constexpr float log2_e = 1.44269504f;
    constexpr float ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;  // n * ln2_high is exact
    constexpr float rounder = 12582912.0f;  // 1.5 * 2^23: adding it rounds to whole numbers
    const float shifted = x * log2_e + rounder;
    const float n = shifted - rounder;
    const float r = (x - n * ln2_high) - n * ln2_low;
    float sum = 1.0f / 5040.0f;
    sum = sum * r + 1.0f / 720.0f;
    sum = sum * r + 1.0f / 120.0f;
    sum = sum * r + 1.0f / 24.0f;
    sum = sum * r + 1.0f / 6.0f;
    sum = sum * r + 0.5f;
    sum = sum * r + 1.0f;
    sum = sum * r + 1.0f;
    const std::int32_t exponent = std::bit_cast<std::int32_t>(shifted) << 23;
    return std::bit_cast<float>(std::bit_cast<std::int32_t>(sum) + exponent);
}

void softmax_chunk(float* data, std::int64_t classes, std::int64_t stride, std::int64_t count) {
    Chunk largest, sum;
    std::copy_n(data, count, largest.begin());
    for (std::int64_t k = 1; k < classes; ++k)
        for (std::int64_t i = 0; i < count; ++i)
            largest[i] = larger(largest[i], data[k * stride + i]);
    sum.fill(0.0f);
    for (std::int64_t k = 0; k < classes; ++k) {
        float* values = data + k * stride;
        for (std::int64_t i = 0; i < count; ++i)
            values[i] = larger(values[i] - largest[i], lowest_exponent);
        for (std::int64_t i = 0; i < count; ++i) values[i] = exp_of_negative(values[i]);
        for (std::int64_t i = 0; i < count; ++i) sum[i] += values[i];
    }
    for (std::int64_t k = 0; k < classes; ++k)
        for (std::int64_t i = 0; i < count; ++i) data[k * stride + i] /= sum[i];
}

}  // namespace

void softmax(const LogitsRow& row) {
    for (std::int64_t i = 0; i < row.pixels; i += chunk)
        softmax_chunk(row.data + i, row.classes, row.class_stride, std::min(chunk, row.pixels - i));
}

void largest_class(const LogitsRow& row, float* labels) {
    for (std::int64_t begin = 0; begin < row.pixels; begin += chunk) {
        const std::int64_t count = std::min(chunk, row.pixels - begin);
        Chunk largest;
        std::copy_n(row.data + begin, count, largest.begin());
        std::fill_n(labels + begin, count, 0.0f);
        for (std::int64_t k = 1; k < row.classes; ++k) {
            const float* logits = row.data + k * row.class_stride + begin;
            for (std::int64_t i = 0; i < count; ++i) {
                const float before = labels[begin + i], now = static_cast<float>(k);
                labels[begin + i] = logits[i] > largest[i] ? now : before;
            }
            for (std::int64_t i = 0; i < count; ++i) largest[i] = larger(logits[i], largest[i]);
        }
    }
}

void above_threshold(const LogitsRow& probabilities, double threshold, float* labels) {
    const float* foreground = probabilities.data + probabilities.class_stride;
    for (std::int64_t i = 0; i < probabilities.pixels; ++i)
        labels[i] = static_cast<double>(foreground[i]) > threshold ? 1.0f : 0.0f;
}

void within_boundary(const LogitsRow& probabilities, double threshold, float* labels) {
    const float* background = probabilities.data;
    const float* interior = background + probabilities.class_stride;
    for (std::int64_t i = 0; i < probabilities.pixels; ++i) {
        const float inside = interior[i] > 0.5f ? 1.0f : 2.0f;
        labels[i] = 1.0 - static_cast<double>(background[i]) > threshold ? inside : 0.0f;
    }
}

bool decides_by_probabilities(std::int64_t classes, const ModelInfo& info) {
    return classes == 2 || info.boundary > 0.0;
}

void decide(const LogitsRow& row, const ModelInfo& info, float* labels) {
    if (info.boundary > 0.0)
        within_boundary(row, info.threshold, labels);
    else if (row.classes == 2)
        above_threshold(row, info.threshold, labels);
    else
        largest_class(row, labels);
}

}  // namespace unet::predict
