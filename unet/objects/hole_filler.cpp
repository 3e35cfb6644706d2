#include "unet/objects/hole_filler.h"

#include <algorithm>

namespace unet {
namespace {

// Values of runs of background.
constexpr std::uint32_t hole = 1, outside = 2;

}  // namespace

void HoleFiller::reserve(std::int64_t height, std::int64_t width) {
    background_.reserve({1, height, width});
    inverse_.reserve(width);
}

std::int64_t HoleFiller::bytes(std::int64_t height, std::int64_t width) {
    return ComponentFinder::bytes({1, height, width}) +
           width * static_cast<std::int64_t>(sizeof(std::uint32_t));
}

void HoleFiller::start(std::int64_t height, std::int64_t width) {
    height_ = height;
    width_ = width;
    background_.start({1, height, width}, Connectivity::four);
}

void HoleFiller::append(const std::uint32_t* row) {
    inverse_.resize(width_);
    std::transform(row, row + width_, inverse_.begin(),
                   [](std::uint32_t value) { return value == 0 ? hole : 0u; });
    background_.append(inverse_.data());
}

void HoleFiller::close() {
    background_.settle();
    const auto runs = background_.runs();
    const auto starts = background_.row_starts();
    for (std::int64_t y = 0; y < height_; ++y)
        for (std::size_t r = starts[y]; r < starts[static_cast<std::size_t>(y) + 1]; ++r)
            if (y == 0 || y + 1 == height_ || runs[r].begin == 0 || runs[r].end == width_)
                runs[runs[r].parent].value = outside;
}

void HoleFiller::draw(std::int64_t row, std::uint32_t* out) const {
    const auto runs = background_.runs();
    const auto starts = background_.row_starts();
    std::fill_n(out, width_, 1u);
    for (std::size_t r = starts[row]; r < starts[static_cast<std::size_t>(row) + 1]; ++r)
        if (runs[runs[r].parent].value == outside)
            std::fill(out + runs[r].begin, out + runs[r].end, 0u);
}

}  // namespace unet
