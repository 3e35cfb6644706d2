#include "unet/evaluate/warping_error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "unet/objects/components.h"

namespace unet {
namespace {

constexpr std::int64_t window_radius = 20;  // of the challenge's script

/// A slice with one pixel of background around it, so that neighbours need no checks.
struct Mask {
    std::int64_t height, width;  ///< with the frame
    std::vector<std::uint32_t> values;

    Mask(std::int64_t inner_height, std::int64_t inner_width)
        : height(inner_height + 2),
          width(inner_width + 2),
          values(static_cast<std::size_t>(height * width), 0) {}

    std::uint32_t& at(std::int64_t place) { return values[place]; }
    std::uint32_t at(std::int64_t place) const { return values[place]; }
    std::int64_t place(std::int64_t y, std::int64_t x) const { return (y + 1) * width + x + 1; }
    bool is_frame(std::int64_t place) const {
        const std::int64_t y = place / width, x = place % width;
        return y == 0 || x == 0 || y == height - 1 || x == width - 1;
    }
    /// Clockwise from the pixel above: edges at even, corners at odd places.
    std::array<std::int64_t, 8> around(std::int64_t place) const {
        return {place - width, place - width + 1, place + 1, place + width + 1,
                place + width, place + width - 1, place - 1, place - width - 1};
    }
};

/// True if changing the pixel changes no topology: the foreground around it is one piece that
/// touches it by an edge, and there is background by an edge or a corner that is one piece too.
/// Pieces joined by edges are foreground edges less the corners between two of them; a full ring
/// gives 0.
bool is_simple(const Mask& mask, std::int64_t place) {
    const auto around = mask.around(place);
    std::array<bool, 8> inside{};
    for (std::size_t i = 0; i < 8; ++i) inside[i] = mask.at(around[i]) != 0;
    int pieces = 0;
    for (std::size_t edge = 0; edge < 8; edge += 2) {
        pieces += inside[edge] ? 1 : 0;
        pieces -= inside[edge] && inside[edge + 1] && inside[(edge + 2) % 8] ? 1 : 0;
    }
    return pieces == 1;
}

struct Mismatch {
    std::int64_t place;
    float confidence;  ///< |probability - threshold|
};

class Warp {
public:
    Warp(std::span<const std::uint32_t> truth, std::span<const float> probabilities,
         double threshold, std::int64_t height, std::int64_t width)
        : warped_(height, width) {
        for (std::int64_t x = 0; x < width; ++x)
            for (std::int64_t y = 0; y < height; ++y) {
                const auto pixel = static_cast<std::size_t>(y * width + x);
                const double probability = static_cast<double>(probabilities[pixel]);
                const bool inside = truth[pixel] != 0;
                warped_.at(warped_.place(y, x)) = inside ? 1 : 0;
                if (inside == (probability > threshold)) continue;
                mismatches_.push_back(
                    {warped_.place(y, x), static_cast<float>(std::abs(probability - threshold))});
            }
        std::stable_sort(
            mismatches_.begin(), mismatches_.end(),
            [](const Mismatch& a, const Mismatch& b) { return a.confidence > b.confidence; });
    }

    void run() {
        std::size_t before = 0;
        do {
            before = mismatches_.size();
            std::erase_if(mismatches_, [&](const Mismatch& mismatch) {
                if (!is_simple(warped_, mismatch.place)) return false;
                warped_.at(mismatch.place) ^= 1;
                return true;
            });
        } while (mismatches_.size() < before);
    }

    WarpingErrors classify() {
        components_ = warped_.values;
        ComponentFinder().find(components_, {1, warped_.height, warped_.width});
        WarpingErrors errors;
        for (const Mismatch& mismatch : mismatches_) classify(mismatch.place, errors);
        return errors;
    }

private:
    /// What lies around a pixel inside the slice.
    struct Surroundings {
        std::uint32_t objects = 0;
        bool background = false;
    };

    template <class IdOf>
    Surroundings look_around(std::int64_t place, IdOf id_of) const {
        std::array<std::uint32_t, 8> seen{};
        Surroundings found;
        for (const std::int64_t neighbour : warped_.around(place)) {
            if (warped_.is_frame(neighbour)) continue;
            const std::uint32_t id = id_of(neighbour);
            const auto end = seen.begin() + found.objects;
            if (id == 0)
                found.background = true;
            else if (std::find(seen.begin(), end, id) == end)
                seen[found.objects++] = id;
        }
        return found;
    }

    void classify(std::int64_t place, WarpingErrors& errors) {
        const bool inside = warped_.at(place) != 0;
        const Surroundings around =
            look_around(place, [&](std::int64_t neighbour) { return components_[neighbour]; });
        if (around.objects == 0)
            ++(inside ? errors.object_deletions : errors.object_additions);
        else if (around.objects == 1 && !around.background)
            ++(inside ? errors.hole_additions : errors.hole_deletions);
        else if (around.objects == 1 && !inside)
            ++errors.hole_additions;
        else if (around.objects == 1)
            ++(parts_object(place) ? errors.splits : errors.hole_deletions);
        else
            ++(inside ? errors.splits : errors.mergers);
    }

    /// True if what the pixel joins falls into pieces without it, as far as can be seen nearby.
    bool parts_object(std::int64_t place) {
        const std::int64_t y = place / warped_.width, x = place % warped_.width;
        const bool small = window_radius > warped_.width - 2 || window_radius > warped_.height - 2;
        const std::int64_t radius = small ? std::max(warped_.width, warped_.height) : window_radius;
        const std::int64_t top = std::max<std::int64_t>(y - radius, 0);
        const std::int64_t left = std::max<std::int64_t>(x - radius, 0);
        const Size3 size{1, std::min(y + radius + 1, warped_.height) - top,
                         std::min(x + radius + 1, warped_.width) - left};
        window_.resize(size.height * size.width);
        const auto in_window = [&](std::int64_t p) {
            return static_cast<std::size_t>((p / warped_.width - top) * size.width +
                                            p % warped_.width - left);
        };
        for (std::int64_t row = 0; row < size.height; ++row)
            std::copy_n(&warped_.at((top + row) * warped_.width + left), size.width,
                        window_.begin() + row * size.width);
        window_[in_window(place)] = 0;
        finder_.find(window_, size);
        return look_around(place, [&](std::int64_t p) { return window_[in_window(p)]; }).objects >
               1;
    }

    Mask warped_;
    std::vector<Mismatch> mismatches_;
    std::vector<std::uint32_t> components_, window_;
    ComponentFinder finder_;
};

}  // namespace

WarpingErrors warp(std::span<const std::uint32_t> truth, std::span<const float> probabilities,
                   double threshold, std::int64_t height, std::int64_t width) {
    Warp warping(truth, probabilities, threshold, height, width);
    warping.run();
    WarpingErrors errors = warping.classify();
    errors.pixels = height * width;
    return errors;
}

double WarpingErrors::error() const {
    return pixels > 0 ? static_cast<double>(disagreeing()) / static_cast<double>(pixels) : 0.0;
}

double WarpingErrors::split_and_merge_error() const {
    return pixels > 0 ? static_cast<double>(splits + mergers) / static_cast<double>(pixels) : 0.0;
}

WarpingErrors& WarpingErrors::operator+=(const WarpingErrors& other) {
    splits += other.splits;
    mergers += other.mergers;
    hole_additions += other.hole_additions;
    hole_deletions += other.hole_deletions;
    object_additions += other.object_additions;
    object_deletions += other.object_deletions;
    pixels += other.pixels;
    return *this;
}

}  // namespace unet
