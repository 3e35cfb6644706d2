#include "unet/data/comparing/grey_labels.h"

#include <fmt/format.h>

#include <set>

#include "unet/core/error.h"

namespace unet {
namespace {

constexpr std::size_t few = 8;  // as many values may well be classes, which lie scattered

constexpr const char* expected =
    "as in an image or in probabilities, expected a mask, classes or objects: give the label map, "
    "or threshold it (`find_objects` makes objects of probabilities)";

// Of 300 label maps of nuclei and cells a value is in 1.2 pieces at most, a piece at least 28
// pixels; of 200 images of theirs a value is in 20 pieces at least, a piece 17 pixels at most.
constexpr std::int64_t many_pieces = 8, small_piece = 20;

/// Neighbours in a row that are not 0.
struct Neighbours {
    std::int64_t pairs = 0, different = 0;
};

Neighbours neighbours_in(const LabelMap& map) {
    const std::int64_t width = map.size.width;
    Neighbours found;
    for (std::int64_t i = 0; i < std::ssize(map.values); ++i) {
        const std::uint32_t value = map.values[i];
        if (i % width == 0 || value == 0 || map.values[i - 1] == 0) continue;
        ++found.pairs;
        found.different += value != map.values[i - 1] ? 1 : 0;
    }
    return found;
}

std::vector<SliceValues> slices_of(const LabelMap& map) {
    std::vector<SliceValues> slices;
    SliceSurveyor surveyor({});
    for (std::int64_t z = 0; z < map.size.depth; ++z) {
        for (std::int64_t y = 0; y < map.size.height; ++y)
            surveyor.add(
                {map.plane(z) + y * map.size.width, static_cast<std::size_t>(map.size.width)});
        slices.push_back(surveyor.take());
    }
    return slices;
}

bool holds_few(const LabelMap& map) {
    std::set<std::uint32_t> values;
    for (std::size_t i = 0; i < map.values.size() && values.size() <= few; ++i)
        if (i == 0 || map.values[i] != map.values[i - 1]) values.insert(map.values[i]);
    return values.size() <= few;
}

/// Of a map whose slices hold these values.
std::string why_scattered(std::span<const SliceValues> slices) {
    std::set<std::uint32_t> values;
    std::int64_t in_slices = 0, pieces = 0, pixels = 0;
    for (const SliceValues& slice : slices)
        for (const auto& [value, count] : slice.pieces) {
            if (values.size() <= few) values.insert(value);
            ++in_slices;
            pieces += count;
            pixels += slice.pixels.at(value);
        }
    if (values.size() <= few || pieces <= many_pieces * in_slices || pixels >= small_piece * pieces)
        return {};
    return fmt::format("its values lie scattered in {} pieces of {:.2g} pixels, {}", pieces,
                       static_cast<double>(pixels) / static_cast<double>(pieces), expected);
}

std::string why_different(const LabelMap& map) {
    if (holds_few(map)) return {};
    const auto [pairs, different] = neighbours_in(map);
    if (2 * different <= pairs) return {};
    return fmt::format("{:.0f} % of neighbouring pixels hold different values, {}",
                       100.0 * static_cast<double>(different) / static_cast<double>(pairs),
                       expected);
}

void refuse(const std::string& why, const std::string& where) {
    if (!why.empty()) fail(ErrorCode::invalid_argument, "{}: {}", where, why);
}

}  // namespace

std::string why_grey(const LabelMap& map) {
    const std::string why = why_different(map);
    return why.empty() && !holds_few(map) ? why_scattered(slices_of(map)) : why;
}

void check_not_grey(const LabelMap& map, const std::string& where, bool objects) {
    refuse(objects ? why_grey(map) : why_different(map), where);
}

void check_not_scattered(std::span<const SliceValues> slices, const std::string& where) {
    refuse(why_scattered(slices), where);
}

}  // namespace unet
