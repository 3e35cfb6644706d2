#include "unet/objects/watershed.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <utility>

#include "unet/core/math.h"
#include "unet/objects/components.h"
#include "unet/objects/distance.h"
#include "unet/objects/ids.h"

namespace unet {
namespace {

constexpr double smoothing = 1.0;  // pixels: takes the steps of the pixel grid off the distance
constexpr std::int64_t reach = 3;

/// Weights at distance 0 .. reach, both sides together 1.
std::array<float, reach + 1> gaussian_weights() {
    std::array<double, reach + 1> weights;
    double sum = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const auto x = static_cast<double>(i);
        weights[i] = exp_of(-0.5 * x * x / (smoothing * smoothing));
        sum += i == 0 ? weights[i] : 2.0 * weights[i];
    }
    std::array<float, reach + 1> result;
    for (std::size_t i = 0; i < weights.size(); ++i)
        result[i] = static_cast<float>(weights[i] / sum);
    return result;
}

/// A plane of heights, smoothed in place; mirrored beyond the border, edge pixel repeated.
class Smoother {
public:
    Smoother(std::int64_t height, std::int64_t width)
        : height_(height), width_(width), columns_(static_cast<std::size_t>(height * width)) {}

    void apply(float* plane) {
        for (std::int64_t y = 0; y < height_; ++y) {
            std::array<const float*, 2 * reach + 1> rows;
            for (std::int64_t k = -reach; k <= reach; ++k)
                rows[static_cast<std::size_t>(k + reach)] = plane + inside(y + k, height_) * width_;
            float* out = columns_.data() + y * width_;
            for (std::int64_t x = 0; x < width_; ++x) {
                float sum = weights_[0] * rows[reach][x];
                for (std::size_t k = 1; k <= reach; ++k)
                    sum += weights_[k] * (rows[reach - k][x] + rows[reach + k][x]);
                out[x] = sum;
            }
        }
        for (std::int64_t y = 0; y < height_; ++y)
            smooth_row(columns_.data() + y * width_, plane + y * width_);
    }

private:
    static std::int64_t inside(std::int64_t i, std::int64_t length) {
        while (i < 0 || i >= length) i = i < 0 ? -1 - i : 2 * length - 1 - i;
        return i;
    }

    void smooth_row(const float* row, float* out) const {
        const auto pixel = [&](std::int64_t x, auto at) {
            float sum = weights_[0] * row[x];
            for (std::int64_t k = 1; k <= reach; ++k)
                sum += weights_[static_cast<std::size_t>(k)] * (row[at(x - k)] + row[at(x + k)]);
            out[x] = sum;
        };
        const auto mirrored = [&](std::int64_t i) { return inside(i, width_); };
        const auto as_is = [](std::int64_t i) { return i; };
        const std::int64_t first = std::min(reach, width_), last = std::max(first, width_ - reach);
        for (std::int64_t x = 0; x < first; ++x) pixel(x, mirrored);
        for (std::int64_t x = first; x < last; ++x) pixel(x, as_is);
        for (std::int64_t x = last; x < width_; ++x) pixel(x, mirrored);
    }

    std::int64_t height_, width_;
    std::array<float, reach + 1> weights_ = gaussian_weights();
    std::vector<float> columns_;
};

/// Sets of basins, joined again and again; a set is named by the member it grew from.
class Sets {
public:
    explicit Sets(std::size_t count) : parent_(count) {
        std::iota(parent_.begin(), parent_.end(), 0u);
    }
    std::uint32_t add() {
        parent_.push_back(static_cast<std::uint32_t>(parent_.size()));
        return parent_.back();
    }
    std::uint32_t root(std::uint32_t i) {
        while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
        return i;
    }
    void join(std::uint32_t root, std::uint32_t other_root) { parent_[other_root] = root; }

private:
    std::vector<std::uint32_t> parent_;
};

/// Floods one slice from its highest pixel down.
class Flood {
public:
    Flood(Watershed& result, const float* heights, std::uint32_t* labels, std::int64_t rows,
          std::int64_t columns)
        : result_(result), heights_(heights), labels_(labels), rows_(rows), columns_(columns) {}

