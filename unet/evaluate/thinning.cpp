#include "unet/evaluate/thinning.h"

#include <algorithm>
#include <limits>

namespace unet {
namespace {

constexpr std::uint32_t border = 0;
// Background that was not reached yet, and what waits in the queue; no ids reach these values.
constexpr std::uint32_t untouched = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t waiting = untouched - 1;

class Flood {
public:
    Flood(std::span<std::uint32_t> labels, std::int64_t height, std::int64_t width)
        : labels_(labels), height_(height), width_(width) {}

    void run() {
        for (std::uint32_t& label : labels_)
            if (label == border) label = untouched;
        for (std::int64_t x = 0; x < width_; ++x)
            for (std::int64_t y = 0; y < height_; ++y) enqueue_beside_segment(y * width_ + x);
        for (std::size_t next = 0; next < queue_.size(); ++next) label_pixel(queue_[next]);
    }

private:
    bool is_segment(std::int64_t pixel) const {
        const std::uint32_t label = labels_[pixel];
        return label != border && label < waiting;
    }

    /// Left, above, right, below.
    template <class Function>
    void for_neighbours(std::int64_t pixel, Function f) {
        const std::int64_t x = pixel % width_, y = pixel / width_;
        if (x > 0) f(pixel - 1);
        if (y > 0) f(pixel - width_);
        if (x + 1 < width_) f(pixel + 1);
        if (y + 1 < height_) f(pixel + width_);
    }

    void enqueue_beside_segment(std::int64_t pixel) {
        std::uint32_t& label = labels_[pixel];
        if (label != untouched) return;
        bool beside = false;
        for_neighbours(pixel, [&](std::int64_t n) { beside = beside || is_segment(n); });
        if (!beside) return;
        label = waiting;
        queue_.push_back(pixel);
    }

    void label_pixel(std::int64_t pixel) {
        std::uint32_t& label = labels_[pixel];
        for_neighbours(pixel, [&](std::int64_t n) {
            std::uint32_t& other = labels_[n];
            if (other == untouched) {
                other = waiting;
                queue_.push_back(n);
            } else if (other == border) {
                if (label == waiting) {
                    label = border;
                    touched_border_ = true;
                }
            } else if (other != waiting) {
                // A pixel that became border only by touching one may still join a segment.
                if (label == waiting || (label == border && touched_border_)) {
                    label = other;
                } else if (label != border && label != other) {
                    label = border;
                    touched_border_ = false;
                }
            }
        });
    }

    std::span<std::uint32_t> labels_;
    std::int64_t height_, width_;
    std::vector<std::int64_t> queue_;
    bool touched_border_ = false;  ///< outlives a pixel, as in the challenge's program
};

}  // namespace

void thin_borders(std::span<std::uint32_t> segments, std::int64_t height, std::int64_t width) {
    const bool empty = std::all_of(segments.begin(), segments.end(),
                                   [](std::uint32_t label) { return label == border; });
    if (empty)
        std::fill(segments.begin(), segments.end(), 1u);
    else
        Flood(segments, height, width).run();
}

}  // namespace unet
