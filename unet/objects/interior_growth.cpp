#include "unet/objects/interior_growth.h"

#include <algorithm>
#include <utility>

#include "unet/core/memory.h"

namespace unet {
namespace {

constexpr std::uint32_t open = 0xFFFFFFFFu;

std::size_t with_edge(const PixelBox& box) {
    return static_cast<std::size_t>((box.height + 2) * (box.width + 2));
}

}  // namespace

std::int64_t InteriorGrowth::bytes(const PixelBox& box) {
    constexpr std::int64_t arrays = 3;
    return arrays * static_cast<std::int64_t>(with_edge(box) * sizeof(std::uint32_t));
}

void InteriorGrowth::reserve(const PixelBox& box) {
    make_room(ids_, with_edge(box));
    make_room(front_, with_edge(box));
    make_room(next_, with_edge(box));
}

std::int64_t InteriorGrowth::held_bytes() const {
    return static_cast<std::int64_t>((ids_.capacity() + front_.capacity() + next_.capacity()) *
                                     sizeof(std::uint32_t));
}

void InteriorGrowth::start(const PixelBox& box) {
    box_ = box;
    pitch_ = box.width + 2;
    reserve(box);
    ids_.assign(with_edge(box), 0);
}

void InteriorGrowth::add(std::int64_t y, std::int64_t begin, std::int64_t end) {
    std::fill_n(ids_.begin() + static_cast<std::ptrdiff_t>(place(y, begin)), end - begin, open);
}

void InteriorGrowth::seed(std::int64_t y, std::int64_t begin, std::int64_t end, std::uint32_t id) {
    std::fill_n(ids_.begin() + static_cast<std::ptrdiff_t>(place(y, begin)), end - begin, id);
}

void InteriorGrowth::grow() {
    front_.clear();
    for (std::size_t i = 0; i < ids_.size(); ++i)
        if (ids_[i] != 0 && ids_[i] != open) front_.push_back(static_cast<std::uint32_t>(i));
    for (bool diagonal = false; !front_.empty(); diagonal = !diagonal) step(diagonal);
}

/// Pixels of the front stay in it while a neighbour is left for a step that takes diagonals.
void InteriorGrowth::step(bool diagonal) {
    const std::int64_t along[] = {-pitch_, -1, 1, pitch_};
    const std::int64_t across[] = {-pitch_ - 1, -pitch_ + 1, pitch_ - 1, pitch_ + 1};
    next_.clear();
    const auto take = [&](std::uint32_t from, std::int64_t offset) {
        const auto to = static_cast<std::size_t>(static_cast<std::int64_t>(from) + offset);
        if (ids_[to] != open) return;
        ids_[to] = ids_[from];
        next_.push_back(static_cast<std::uint32_t>(to));
    };
    const auto is_open = [&](std::uint32_t from, std::int64_t offset) {
        return ids_[static_cast<std::size_t>(static_cast<std::int64_t>(from) + offset)] == open;
    };
    for (const std::uint32_t pixel : front_)
        for (const std::int64_t offset : along) take(pixel, offset);
    if (diagonal) {
        for (const std::uint32_t pixel : front_)
            for (const std::int64_t offset : across) take(pixel, offset);
    } else {
        // A corner that only a diagonal reaches is left to the next step.
        for (const std::uint32_t pixel : front_)
            if (std::any_of(std::begin(across), std::end(across),
                            [&](std::int64_t offset) { return is_open(pixel, offset); }))
                next_.push_back(pixel);
    }
    std::swap(front_, next_);
}

}  // namespace unet
