#include "unet/nn/arena.h"

#include <numeric>

namespace unet::nn {

std::int64_t place(std::vector<Piece>& pieces) {
    std::vector<std::size_t> order(pieces.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return pieces[a].size > pieces[b].size; });
    std::vector<const Piece*> placed;  // sorted by offset
    std::int64_t end = 0;
    for (const std::size_t index : order) {
        Piece& piece = pieces[index];
        if (!piece.used()) continue;
        piece.offset = 0;
        for (const Piece* other : placed)
            if (piece.meets(*other) && other->offset < piece.offset + piece.size)
                piece.offset = std::max(piece.offset, other->offset + other->size);
        placed.insert(
            std::upper_bound(placed.begin(), placed.end(), &piece,
                             [](const Piece* a, const Piece* b) { return a->offset < b->offset; }),
            &piece);
        end = std::max(end, piece.offset + piece.size);
    }
    return end;
}

}  // namespace unet::nn
