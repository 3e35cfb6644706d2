#include "unet/evaluate/assignment.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "unet/core/random.h"

namespace unet {
namespace {

/// Best sum of weights by trying everything.
double best_sum(const std::vector<std::vector<double>>& weight, std::size_t row,
                std::vector<bool>& taken) {
    if (row == weight.size()) return 0.0;
    double best = best_sum(weight, row + 1, taken);
    for (std::size_t column = 0; column < taken.size(); ++column) {
        if (taken[column] || weight[row][column] <= 0.0) continue;
        taken[column] = true;
        best = std::max(best, weight[row][column] + best_sum(weight, row + 1, taken));
        taken[column] = false;
    }
    return best;
}

TEST(AssignmentTest, IsTheBestOfAllPossible) {
    for (std::uint32_t draw = 0; draw < 300; ++draw) {
        Random random(1, Purpose::test, draw);
        const auto rows = static_cast<std::size_t>(random.below(6));
        const auto columns = static_cast<std::size_t>(random.below(6));
        const float density = random.uniform();
        std::vector<std::vector<double>> weight(rows, std::vector<double>(columns, 0.0));
        std::vector<WeightedEdge> edges;
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < columns; ++c)
                if (random.chance(density)) {
                    // Few different weights, so that there are ties; not all exact in binary.
                    weight[r][c] = static_cast<double>(1 + random.below(4)) / (draw % 2 ? 1 : 7);
                    edges.push_back({r, c, weight[r][c]});
                }
        const auto found = best_assignment(rows, columns, edges);
        ASSERT_EQ(found.size(), rows);
        std::vector<bool> taken(columns, false);
        double sum = 0.0;
        for (std::size_t r = 0; r < rows; ++r) {
            if (found[r] == unassigned) continue;
            ASSERT_LT(found[r], columns);
            ASSERT_FALSE(taken[found[r]]) << "column used twice, draw " << draw;
            ASSERT_GT(weight[r][found[r]], 0.0);
            taken[found[r]] = true;
            sum += weight[r][found[r]];
        }
        std::vector<bool> none(columns, false);
        ASSERT_NEAR(sum, best_sum(weight, 0, none), 1e-12) << draw;
    }
}

TEST(AssignmentTest, EndsWhereRoundingMakesCyclesOfNoLength) {
    // Many equal ways to assign, with weights whose sums are rounded: the path search must not go
    // in circles.
    for (std::uint32_t draw = 0; draw < 50; ++draw) {
        Random random(2, Purpose::test, draw);
        std::vector<WeightedEdge> edges;
        for (std::size_t r = 0; r < 60; ++r)
            for (std::size_t c = 0; c < 60; ++c)
                if (random.chance(0.3f))
                    edges.push_back({r, c, 1.0 + static_cast<double>(1 + random.below(3)) / 77.0});
        EXPECT_EQ(best_assignment(60, 60, edges).size(), 60u);
    }
}

TEST(AssignmentTest, GivesWayForTheSumOfAll) {
    // Taking the largest weight first would leave the second row with nothing.
    const auto found = best_assignment(2, 2, {{0, 0, 5.0}, {0, 1, 4.0}, {1, 0, 4.0}});
    EXPECT_EQ(found, (std::vector<std::size_t>{1, 0}));
}

}  // namespace
}  // namespace unet
