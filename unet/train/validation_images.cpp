#include "unet/train/validation_images.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "unet/core/random.h"
#include "unet/data/sample_reader.h"

namespace unet {
namespace {

constexpr std::int64_t square_edge = 1024;
constexpr std::int64_t pixels_of_squares = std::int64_t{1} << 23;

// Draws of Purpose::split: the first divides the set.
constexpr std::uint32_t order_draw = 1, squares_draw = 2;

/// A permutation of `count` numbers.
std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed, std::uint32_t draw) {
    std::vector<std::size_t> order(count);
    for (std::size_t i = 0; i < count; ++i) order[i] = i;
    Random random(seed, Purpose::split, draw);
    for (std::size_t i = count; i > 1; --i)
        std::swap(order[i - 1], order[random.below(static_cast<std::int64_t>(i))]);
    return order;
}

struct Square {
    std::size_t sample;
    Region region;
};

/// Cuts every slice evenly.
void cut(const Size3& size, std::size_t sample, std::vector<Square>& squares) {
    const std::int64_t rows = (size.height + square_edge - 1) / square_edge;
    const std::int64_t columns = (size.width + square_edge - 1) / square_edge;
    for (std::int64_t z = 0; z < size.depth; ++z)
        for (std::int64_t j = 0; j < rows; ++j)
            for (std::int64_t i = 0; i < columns; ++i) {
                const std::int64_t y = size.height * j / rows, x = size.width * i / columns;
                squares.push_back(
                    {sample,
                     {z,
                      y,
                      x,
                      {1, size.height * (j + 1) / rows - y, size.width * (i + 1) / columns - x}}});
            }
}

bool knows_something(const Sample& sample, const LabelMeaning& meaning) {
    const std::vector<std::uint32_t>& labels = sample.labels.values;
    return std::any_of(labels.begin(), labels.end(),
                       [&](std::uint32_t value) { return !meaning.is_ignored(value); });
}

/// Drawn squares of the samples that are too large.
std::vector<Sample> drawn_squares(const Dataset& set, const std::vector<Square>& squares,
                                  std::uint64_t seed, int threads) {
    std::vector<Sample> drawn;
    std::int64_t pixels = 0;
    for (const std::size_t i : shuffled(squares.size(), seed, squares_draw)) {
        const auto& [index, region] = squares[i];
        if (!drawn.empty() && pixels + region.size.elements() > pixels_of_squares) break;
        const Sample& whole = set.samples[index];
        Sample square = loaded(part_of(whole, region), threads);
        if (!knows_something(square, set.meaning)) continue;
        square.name = whole.image.size.depth == 1
                          ? fmt::format("{}_y{}_x{}", whole.name, region.y, region.x)
                          : fmt::format("{}_z{}_y{}_x{}", whole.name, region.z, region.y, region.x);
        pixels += region.size.elements();
        drawn.push_back(std::move(square));
    }
    return drawn;
}

}  // namespace

std::vector<std::size_t> validation_order(std::size_t images, std::uint64_t seed) {
    return shuffled(images, seed, order_draw);
}

Dataset validation_images(Context& context, Dataset set, std::uint64_t seed) {
    std::vector<Square> squares;
    for (std::size_t i = 0; i < set.samples.size(); ++i)
        if (set.samples[i].image.size.elements() > largest_whole_image)
            cut(set.samples[i].image.size, i, squares);
    std::vector<Sample> drawn = drawn_squares(set, squares, seed, context.threads());
    std::erase_if(set.samples, [](const Sample& sample) {
        return sample.image.size.elements() > largest_whole_image;
    });
    std::move(drawn.begin(), drawn.end(), std::back_inserter(set.samples));
    std::stable_sort(set.samples.begin(), set.samples.end(),
                     [](const Sample& a, const Sample& b) { return a.name < b.name; });
    std::int64_t pixels = 0;
    for (const std::size_t i : validation_order(set.samples.size(), seed)) {
        pixels += set.samples[i].image.size.elements();
        if (pixels > pixels_at_the_end && pixels > set.samples[i].image.size.elements()) break;
        set.samples[i] = loaded(std::move(set.samples[i]), context.threads());
    }
    return set;
}

}  // namespace unet
