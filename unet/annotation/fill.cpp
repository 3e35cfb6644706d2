#include "unet/annotation/fill.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "unet/core/error.h"

namespace unet {
namespace {

/// Runs in raster order, those that overlap or adjoin joined.
std::vector<PixelRun> joined(std::vector<PixelRun> runs) {
    std::sort(runs.begin(), runs.end(), [](const PixelRun& a, const PixelRun& b) {
        return a.y != b.y ? a.y < b.y : a.x < b.x;
    });
    std::vector<PixelRun> result;
    for (const PixelRun& run : runs) {
        if (!result.empty() && result.back().y == run.y && run.x <= result.back().end)
            result.back().end = std::max(result.back().end, run.end);
        else
            result.push_back(run);
    }
    return result;
}

/// Where the lines of a piece meet the middles of the rows `first` .. `last` - 1.
std::vector<std::vector<double>> crossings_of_rows(const std::vector<Curve>& piece,
                                                   std::int64_t first, std::int64_t last) {
    std::vector<std::vector<double>> rows(last - first);
    for (const Curve& curve : piece)
        for (std::size_t i = 0; i < curve.size(); ++i) {
            // Always from above, so that a line gives one number whichever way it is walked.
            PlacePoint a = curve[i], b = curve[(i + 1) % curve.size()];
            if (a.y > b.y) std::swap(a, b);
            const auto from = std::max(static_cast<std::int64_t>(std::ceil(a.y - 0.5)), first);
            const auto to = std::min(static_cast<std::int64_t>(std::ceil(b.y - 0.5)), last);
            for (std::int64_t y = from; y < to; ++y) {
                const double middle = static_cast<double>(y) + 0.5;
                rows[y - first].push_back(a.x + (middle - a.y) * (b.x - a.x) / (b.y - a.y));
            }
        }
    return rows;
}

void fill_piece(const std::vector<Curve>& piece, std::int64_t height, std::int64_t width,
                std::vector<PixelRun>& runs) {
    double top = static_cast<double>(height), bottom = 0.0;
    for (const Curve& curve : piece)
        for (const PlacePoint& point : curve) {
            top = std::min(top, point.y);
            bottom = std::max(bottom, point.y);
        }
    const auto first = std::max<std::int64_t>(static_cast<std::int64_t>(std::floor(top)), 0);
    const auto last = std::min(static_cast<std::int64_t>(std::ceil(bottom)), height);
    if (first >= last) return;
    auto rows = crossings_of_rows(piece, first, last);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        std::vector<double>& places = rows[row];
        std::sort(places.begin(), places.end());
        for (std::size_t i = 0; i + 1 < places.size(); i += 2) {
            const auto pixel = [&](double place) {
                const double inside = std::clamp(place, 0.0, static_cast<double>(width));
                return static_cast<std::int64_t>(std::floor(inside + 0.5));
            };
            const PixelRun run{first + static_cast<std::int64_t>(row), pixel(places[i]),
                               std::min(pixel(places[i + 1]), width)};
            if (run.x < run.end) runs.push_back(run);
        }
    }
}

void fill_runs(const Annotation& annotation, std::int64_t height, std::int64_t width,
               std::vector<PixelRun>& result) {
    const ColumnRuns& runs = *annotation.runs;
    if (runs.height != height || runs.width != width)
        fail(ErrorCode::shape_mismatch,
             "{}: found a mask of {} x {} pixels (height x width), expected {} x {} as the image",
             annotation.where, runs.height, runs.width, height, width);
    std::int64_t at = 0;
    bool inside = false;
    for (const std::int64_t count : runs.counts) {
        if (count < 0 || count > height * width - at)
            fail(ErrorCode::corrupt_file,
                 "{}: found runs of more pixels than {} x {} (height x width)", annotation.where,
                 height, width);
        for (std::int64_t i = at; inside && i < at + count; ++i)
            result.push_back({i % height, i / height, i / height + 1});
        at += count;
        inside = !inside;
    }
    if (at != height * width)
        fail(ErrorCode::corrupt_file, "{}: found runs of {} pixels, expected {} x {}",
             annotation.where, at, height, width);
}

}  // namespace

std::vector<PixelRun> filled(const Annotation& annotation, std::int64_t height,
                             std::int64_t width) {
    std::vector<PixelRun> runs;
    if (annotation.runs) fill_runs(annotation, height, width, runs);
    for (const auto& piece : annotation.pieces) fill_piece(piece, height, width, runs);
    return joined(std::move(runs));
}

std::int64_t pixels_in(const std::vector<PixelRun>& runs) {
    return std::accumulate(
        runs.begin(), runs.end(), std::int64_t{0},
        [](std::int64_t sum, const PixelRun& run) { return sum + run.end - run.x; });
}

bool has_outline(const Annotation& annotation) {
    const auto has_point = [](const std::vector<Curve>& piece) {
        return std::any_of(piece.begin(), piece.end(),
                           [](const Curve& curve) { return !curve.empty(); });
    };
    return annotation.runs ||
           std::any_of(annotation.pieces.begin(), annotation.pieces.end(), has_point);
}

Reach reach_of(const Annotation& annotation, std::int64_t height, std::int64_t width) {
    if (annotation.runs) return Reach::inside;
    const auto h = static_cast<double>(height), w = static_cast<double>(width);
    double top = most_coordinate, left = top, bottom = -top, right = -top;
    for (const auto& piece : annotation.pieces)
        for (const Curve& curve : piece)
            for (const PlacePoint& point : curve) {
                top = std::min(top, point.y);
                bottom = std::max(bottom, point.y);
                left = std::min(left, point.x);
                right = std::max(right, point.x);
            }
    if (bottom <= 0.0 || right <= 0.0 || top >= h || left >= w) return Reach::outside;
    return top < 0.0 || left < 0.0 || bottom > h || right > w ? Reach::partly : Reach::inside;
}

}  // namespace unet
