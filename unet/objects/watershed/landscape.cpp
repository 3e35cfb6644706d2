#include "unet/objects/watershed/landscape.h"

#include <algorithm>
#include <array>
#include <bit>

#include "unet/core/math.h"
#include "unet/core/memory.h"
#include "unet/objects/ids.h"
#include "unet/objects/watershed/landscape_lines.h"

namespace unet {
namespace {

constexpr double smoothing = 1.0;  // pixels: takes the steps of the pixel grid off the distance
constexpr std::int64_t reach = smoothing_reach;

/// Pixels of other components within `reach` matter, too. Between them and the component lies
/// background, so their nearest is at most sqrt(2) reach farther off, that is 4 pixels.
constexpr std::int64_t margin = reach + 4;

/// Both sides together 1.
SmoothingWeights gaussian_weights() {
    std::array<double, reach + 1> weights;
    double sum = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const auto x = static_cast<double>(i);
        weights[i] = exp_of(-0.5 * x * x / (smoothing * smoothing));
        sum += i == 0 ? weights[i] : 2.0 * weights[i];
    }
    SmoothingWeights result;
    for (std::size_t i = 0; i < weights.size(); ++i)
        result[i] = static_cast<float>(weights[i] / sum);
    return result;
}

const SmoothingWeights weights = gaussian_weights();

/// Mirrored beyond the border, the edge pixel repeated.
std::int64_t inside(std::int64_t i, std::int64_t length) {
    while (i < 0 || i >= length) i = i < 0 ? -1 - i : 2 * length - 1 - i;
    return i;
}

/// Of a box's arrays: a pixel before a row, behind it what is more than a pixel anyway.
std::int64_t pitch_of(const PixelBox& box) { return 1 + box.width + line_slack; }

std::size_t with_edge(const PixelBox& box) {
    return static_cast<std::size_t>((box.height + 2) * pitch_of(box));
}

std::size_t window_entries(const PixelBox& window) {
    return static_cast<std::size_t>(window.pixels() + line_slack);
}

std::size_t row_entries(const PixelBox& window) {
    return static_cast<std::size_t>(reach + window.width + reach + line_slack);
}

std::size_t words_of(const PixelBox& box) {
    return static_cast<std::size_t>((box.width + 63) / 64);
}

}  // namespace

PixelBox Landscape::window_about(const PixelBox& box, std::int64_t height, std::int64_t width) {
    PixelBox window;
    window.y = std::max<std::int64_t>(0, box.y - margin);
    window.x = std::max<std::int64_t>(0, box.x - margin);
    window.height = std::min(height, box.y + box.height + margin) - window.y;
    window.width = std::min(width, box.x + box.width + margin) - window.x;
    return window;
}

void Landscape::reserve(const PixelBox& box, const PixelBox& window, std::int64_t pixels) {
    distances_.reserve(window.width);
    make_room(squared_, window_entries(window));
    make_room(row_, row_entries(window));
    make_room(heights_, with_edge(box));
    make_room(cells_, with_edge(box));
    make_room(words_, words_of(box));
    make_room(meetings_, static_cast<std::size_t>(pixels));
}

std::int64_t Landscape::bytes(const PixelBox& box, const PixelBox& window, std::int64_t pixels) {
    return SliceDistances::bytes(window.width) +
           static_cast<std::int64_t>(
               window_entries(window) * sizeof(std::int32_t) + row_entries(window) * sizeof(float) +
               with_edge(box) * (sizeof(float) + sizeof(std::int32_t)) +
               (words_of(box) + static_cast<std::size_t>(pixels)) * sizeof(std::uint64_t));
}

std::uint32_t* Landscape::start(const PixelBox& box, const PixelBox& window, std::int64_t pixels) {
    box_ = box;
    window_ = window;
    pitch_ = pitch_of(box);
    reserve(box, window, pixels);
    squared_.resize(window_entries(window));
    row_.resize(row_entries(window));
    heights_.resize(with_edge(box));
    cells_.resize(with_edge(box));
    words_.resize(words_of(box));
    return reinterpret_cast<std::uint32_t*>(squared_.data());
}

void Landscape::flood(std::span<const LandscapeRun> runs, Basins& basins) {
    distances_.measure(reinterpret_cast<const std::uint32_t*>(squared_.data()), window_.width,
                       window_.height, window_.width, DistanceTo::background, squared_.data());
    // A slice without background is flat, whatever its height.
    take_roots(squared_.data(), window_.pixels());
    smooth();
    for (std::int64_t y = box_.y; y < box_.y + box_.height; ++y) {
        const std::size_t first = place(y, box_.x);
        find_steps(heights_.data() + first, pitch_, box_.width, cells_.data() + first);
    }
    const auto first_basin = static_cast<std::uint32_t>(basins.summits.size());
    follow_steps(runs, basins);
    if (basins.summits.size() - first_basin < 2) return;
    find_meetings();
    for (const std::uint64_t entry : meetings_)
        join(static_cast<std::size_t>(entry & 0xFFFFFFFFu), first_basin, basins);
}

