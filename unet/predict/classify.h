#pragma once

#include <cstdint>

namespace unet::predict {

/// Logits of neighbouring pixels: class k of pixel i is at data[k * class_stride + i].
struct LogitsRow {
    float* data = nullptr;
    std::int64_t classes = 0;
    std::int64_t class_stride = 0;
    std::int64_t pixels = 0;
};

/// Softmax in place, the largest logit subtracted first. The exponential is our own polynomial
/// (relative error below 2e-7), so the bits are the same on every machine.
void softmax(const LogitsRow& row);

/// Index of the largest logit of every pixel, the smaller one where two are equal.
void largest_class(const LogitsRow& row, float* labels);

/// 1 where the probability of class 1, a softmax before, is above `threshold`, else 0.
void above_threshold(const LogitsRow& probabilities, double threshold, float* labels);

}  // namespace unet::predict
