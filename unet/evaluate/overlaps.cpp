#include "unet/evaluate/overlaps.h"

#include <algorithm>

#include "unet/core/error.h"

namespace unet {
namespace {

/// Pixels with one pair of values.
struct Run {
    std::uint32_t truth, predicted;
    std::int64_t pixels;
};

/// All pairs of values that occur, each once, in order.
std::vector<Run> sorted_pairs(std::span<const std::uint32_t> predicted,
                              std::span<const std::uint32_t> truth,
                              std::optional<std::uint32_t> ignore) {
    std::vector<Run> runs;
    for (std::size_t i = 0; i < truth.size();) {
        const std::size_t begin = i++;
        while (i < truth.size() && truth[i] == truth[begin] && predicted[i] == predicted[begin])
            ++i;
        if (truth[begin] != ignore)
            runs.push_back({truth[begin], predicted[begin], static_cast<std::int64_t>(i - begin)});
    }
    std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) {
        return a.truth != b.truth ? a.truth < b.truth : a.predicted < b.predicted;
    });
    std::size_t pairs = 0;
    for (const Run& run : runs) {
        if (pairs > 0 && runs[pairs - 1].truth == run.truth &&
            runs[pairs - 1].predicted == run.predicted)
            runs[pairs - 1].pixels += run.pixels;
        else
            runs[pairs++] = run;
    }
    runs.resize(pairs);
    return runs;
}

}  // namespace

Overlaps count_overlaps(std::span<const std::uint32_t> predicted,
                        std::span<const std::uint32_t> truth, std::optional<std::uint32_t> ignore) {
    if (predicted.size() != truth.size())
        fail(ErrorCode::shape_mismatch,
             "overlaps: {} predicted pixels, {} true ones; give two "
             "maps of one image",
             predicted.size(), truth.size());
    const std::vector<Run> pairs = sorted_pairs(predicted, truth, ignore);

    Overlaps result;
    std::vector<std::uint32_t> ids;  // predicted ones
    for (const Run& pair : pairs)
        if (pair.predicted != 0) ids.push_back(pair.predicted);
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    for (std::uint32_t id : ids) result.predicted.push_back({id, 0});

    for (const Run& pair : pairs) {
        if (pair.truth != 0) {
            if (result.truth.empty() || result.truth.back().id != pair.truth)
                result.truth.push_back({pair.truth, 0});
            result.truth.back().pixels += pair.pixels;
        }
        if (pair.predicted == 0) continue;
        const auto place = std::lower_bound(ids.begin(), ids.end(), pair.predicted) - ids.begin();
        const auto column = static_cast<std::size_t>(place);
        result.predicted[column].pixels += pair.pixels;
        if (pair.truth != 0) result.pairs.push_back({result.truth.size() - 1, column, pair.pixels});
    }
    return result;
}

std::vector<std::int64_t> predicted_inside_truth(const Overlaps& overlaps) {
    std::vector<std::int64_t> pixels(overlaps.predicted.size(), 0);
    for (const Overlap& pair : overlaps.pairs) pixels[pair.predicted] += pair.pixels;
    return pixels;
}

}  // namespace unet
