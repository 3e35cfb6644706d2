#pragma once

#include <cstddef>
#include <vector>

namespace unet {

/// A row may be assigned to a column for this gain.
struct WeightedEdge {
    std::size_t row, column;
    double weight;  ///< > 0
};

inline constexpr std::size_t unassigned = static_cast<std::size_t>(-1);

/// The assignment of rows to columns, each used at most once, with the largest sum of weights; rows
/// may stay unassigned. Returns the column (or `unassigned`) of every row. `edges` in any order, no
/// pair twice.
/// Method: shortest augmenting paths with potentials (the Hungarian method as in Jonker and
/// Volgenant 1987), each path by Dijkstra over the edges that there are: for the sparse graphs of
/// objects that overlap only their neighbours.
std::vector<std::size_t> best_assignment(std::size_t rows, std::size_t columns,
                                         const std::vector<WeightedEdge>& edges);

}  // namespace unet
