#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "unet/check/detectors.h"
#include "unet/check/planes.h"
#include "unet/core/fingerprint.h"
#include "unet/core/math.h"

namespace unet {
namespace {

// Images are compared as this many cells along each edge.
constexpr std::int64_t cells = 32;
// Correlation of the cells' details: 0.1 at most between different images of one kind.
constexpr double nearly_equal = 0.9;

/// Details of an image: every cell less the mean of the cells around it, so that uneven light does
/// not count, of length 1. Empty for an image of one value.
using Thumbnail = std::vector<float>;

std::vector<float> cells_of(const Image& image) {
    std::vector<float> sums(cells * cells, 0.0f);
    std::vector<float> counts(sums.size(), 0.0f);
    const std::int64_t height = image.size.height, width = image.size.width;
    for (const std::int64_t z : some_slices(image.size.depth)) {
        const std::vector<float> plane = brightness_of(image, z);
        for (std::int64_t y = 0; y < height; ++y)
            for (std::int64_t x = 0; x < width; ++x) {
                const auto cell =
                    static_cast<std::size_t>(y * cells / height * cells + x * cells / width);
                sums[cell] += plane[y * width + x];
                counts[cell] += 1.0f;
            }
    }
    for (std::size_t i = 0; i < sums.size(); ++i)
        if (counts[i] > 0.0f) sums[i] /= counts[i];
    return sums;
}

Thumbnail thumbnail_of(const Image& image) {
    Thumbnail details = cells_of(image);
    std::vector<float> around = details;
    for (int pass = 0; pass < 3; ++pass) smooth(around, cells, cells);
    double sum = 0.0;
    for (std::size_t i = 0; i < details.size(); ++i) {
        details[i] -= around[i];
        sum += static_cast<double>(details[i]) * static_cast<double>(details[i]);
    }
    if (sum <= 0.0) return {};
    for (float& value : details) value /= static_cast<float>(sqrt_of(sum));
    return details;
}

double correlation(const Thumbnail& a, const Thumbnail& b) {
    if (a.empty() || b.empty()) return 0.0;
    float sums[16] = {};
    for (std::size_t i = 0; i < a.size(); i += 16)
        for (std::size_t k = 0; k < 16; ++k) sums[k] += a[i + k] * b[i + k];
    float sum = 0.0f;
    for (const float each : sums) sum += each;
    return static_cast<double>(sum);
}

/// Of the stored values.
std::uint64_t hash_of(const Image& image) {
    Fingerprint hash;
    hash.add(std::span(image.values));
    return hash.value();
}

struct Look {
    std::uint64_t hash = 0;
    Thumbnail thumbnail;
};

bool equal(const Image& a, const Image& b) {
    return a.size == b.size && a.channels == b.channels && a.values == b.values;
}

bool of_one_shape(const Size3& a, const Size3& b) {
    return a.height * b.width == b.height * a.width;
}

/// Drawn by chance for validation, one may stand on either side.
bool on_both_sides(const Case& a, const Case& b) {
    return (a.pair.part == Part::validation) != (b.pair.part == Part::validation);
}

Finding duplicate(const Case& a, const Case& b, double likeness) {
    const bool exact = likeness >= 1.0, divided = on_both_sides(a, b);
    const bool other_labels = exact && a.labels && b.labels && a.labels->values != b.labels->values;
    const bool grouped = a.pair.group == b.pair.group;
    return {.kind = FindingKind::duplicate,
            .severity = exact || (divided && !grouped) ? Severity::warning : Severity::note,
            .what = fmt::format(
                "{} {}{}{}", exact ? "equal to" : "nearly equal to", a.pair.image.string(),
                divided ? ", one trains and the other validates: the score is too good" : "",
                other_labels ? ", with other labels" : ""),
            .file = b.pair.image,
            .sure = exact ? 1.0 : likeness,
            .todo = exact ? "move one away with its labels, as `mend` does"
                          : "keep both on one side: the same word in the column group of list.csv",
            .other = a.pair.image};
}

}  // namespace

void find_duplicates(Context& context, const CheckedSet& set, Findings& findings) {
    std::vector<Look> looks(set.cases.size());
    parallel_for(context, static_cast<std::int64_t>(looks.size()), [&](std::int64_t i, int) {
        const auto at = static_cast<std::size_t>(i);
        if (set.cases[at].image && !set.stopped())
            looks[at] = {hash_of(*set.cases[at].image), thumbnail_of(*set.cases[at].image)};
    });
    // Each image has one finding at most: the first that it is like.
    std::vector<Findings> found(looks.size());
    parallel_for(context, static_cast<std::int64_t>(looks.size()), [&](std::int64_t item, int) {
        const auto b = static_cast<std::size_t>(item);
        if (!set.cases[b].image || set.stopped()) return;
        const Image& image = *set.cases[b].image;
        std::size_t most = b;
        double likeness = nearly_equal;
        for (std::size_t a = 0; a < b && likeness < 1.0; ++a) {
            if (!set.cases[a].image || !of_one_shape(set.cases[a].image->size, image.size))
                continue;
            const double like =
                looks[a].hash == looks[b].hash && equal(*set.cases[a].image, image)
                    ? 1.0
                    : std::min(0.999, correlation(looks[a].thumbnail, looks[b].thumbnail));
            if (like > likeness) {
                most = a;
                likeness = like;
            }
        }
        if (most != b) found[b].push_back(duplicate(set.cases[most], set.cases[b], likeness));
    });
    for (Findings& each : found) findings.insert(findings.end(), each.begin(), each.end());
}

}  // namespace unet
