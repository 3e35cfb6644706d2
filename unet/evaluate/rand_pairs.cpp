#include "unet/evaluate/rand_pairs.h"

namespace unet {
namespace {

double squared(std::int64_t pixels) {
    const auto count = static_cast<double>(pixels);
    return count * count;
}

}  // namespace

RandPairs count_pairs(const Overlaps& overlaps) {
    RandPairs pairs;
    for (const Overlaps::Object& segment : overlaps.truth) {
        pairs.pixels += segment.pixels;
        pairs.truth += squared(segment.pixels);
    }
    pairs.all = squared(pairs.pixels);
    std::int64_t alone = pairs.pixels;  // those in no predicted segment
    for (const std::int64_t pixels : predicted_inside_truth(overlaps)) {
        pairs.predicted += squared(pixels);
        alone -= pixels;
    }
    for (const Overlap& overlap : overlaps.pairs) pairs.both += squared(overlap.pixels);
    pairs.predicted += static_cast<double>(alone);
    pairs.both += static_cast<double>(alone);
    return pairs;
}

double RandPairs::precision() const { return both == predicted ? 1.0 : both / predicted; }
double RandPairs::recall() const { return both == truth ? 1.0 : both / truth; }

double RandPairs::f1() const { return pixels > 0 ? 2.0 * both / (truth + predicted) : 0.0; }

double RandPairs::error() const {
    const double of_two_pixels = all - static_cast<double>(pixels);
    return of_two_pixels > 0.0 ? (truth + predicted - 2.0 * both) / of_two_pixels : 0.0;
}

RandPairs& RandPairs::operator+=(const RandPairs& other) {
    pixels += other.pixels;
    all += other.all;
    truth += other.truth;
    predicted += other.predicted;
    both += other.both;
    return *this;
}

}  // namespace unet
