#include "unet/objects/row_runs.h"

#include <gtest/gtest.h>

#include <array>

#include "tests/objects/maps.h"

namespace unet {
namespace {

using Found = std::array<std::int64_t, 3>;  // begin, end, value

std::vector<Found> plain_runs(const std::vector<std::uint32_t>& row) {
    std::vector<Found> runs;
    for (std::size_t x = 0; x < row.size(); ++x) {
        const auto place = static_cast<std::int64_t>(x);
        if (row[x] == 0) continue;
        if (x > 0 && row[x - 1] == row[x])
            runs.back()[1] = place + 1;
        else
            runs.push_back({place, place + 1, row[x]});
    }
    return runs;
}

TEST(RowRunsTest, AreThoseOfAPlainLoopForEveryWidth) {
    RowRuns finder;
    for (std::uint32_t width = 0; width < 200; ++width)
        for (const std::uint32_t background : {0u, 30u, 100u})
            for (const std::int64_t block : {1, 5}) {
                const auto row = drawn_map(width, {1, 1, width}, block, 3, background).values;
                std::vector<Found> found;
                finder.for_each(row.data(), width,
                                [&](std::int64_t begin, std::int64_t end, std::uint32_t value) {
                                    found.push_back({begin, end, value});
                                });
                ASSERT_EQ(found, plain_runs(row)) << width << " " << background << " " << block;
            }
}

}  // namespace
}  // namespace unet
