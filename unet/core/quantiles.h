#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

namespace unet {

/// The value below which the part `share` lies, 0 <= share <= 1, of at least one sorted value:
/// linear between the two nearest ranks, as numpy.quantile's default. (numpy counts from the nearer
/// of the two, so its last bit may differ; unet::percentile of image values has numpy's bits.)
inline double quantile(std::span<const double> sorted, double share) {
    assert(!sorted.empty());
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

/// The value of a rank, 0 the least. Puts `values` in another order, as all below do.
template <class T>
T ranked(std::span<T> values, std::size_t rank) {
    assert(rank < values.size());
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

/// As quantile, but one of the values: the nearest rank below.
template <class T>
T lower_quantile(std::span<T> values, double share) {
    return ranked(values, static_cast<std::size_t>(share * static_cast<double>(values.size() - 1)));
}

/// One of the values: of an even number the upper one in the middle.
template <class T>
T upper_median(std::span<T> values) {
    return ranked(values, values.size() / 2);
}

/// The mean of the two middle values for an even number.
template <class T>
double median_of(std::span<T> values) {
    const auto upper = static_cast<double>(upper_median(values));
    if (values.size() % 2 == 1) return upper;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    return 0.5 * (upper + static_cast<double>(*std::max_element(values.begin(), middle)));
}

/// The same; 0 for none.
inline double median(std::vector<double> values) {
    return values.empty() ? 0.0 : median_of(std::span(values));
}

}  // namespace unet
