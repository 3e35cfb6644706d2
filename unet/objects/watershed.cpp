#include "unet/objects/watershed.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "unet/core/memory.h"

namespace unet {
namespace {

/// Windows of one slice hold at most so many times its pixels; what does not fit is flooded at
/// once.
constexpr std::int64_t windows_per_slice = 2;

std::size_t area_of(const Size3& size) {
    return static_cast<std::size_t>(size.height * size.width);
}

/// No two summits are neighbours.
std::size_t most_basins(const Size3& size) {
    return static_cast<std::size_t>(size.depth) * (area_of(size) + 1) / 2;
}

std::size_t most_runs(const Size3& size) {
    return static_cast<std::size_t>(size.depth * size.height * ((size.width + 1) / 2));
}

}  // namespace

void Watershed::reserve(const Size3& size) {
    const std::size_t basins = most_basins(size), runs = most_runs(size);
    components_.reserve(size);
    landscape_.reserve(size.height, size.width);
    for (auto* of_runs : {&rows_, &component_, &grouped_, &together_})
        reserve_array(*of_runs, runs);
    reserve_array(firsts_, runs);
    reserve_array(own_, runs);
    reserve_array(starts_, runs + 1);
    reserve_array(flooded_, static_cast<std::size_t>(size.elements()));
    reserve_array(basins_.summits, basins);
    reserve_array(basins_.saddles, basins);
    reserve_array(basins_.parents, basins);
    reserve_array(merged_summits_, basins);
    reserve_array(pixels_, basins);
}

std::int64_t Watershed::bytes(const Size3& size) {
    constexpr std::size_t per_basin =
        2 * sizeof(float) + sizeof(Saddle) + sizeof(std::uint32_t) + sizeof(std::int64_t);
    constexpr std::size_t per_run =
        sizeof(LandscapeRun) + sizeof(std::int64_t) + 5 * sizeof(std::uint32_t);
    return ComponentFinder::bytes(size) + Landscape::bytes(size.height, size.width) +
           size.elements() * static_cast<std::int64_t>(sizeof(std::uint32_t)) +
           static_cast<std::int64_t>(most_basins(size) * per_basin + most_runs(size) * per_run +
                                     sizeof(std::uint32_t));
}

void Watershed::find(std::span<const std::uint32_t> foreground, const Size3& size) {
    size_ = size;
    basins_.clear();
    components_.scan(foreground, size, Connectivity::four);
    group_runs();
    // Components come slice by slice.
    const auto starts = components_.row_starts();
    std::size_t component = 0;
    for (std::int64_t z = 0; z < size.depth; ++z) {
        const std::size_t end_run = starts[static_cast<std::size_t>((z + 1) * size.height)];
        std::size_t end = component;
        while (end + 1 < starts_.size() && grouped_[starts_[end]] < end_run) ++end;
        flood_slice(foreground.data() + static_cast<std::size_t>(z) * area_of(size), component,
                    end);
        component = end;
    }
}

void Watershed::group_runs() {
    const auto runs = components_.runs();
    const auto rows = components_.row_starts();
    rows_.clear();
    firsts_.clear();
    component_.clear();
    starts_.assign(1, 0);
    for (auto* of_runs : {&rows_, &component_}) reserve_array(*of_runs, runs.size());
    reserve_array(firsts_, runs.size());
    std::int64_t first = 0;
    for (std::size_t row = 0; row + 1 < rows.size(); ++row)
        for (std::size_t r = rows[row]; r < rows[row + 1]; ++r) {
            rows_.push_back(
                static_cast<std::uint32_t>(static_cast<std::int64_t>(row) % size_.height));
            firsts_.push_back(first);
            first += runs[r].end - runs[r].begin;
            if (runs[r].parent == r) {
                component_.push_back(static_cast<std::uint32_t>(starts_.size() - 1));
                starts_.push_back(0);
            } else {
                component_.push_back(component_[runs[r].parent]);
            }
            ++starts_[component_.back()];
        }
    reserve_array(flooded_, static_cast<std::size_t>(first));
    flooded_.resize(static_cast<std::size_t>(first));
    std::exclusive_scan(starts_.begin(), starts_.end(), starts_.begin(), 0u);
    grouped_.resize(runs.size());
    for (std::size_t r = 0; r < runs.size(); ++r)
        grouped_[starts_[component_[r]]++] = static_cast<std::uint32_t>(r);
    // Every start has moved to the next one's.
    std::rotate(starts_.begin(), starts_.end() - 1, starts_.end());
    starts_.front() = 0;
}

std::span<const std::uint32_t> Watershed::runs_of(std::size_t component) const {
    return std::span(grouped_).subspan(starts_[component],
                                       starts_[component + 1] - starts_[component]);
}

std::int64_t Watershed::window_of(std::span<const std::uint32_t> runs) const {
    std::int64_t left = size_.width, right = 0;
    for (const std::uint32_t r : runs) {
        left = std::min<std::int64_t>(left, components_.runs()[r].begin);
        right = std::max<std::int64_t>(right, components_.runs()[r].end);
    }
    return Landscape::window_pixels(std::int64_t{rows_[runs.back()]} + 1 - rows_[runs.front()],
                                    right - left);
}

void Watershed::flood_slice(const std::uint32_t* foreground, std::size_t first_component,
                            std::size_t end_component) {
    together_.clear();
    std::int64_t left = windows_per_slice * size_.height * size_.width;
    for (std::size_t c = first_component; c < end_component; ++c) {
        const auto runs = runs_of(c);
        const std::int64_t window = window_of(runs);
        if (window <= left) {
            left -= window;
            flood(foreground, runs);
        } else {
            together_.insert(together_.end(), runs.begin(), runs.end());
        }
    }
    std::sort(together_.begin(), together_.end());
    if (!together_.empty()) flood(foreground, together_);
}

void Watershed::flood(const std::uint32_t* foreground, std::span<const std::uint32_t> runs) {
    own_.clear();
    for (const std::uint32_t r : runs)
        own_.push_back({rows_[r], components_.runs()[r].begin, components_.runs()[r].end});
    landscape_.flood(foreground, size_.height, size_.width, own_, basins_);
    for (std::size_t i = 0; i < runs.size(); ++i)
        std::copy_n(landscape_.flooded(own_[i]), own_[i].end - own_[i].begin,
                    flooded_.data() + firsts_[runs[i]]);
}

std::int64_t Watershed::merge(double depth, std::int64_t minimum_pixels,
                              std::span<std::uint32_t> objects) {
    std::iota(basins_.parents.begin(), basins_.parents.end(), 0u);
    merged_summits_ = basins_.summits;
    for (const Saddle& saddle : basins_.saddles) {
        std::uint32_t a = basins_.root(saddle.a), b = basins_.root(saddle.b);
        if (merged_summits_[b] > merged_summits_[a]) std::swap(a, b);
        if (static_cast<double>(merged_summits_[b]) - static_cast<double>(saddle.height) < depth)
            basins_.parents[b] = a;
    }
    for (std::uint32_t& parent : basins_.parents) parent = basins_.root(parent);
    pixels_.assign(basins_.summits.size(), 0);
    for (const std::uint32_t basin : flooded_) ++pixels_[basins_.parents[basin - 1]];
    // From here on an entry below 0 is an id.
    std::int64_t next = 0;
    std::uint32_t* row = objects.data();
    const auto rows = components_.row_starts();
    for (std::size_t y = 0; y + 1 < rows.size(); ++y, row += size_.width) {
        std::int64_t done = 0;
        for (std::size_t r = rows[y]; r < rows[y + 1]; ++r) {
            const ComponentFinder::Run& run = components_.runs()[r];
            std::fill(row + done, row + run.begin, 0u);
            done = run.end;
            const std::uint32_t* basin = flooded_.data() + firsts_[r];
            for (std::int64_t x = run.begin; x < run.end; ++x, ++basin) {
                std::int64_t& entry = pixels_[basins_.parents[*basin - 1]];
                if (entry > 0) entry = entry < minimum_pixels ? 0 : -++next;
                row[x] = static_cast<std::uint32_t>(-entry);
            }
        }
        std::fill(row + done, row + size_.width, 0u);
    }
    return next;
}

}  // namespace unet