/// Heights of the box, along columns, then along rows, and its edge.
void Landscape::smooth() {
    const std::int64_t first = box_.x - window_.x;
    float* const row = row_.data() + reach;
    std::fill_n(heights_.data(), pitch_ + 1, background_height);
    for (std::int64_t y = 0; y < box_.height; ++y) {
        const std::int64_t in_window = box_.y - window_.y + y;
        std::array<const std::int32_t*, 2 * reach + 1> rows;
        for (std::int64_t k = -reach; k <= reach; ++k)
            rows[k + reach] =
                squared_.data() + inside(in_window + k, window_.height) * window_.width;
        smooth_columns(rows, weights, window_.width, row);
        for (std::int64_t k = 0; k < reach; ++k) {
            row[-1 - k] = row[inside(-1 - k, window_.width)];
            row[window_.width + k] = row[inside(window_.width + k, window_.width)];
        }
        float* const out = heights_.data() + place(box_.y + y, box_.x);
        smooth_row(row + first, rows[reach] + first, weights, box_.width, out);
        std::fill_n(out + box_.width, line_slack + 1, background_height);
    }
    std::fill_n(heights_.data() + place(box_.y + box_.height, box_.x), pitch_ - 1,
                background_height);
}

/// Gives every pixel of the runs the basin of the summit that its steps lead to.
void Landscape::follow_steps(std::span<const LandscapeRun> runs, Basins& basins) {
    std::int32_t* const cells = cells_.data();
    const std::size_t before = basins.summits.size();
    for (const LandscapeRun& run : runs) {
        const std::size_t first = place(run.y, run.begin);
        for (std::size_t i = first; i < first + run.end - run.begin; ++i) {
            std::size_t top = i;
            std::int32_t cell = cells[top];
            for (; cell < 0 && cell != summit; cell = cells[top])
                top += static_cast<std::size_t>(cell - summit);
            if (cell == summit) {
                add_basin(top, basins);
                cell = static_cast<std::int32_t>(basins.summits.size() - before - 1);
            }
            for (std::size_t at = i; cells[at] < 0;) {
                const std::int32_t step = cells[at] - summit;
                cells[at] = cell;
                at += static_cast<std::size_t>(step);
            }
        }
    }
}

void Landscape::add_basin(std::size_t pixel, Basins& basins) const {
    check_ids(std::ssize(basins.summits) + 1, "summits", {1, box_.height, box_.width});
    basins.summits.push_back(heights_[pixel]);
    basins.parents.push_back(static_cast<std::uint32_t>(basins.parents.size()));
}

/// Into meetings_, from the highest down, equal heights in raster order.
void Landscape::find_meetings() {
    meetings_.clear();
    recent_.fill({});
    for (std::int64_t y = box_.y; y < box_.y + box_.height; ++y) {
        std::size_t first = place(y, box_.x);
        mark_meetings(heights_.data() + first, cells_.data() + first, pitch_, box_.width,
                      words_.data());
        for (std::uint64_t word : words_) {
            for (; word != 0; word &= word - 1)
                add_meeting(first + static_cast<std::size_t>(std::countr_zero(word)));
            first += 64;
        }
    }
    std::sort(meetings_.begin(), meetings_.end());
}

/// Where only two basins meet, their highest meeting is enough. Most of the lower ones are seen in
/// its company, and a short memory keeps them out.
void Landscape::add_meeting(std::size_t pixel) {
    const std::int32_t basin = cells_[pixel];
    std::int32_t least = basin, most = basin;
    bool two = true;
    for_earlier(pixel, [&](std::size_t other) {
        const std::int32_t met = cells_[other];
        two &= least == most || met == least || met == most;
        least = std::min(least, met);
        most = std::max(most, met);
    });
    // Heights are not negative, so their bits order as they do.
    const auto depth = ~std::bit_cast<std::uint32_t>(heights_[pixel]);
    const std::uint64_t entry = std::uint64_t{depth} << 32 | pixel;
    if (two) {
        const std::uint64_t pair =
            static_cast<std::uint64_t>(least) << 32 | static_cast<std::uint64_t>(most);
        Recent& recent = recent_[pair % recent_.size()];
        if (recent.pair == pair) {
            meetings_[recent.meeting] = std::min(meetings_[recent.meeting], entry);
            return;
        }
        recent = {pair, meetings_.size()};
    }
    meetings_.push_back(entry);
}

/// Calls function(place) for the neighbours that are flooded before this pixel.
template <class Function>
void Landscape::for_earlier(std::size_t pixel, Function function) const {
    const auto pitch = static_cast<std::size_t>(pitch_);
    const float height = heights_[pixel];
    if (heights_[pixel - pitch] >= height) function(pixel - pitch);
    if (heights_[pixel - 1] >= height) function(pixel - 1);
    if (heights_[pixel + 1] > height) function(pixel + 1);
    if (heights_[pixel + pitch] > height) function(pixel + pitch);
}

/// Joins the basins of the neighbours that were there before this pixel, and notes the saddles.
void Landscape::join(std::size_t pixel, std::uint32_t first_basin, Basins& basins) const {
    const std::uint32_t a = first_basin + static_cast<std::uint32_t>(cells_[pixel]);
    for_earlier(pixel, [&](std::size_t other) {
        const std::uint32_t b = first_basin + static_cast<std::uint32_t>(cells_[other]);
        const std::uint32_t root_a = basins.root(a), root_b = basins.root(b);
        if (root_a == root_b) return;
        basins.parents[root_b] = root_a;
        basins.saddles.push_back({a, b, heights_[pixel]});
    });
}

}  // namespace unet
