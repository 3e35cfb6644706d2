#pragma once

#include <cstdint>

#include "unet/model/model.h"

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

/// Index of the largest value of every pixel (logits or probabilities), the smaller one where two
/// are equal. `labels` may be the row of class 0.
void largest_class(const LogitsRow& row, float* labels);

/// 1 where the probability of class 1, a softmax before, is above `threshold`, else 0. `labels` may
/// be the row of class 0.
void above_threshold(const LogitsRow& probabilities, double threshold, float* labels);

/// Of probabilities of background, interior and boundary: 0 unless background is less likely than
/// 1 - `threshold`, then 1 where the interior is more likely than not, and 2 else. `labels` may be
/// the row of class 0.
void within_boundary(const LogitsRow& probabilities, double threshold, float* labels);

/// The class of every pixel: of two, and where the last of `info` is a boundary, by the threshold
/// on probabilities; of others, the largest.
void decide(const LogitsRow& row, const ModelInfo& info, float* labels);
/// Whether that is of probabilities, not of logits.
bool decides_by_probabilities(std::int64_t classes, const ModelInfo& info);

}  // namespace unet::predict
