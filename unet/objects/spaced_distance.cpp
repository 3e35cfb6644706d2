#include "unet/objects/spaced_distance.h"

#include <limits>

namespace unet {
namespace {

constexpr double nowhere = std::numeric_limits<double>::infinity();

/// The lower envelope of parabolas height + (step (x - apex))^2 along one line.
class LineEnvelope {
public:
    /// Replaces the heights of a line of `count` values, `stride` apart, by the envelope.
    void apply(double* line, std::int64_t count, std::int64_t stride, double step) {
        parabolas_.clear();
        const double squared = step * step;
        for (std::int64_t x = 0; x < count; ++x)
            if (line[x * stride] != nowhere) push(x, line[x * stride], squared);
        if (parabolas_.empty()) return;
        std::size_t lowest = 0;
        for (std::int64_t x = 0; x < count; ++x) {
            while (lowest + 1 < parabolas_.size() &&
                   parabolas_[lowest + 1].start <= static_cast<double>(x))
                ++lowest;
            const auto away = static_cast<double>(x - parabolas_[lowest].apex);
            line[x * stride] = parabolas_[lowest].height + squared * away * away;
        }
    }

private:
    struct Parabola {
        std::int64_t apex;
        double height;
        double start;  ///< where it becomes the lowest so far
    };

    void push(std::int64_t apex, double height, double squared) {
        double start = -nowhere;
        while (!parabolas_.empty()) {
            const Parabola& last = parabolas_.back();
            const auto a = static_cast<double>(last.apex), b = static_cast<double>(apex);
            start = ((height - last.height) / squared + b * b - a * a) / (2.0 * (b - a));
            if (start > last.start) break;
            parabolas_.pop_back();
            start = -nowhere;
        }
        parabolas_.push_back({apex, height, start});
    }

    std::vector<Parabola> parabolas_;
};

}  // namespace

std::vector<double> spaced_squared_distances(std::span<const std::uint8_t> marked,
                                             const Size3& size,
                                             const std::array<double, 3>& spacing) {
    std::vector<double> squared(marked.size());
    for (std::size_t i = 0; i < marked.size(); ++i) squared[i] = marked[i] != 0 ? 0.0 : nowhere;
    LineEnvelope envelope;
    const std::int64_t area = size.height * size.width;
    for (std::int64_t row = 0; row < size.depth * size.height; ++row)
        envelope.apply(squared.data() + row * size.width, size.width, 1, spacing[2]);
    for (std::int64_t z = 0; z < size.depth; ++z)
        for (std::int64_t x = 0; x < size.width; ++x)
            envelope.apply(squared.data() + z * area + x, size.height, size.width, spacing[1]);
    if (size.depth > 1)
        for (std::int64_t i = 0; i < area; ++i)
            envelope.apply(squared.data() + i, size.depth, area, spacing[0]);
    return squared;
}

}  // namespace unet
