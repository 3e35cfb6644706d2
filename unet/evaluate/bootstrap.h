#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace unet {

struct Evaluation;

/// Images are drawn with replacement, as many as there are, and the totals computed anew (Efron
/// 1979). Draws are a function of seed and number of images alone.
struct BootstrapOptions {
    std::int64_t resamples = 2000;
    std::uint64_t seed = 1;
    double level = 0.95;  ///< of the interval, 0 < level < 1
};

/// Where a figure would lie with other images of the same kind: percentiles of the resamples.
struct FigureInterval {
    std::string figure;  ///< as the key of to_json: "f1"
    double low = 0.0, high = 0.0;
};

/// Of every figure that is defined in the totals and all resamples; none for fewer than two images.
/// Throws Error(invalid_argument) for options out of range.
std::vector<FigureInterval> bootstrap_intervals(const Evaluation& evaluation,
                                                const BootstrapOptions& options = {});

enum class Better { a, b, undecided };

/// The same figure of two evaluations of the same images, and the interval of b - a with the same
/// draws for both: what differs from image to image for both alike does not widen it.
struct FigureComparison {
    std::string figure;
    double a = 0.0, b = 0.0;
    double low = 0.0, high = 0.0;       ///< of b - a
    Better better = Better::undecided;  ///< undecided where the interval holds 0
};

/// Every figure that both have. Throws Error(invalid_argument) unless both hold the same names in
/// the same order and kind, and at least two images.
std::vector<FigureComparison> compare_evaluations(const Evaluation& a, const Evaluation& b,
                                                  const BootstrapOptions& options = {});

}  // namespace unet
