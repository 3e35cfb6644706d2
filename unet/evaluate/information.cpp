#include "unet/evaluate/information.h"

#include "unet/core/math.h"

namespace unet {

Information shared_information(const Overlaps& overlaps) {
    Information found;
    for (const Overlaps::Object& segment : overlaps.truth) found.pixels += segment.pixels;
    if (found.pixels == 0) return found;
    const auto all = static_cast<double>(found.pixels);
    const auto term = [&](std::int64_t pixels) {
        const double share = static_cast<double>(pixels) / all;
        return pixels > 0 ? -share * log_of(share) : 0.0;
    };
    for (const Overlaps::Object& segment : overlaps.truth) found.truth += term(segment.pixels);
    std::int64_t alone = found.pixels;  // those in no predicted segment
    for (const std::int64_t pixels : predicted_inside_truth(overlaps)) {
        found.predicted += term(pixels);
        alone -= pixels;
    }
    for (const Overlap& overlap : overlaps.pairs) found.joint += term(overlap.pixels);
    found.predicted += static_cast<double>(alone) * term(1);
    found.joint += static_cast<double>(alone) * term(1);
    return found;
}

// With one segment alone a side holds no information; the values are those of the challenge's
// program.
double Information::split() const {
    if (predicted == 0.0) return 0.0;
    return truth == 0.0 ? 1.0 : mutual() / predicted;
}

double Information::merge() const {
    if (predicted == 0.0) return 1.0;
    return truth == 0.0 ? 0.0 : mutual() / truth;
}

double Information::score() const {
    const double sum = split() + merge();
    return pixels > 0 && sum > 0.0 ? 2.0 * split() * merge() / sum : 0.0;
}

}  // namespace unet