    void run(const std::uint32_t* foreground) {
        // Equal heights in raster order. Heights are not negative, so their bits order as they do.
        std::vector<std::uint64_t> order;
        for (std::int64_t i = 0; i < rows_ * columns_; ++i)
            if (foreground[i] != 0)
                order.push_back(std::uint64_t{~std::bit_cast<std::uint32_t>(heights_[i])} << 32 |
                                static_cast<std::uint64_t>(i));
        std::sort(order.begin(), order.end());
        for (const std::uint64_t entry : order)
            visit(static_cast<std::int64_t>(entry & 0xFFFFFFFFu));
    }

private:
    /// A pixel joins the basin of its highest neighbour that was flooded before, or begins one.
    void visit(std::int64_t pixel) {
        std::array<std::int64_t, 4> neighbours;
        std::size_t count = 0;
        const std::int64_t y = pixel / columns_, x = pixel % columns_;
        const auto look = [&](bool exists, std::int64_t other) {
            if (exists && labels_[other] != 0) neighbours[count++] = other;
        };
        look(y > 0, pixel - columns_);
        look(x > 0, pixel - 1);
        look(x + 1 < columns_, pixel + 1);
        look(y + 1 < rows_, pixel + columns_);
        if (count == 0) {
            result_.summits.push_back(heights_[pixel]);
            labels_[pixel] = static_cast<std::uint32_t>(result_.summits.size());
            connected_.add();
            return;
        }
        std::int64_t highest = neighbours[0];
        for (std::size_t k = 1; k < count; ++k)
            if (heights_[neighbours[k]] > heights_[highest]) highest = neighbours[k];
        labels_[pixel] = labels_[highest];
        for (std::size_t k = 0; k < count; ++k)
            meet(labels_[pixel], labels_[neighbours[k]], heights_[pixel]);
    }

    void meet(std::uint32_t a, std::uint32_t b, float height) {
        if (a == b) return;
        const std::uint32_t root_a = connected_.root(local(a)), root_b = connected_.root(local(b));
        if (root_a == root_b) return;
        connected_.join(root_a, root_b);
        result_.saddles.push_back({a, b, height});
    }

    std::uint32_t local(std::uint32_t id) const { return id - first_ - 1; }

    Watershed& result_;
    const float* heights_;
    std::uint32_t* labels_;
    std::int64_t rows_, columns_;
    std::uint32_t first_ = static_cast<std::uint32_t>(result_.summits.size());
    Sets connected_{0};
};

}  // namespace

Watershed watershed(const LabelMap& foreground) {
    const Size3& size = foreground.size;
    const auto area = static_cast<std::size_t>(size.height * size.width);
    const std::vector<std::int32_t> squared = squared_distances(foreground, DistanceTo::background);
    Watershed result;
    result.basins = {size, std::vector<std::uint32_t>(foreground.values.size(), 0),
                     foreground.spacing};
    Smoother smoother(size.height, size.width);
    std::vector<float> heights(area);
    for (std::int64_t z = 0; z < size.depth; ++z) {
        // A slice without background has no landscape: one basin, whatever the height.
        const std::int32_t* from = squared.data() + static_cast<std::size_t>(z) * area;
        for (std::size_t i = 0; i < area; ++i)
            heights[i] = static_cast<float>(
                sqrt_of(from[i] == no_distance ? 0.0 : static_cast<double>(from[i])));
        smoother.apply(heights.data());
        Flood(result, heights.data(), result.basins.plane(z), size.height, size.width)
            .run(foreground.plane(z));
    }
    return result;
}

LabelMap merged(const Watershed& landscape, double depth) {
    const std::size_t count = landscape.summits.size();
    Sets sets(count);
    std::vector<float> summits = landscape.summits;
    for (const Watershed::Saddle& saddle : landscape.saddles) {
        std::uint32_t a = sets.root(saddle.a - 1), b = sets.root(saddle.b - 1);
        if (a == b) continue;
        if (summits[b] > summits[a]) std::swap(a, b);
        if (static_cast<double>(summits[b]) - static_cast<double>(saddle.height) < depth)
            sets.join(a, b);
    }
    LabelMap objects = landscape.basins;
    for (std::uint32_t& value : objects.values)
        if (value != 0) value = sets.root(value - 1) + 1;
    relabel(objects);
    return objects;
}

LabelMap split_objects(const LabelMap& foreground, double depth) {
    return depth > 0.0 ? merged(watershed(foreground), depth) : connected_components(foreground);
}

}  // namespace unet
