#include "unet/evaluate/assignment.h"

#include <functional>
#include <limits>
#include <queue>
#include <utility>

namespace unet {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// Rows are added one by one. Weights are negative costs. Each row has a column of its own of cost
/// 0 behind the real ones: to stay unassigned is to take that column, so every row finds one.
class Assignment {
public:
    Assignment(std::size_t rows, std::size_t columns, const std::vector<WeightedEdge>& edges)
        : edges_(rows),
          assigned_row_(columns + rows, unassigned),
          assigned_column_(rows, unassigned),
          row_potential_(rows, 0.0),
          column_potential_(columns + rows, 0.0),
          distance_(columns + rows, infinite),
          before_(columns + rows, unassigned),
          is_settled_(columns + rows, false) {
        for (const WeightedEdge& edge : edges)
            edges_[edge.row].push_back({edge.column, -edge.weight});
        for (std::size_t row = 0; row < rows; ++row) edges_[row].push_back({columns + row, 0.0});
    }

    void add_row(std::size_t row) {
        const std::size_t end = find_path(row);
        update_potentials(row, distance_[end]);
        for (std::size_t column = end; column != unassigned;) {
            const std::size_t taker = before_[column];
            assigned_row_[column] = taker;
            std::swap(assigned_column_[taker], column);  // go on with the column it gave up
        }
        for (std::size_t column : reached_) distance_[column] = infinite;
        for (std::size_t column : settled_) is_settled_[column] = false;
    }

    std::size_t column_of(std::size_t row) const { return assigned_column_[row]; }

private:
    struct Edge {
        std::size_t column;
        double cost;
    };

    /// Shortest path, in reduced costs, from `row` to a column that no row has; returns the column.
    std::size_t find_path(std::size_t row) {
        using Entry = std::pair<double, std::size_t>;
        std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
        reached_.clear();
        settled_.clear();
        double travelled = 0.0;
        for (;;) {
            for (const Edge& edge : edges_[row]) {
                // By rounding, a reduced cost may be a little below zero; what is settled stays.
                if (is_settled_[edge.column]) continue;
                const double there =
                    travelled + edge.cost - row_potential_[row] - column_potential_[edge.column];
                double& shortest = distance_[edge.column];
                if (there >= shortest) continue;
                if (shortest == infinite) reached_.push_back(edge.column);
                shortest = there;
                before_[edge.column] = row;
                queue.push({there, edge.column});
            }
            Entry nearest = queue.top();
            queue.pop();
            while (is_settled_[nearest.second]) {  // it was reached again on a shorter way
                nearest = queue.top();
                queue.pop();
            }
            const std::size_t column = nearest.second;
            if (assigned_row_[column] == unassigned) return column;
            settled_.push_back(column);
            is_settled_[column] = true;
            travelled = nearest.first;
            row = assigned_row_[column];
        }
    }

    /// Keeps reduced costs non-negative, and zero along assigned edges and the path.
    void update_potentials(std::size_t start, double length) {
        row_potential_[start] += length;
        for (std::size_t column : settled_) {
            const double slack = length - distance_[column];
            row_potential_[assigned_row_[column]] += slack;
            column_potential_[column] -= slack;
        }
    }

    std::vector<std::vector<Edge>> edges_;
    std::vector<std::size_t> assigned_row_, assigned_column_;
    std::vector<double> row_potential_, column_potential_;
    std::vector<double> distance_;     // of the path being looked for, by column
    std::vector<std::size_t> before_;  // the row from which the path came to the column
    std::vector<std::size_t> reached_, settled_;
    std::vector<bool> is_settled_;
};

}  // namespace

std::vector<std::size_t> best_assignment(std::size_t rows, std::size_t columns,
                                         const std::vector<WeightedEdge>& edges) {
    Assignment assignment(rows, columns, edges);
    std::vector<std::size_t> result(rows);
    for (std::size_t row = 0; row < rows; ++row) assignment.add_row(row);
    for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t column = assignment.column_of(row);
        result[row] = column < columns ? column : unassigned;
    }
    return result;
}

}  // namespace unet
