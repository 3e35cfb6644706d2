#include "unet/objects/watershed/landscape_lines.h"

#include <gtest/gtest.h>

#include <hwy/targets.h>

#include <bit>
#include <cmath>
#include <vector>

#include "tests/objects/maps.h"

namespace unet {
namespace {

constexpr std::int64_t pitch = 1 + 40 + line_slack;

/// test() with the code of every instruction set that this processor has.
template <class Function>
void for_every_target(Function test) {
    const auto targets = hwy::SupportedAndGeneratedTargets();
    ASSERT_FALSE(targets.empty());
    for (const std::int64_t target : targets) {
        SCOPED_TRACE(hwy::TargetName(target));
        hwy::GetChosenTarget().Update(target);
        test();
    }
    hwy::GetChosenTarget().DeInit();
}

/// Three rows of a box, edges left and right; many heights are equal.
std::vector<float> drawn_heights(std::uint32_t number) {
    std::vector<float> heights;
    for (std::uint32_t i = 0; i < 3 * pitch; ++i)
        heights.push_back(static_cast<float>(hashed(number * 1000 + i) % 5) - 1.0f);
    return heights;
}

/// A neighbour that is there before pixel i when the flood comes down.
bool is_earlier(const std::vector<float>& heights, std::int64_t i, std::int64_t step) {
    const float own = heights[i];
    const float other = heights[i + step];
    return other > own || (other == own && step < 0);
}

float summed(const std::vector<float>& v, std::size_t at, std::size_t stride,
             const SmoothingWeights& weights) {
    float sum = weights[0] * v[at];
    for (std::size_t k = 1; k < weights.size(); ++k)
        sum += weights[k] * (v[at - k * stride] + v[at + k * stride]);
    return sum;
}

// Squares that a float holds, and some beyond; expected is the double's root, rounded once.
TEST(LandscapeLinesTest, RootsAreThoseOfDoubles) {
    constexpr std::int32_t exact = 1 << 24;
    std::vector<std::int32_t> squares;
    for (std::int32_t i = 0; i <= exact; i += 13) squares.push_back(i);
    for (std::int32_t i = 0; i < 100'000; ++i) squares.push_back(2147483647 - i * 21313);
    for_every_target([&] {
        std::vector<std::int32_t> roots = squares;
        roots.resize(squares.size() + line_slack);
        take_roots(roots.data(), std::ssize(squares));
        for (std::size_t i = 0; i < squares.size(); ++i)
            ASSERT_EQ(std::bit_cast<float>(roots[i]),
                      static_cast<float>(std::sqrt(static_cast<double>(squares[i]))))
                << squares[i];
    });
}

TEST(LandscapeLinesTest, SumsAreThoseOfAPlainLoop) {
    const SmoothingWeights weights{0.4f, 0.2f, 0.07f, 0.03f};
    constexpr std::size_t length = 40 + line_slack + 2 * smoothing_reach;
    std::vector<float> values;
    for (std::uint32_t i = 0; i < 7 * length; ++i)
        values.push_back(hashed(i) % 9 == 0 ? 0.0f
                                            : std::sqrt(static_cast<float>(hashed(i) % 999)));
    std::vector<std::int32_t> bits;
    for (const float value : values) bits.push_back(std::bit_cast<std::int32_t>(value));
    for_every_target([&] {
        for (std::size_t width = 1; width <= 40; ++width) {
            std::array<const std::int32_t*, 7> rows;
            for (std::size_t k = 0; k < rows.size(); ++k) rows[k] = bits.data() + k * length;
            std::vector<float> down(length), across(length);
            const auto count = static_cast<std::int64_t>(width);
            smooth_columns(rows, weights, count, down.data());
            smooth_row(values.data() + smoothing_reach, rows[3], weights, count, across.data());
            for (std::size_t x = 0; x < width; ++x) {
                ASSERT_EQ(down[x], summed(values, 3 * length + x, length, weights));
                const bool background = values[3 * length + x] == 0.0f;
                ASSERT_EQ(across[x], background ? background_height
                                                : summed(values, smoothing_reach + x, 1, weights));
            }
        }
    });
}

TEST(LandscapeLinesTest, StepsLeadToTheHighestNeighbourThatIsThereBefore) {
    for_every_target([&] {
        for (std::uint32_t width = 1; width <= 40; ++width) {
            const std::vector<float> heights = drawn_heights(width);
            std::vector<std::int32_t> cells(heights.size());
            find_steps(heights.data() + pitch + 1, pitch, width, cells.data() + pitch + 1);
            for (std::int64_t i = pitch + 1; i < pitch + 1 + width; ++i) {
                std::int64_t expected = 0;
                float highest = -2.0f;
                for (const std::int64_t step : {-pitch, std::int64_t{-1}, std::int64_t{1}, pitch}) {
                    const float height = heights[i + step];
                    if (!is_earlier(heights, i, step) || height <= highest) continue;
                    highest = height;
                    expected = step;
                }
                ASSERT_EQ(cells[i] - summit, expected) << width;
            }
        }
    });
}

TEST(LandscapeLinesTest, BasinsMeetWhereANeighbourThatIsThereBeforeHasAnother) {
    for_every_target([&] {
        for (std::uint32_t width = 1; width <= 40; ++width) {
            const std::vector<float> heights = drawn_heights(width);
            std::vector<std::int32_t> cells;  // a third without a basin, as is all behind a row
            for (std::uint32_t i = 0; i < heights.size(); ++i)
                cells.push_back(i % pitch > width ? summit
                                                  : static_cast<std::int32_t>(hashed(i) % 3) - 1);
            std::uint64_t word = 0;
            mark_meetings(heights.data() + pitch + 1, cells.data() + pitch + 1, pitch, width,
                          &word);
            std::uint64_t expected = 0;
            for (std::int64_t x = 0; x < width; ++x) {
                const std::int64_t i = pitch + 1 + x;
                const std::int32_t own = cells[i];
                bool meet = false;
                for (const std::int64_t step : {-pitch, std::int64_t{-1}, std::int64_t{1}, pitch})
                    meet |= is_earlier(heights, i, step) && cells[i + step] != own;
                if (meet && own >= 0) expected |= std::uint64_t{1} << x;
            }
            ASSERT_EQ(word, expected) << width;
        }
    });
}

}  // namespace
}  // namespace unet
