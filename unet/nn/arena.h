#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace unet::nn {

/// A piece of the arena and when it is in use: both ends inclusive.
struct Piece {
    std::int64_t size = 0;
    std::int64_t first = 0, last = -1;  ///< last < first: never used
    std::int64_t offset = -1;

    void use(std::int64_t time) {
        first = last < first ? time : std::min(first, time);
        last = std::max(last, time);
    }
    bool used() const { return last >= first; }
    bool meets(const Piece& other) const { return first <= other.last && other.first <= last; }
};

/// Gives every piece an offset so that pieces in use at the same time do not overlap: largest
/// first, each at the lowest place that is free during its life. Returns the size of the arena.
std::int64_t place(std::vector<Piece>& pieces);

}  // namespace unet::nn
