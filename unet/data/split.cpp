#include "unet/data/split.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "unet/core/error.h"
#include "unet/core/random.h"
#include "unet/data/sample_reader.h"

namespace unet {
namespace {

constexpr std::int64_t smallest_part = 2;  // pixels along the axis that is divided

Region whole(const Sample& sample) { return {0, 0, 0, sample.image.size}; }

/// The part of `region` from `first` on, `count` long, along the axis whose start and extent these
/// members are.
Region part(Region region, std::int64_t Region::*start, std::int64_t Size3::*extent,
            std::int64_t first, std::int64_t count) {
    region.*start = first;
    region.size.*extent = count;
    return region;
}

/// Neighbouring slices look alike: the last ones, not any.
Split split_slices(const Sample& stack, double fraction) {
    const Region all = whole(stack);
    const std::int64_t depth = stack.image.size.depth;
    const auto held =
        std::clamp<std::int64_t>(std::llround(fraction * static_cast<double>(depth)), 1, depth - 1);
    return {{{0, part(all, &Region::z, &Size3::depth, 0, depth - held)}},
            {{0, part(all, &Region::z, &Size3::depth, depth - held, held)}},
            fmt::format("the last {} slices of {} validate", held, stack.name)};
}

/// All slices of a stack are cut at the same place.
void split_image(const Sample& sample, std::size_t index, std::int64_t gap, Split& split) {
    const Region all = whole(sample);
    const Size3& size = sample.image.size;
    const bool tall = size.height > size.width;
    const auto start = tall ? &Region::y : &Region::x;
    const auto extent = tall ? &Size3::height : &Size3::width;
    const std::int64_t length = size.*extent, held = length / 5;
    if (held < smallest_part) {
        split.train.push_back({index, all});
        split.validation.push_back({index, all});
        return;
    }
    const std::int64_t between = std::clamp<std::int64_t>(gap, 0, held);
    split.train.push_back({index, part(all, start, extent, 0, length - held - between)});
    split.validation.push_back({index, part(all, start, extent, length - held, held)});
}

/// What the table of the set says; samples that it leaves open train.
Split split_as_listed(const Dataset& set) {
    Split result;
    for (std::size_t i = 0; i < set.samples.size(); ++i)
        (set.samples[i].part == Part::validation ? result.validation : result.train)
            .push_back({i, whole(set.samples[i])});
    if (result.train.empty())
        fail(ErrorCode::invalid_argument,
             "{}/list.csv: every row validates, expected some with split train", set.name);
    result.what = fmt::format("{} of {} images validate, as list.csv says",
                              result.validation.size(), set.samples.size());
    return result;
}

}  // namespace

Split split(const Dataset& set, const SplitOptions& options) {
    if (!(options.fraction > 0.0 && options.fraction < 1.0))
        fail_setting("val_fraction", ErrorCode::invalid_argument,
                     "`val_fraction`: found {}, expected a number above 0 and below 1",
                     options.fraction);
    if (std::any_of(set.samples.begin(), set.samples.end(),
                    [](const Sample& sample) { return sample.part == Part::validation; }))
        return split_as_listed(set);
    std::map<std::string, bool> held;  // group -> validates
    for (const Sample& sample : set.samples) held[sample.group] = false;
    if (set.samples.size() == 1 && set.samples[0].image.size.depth > 1)
        return split_slices(set.samples[0], options.fraction);
    if (held.size() < 2) return split_images(set, options.gap);

    std::vector<std::string> groups;
    for (const auto& [group, unused] : held) groups.push_back(group);
    Random random(options.seed, Purpose::split);
    for (std::size_t i = groups.size() - 1; i > 0; --i)
        std::swap(groups[i], groups[random.below(static_cast<std::int64_t>(i) + 1)]);
    const auto all = static_cast<std::int64_t>(groups.size());
    const auto count = std::clamp<std::int64_t>(
        std::llround(options.fraction * static_cast<double>(all)), 1, all - 1);
    for (std::int64_t i = 0; i < count; ++i) held[groups[i]] = true;

    Split result;
    for (std::size_t i = 0; i < set.samples.size(); ++i)
        (held[set.samples[i].group] ? result.validation : result.train)
            .push_back({i, whole(set.samples[i])});
    result.what =
        fmt::format("{} of {} images validate", result.validation.size(), set.samples.size());
    return result;
}

Split split_images(const Dataset& set, std::int64_t gap) {
    Split result;
    for (std::size_t i = 0; i < set.samples.size(); ++i)
        split_image(set.samples[i], i, gap, result);
    result.what = fmt::format(
        "the last fifth of every image validates, behind a gap of at most {} pixels", gap);
    return result;
}

std::pair<Dataset, Dataset> divide(Dataset set, const Split& split) {
    Dataset train = {set.name, {}, set.meaning, set.channels, set.rgb, set.mixed};
    Dataset validation = train;
    std::vector<int> uses(set.samples.size());
    for (const auto* parts : {&split.train, &split.validation})
        for (const SplitPart& each : *parts) ++uses[each.sample];
    std::vector<bool> parted(set.samples.size());
    for (const auto* parts : {&split.train, &split.validation})
        for (const SplitPart& each : *parts)
            parted[each.sample] =
                parted[each.sample] || each.region != whole(set.samples[each.sample]);
    for (std::size_t i = 0; i < parted.size(); ++i)
        if (parted[i]) set.samples[i].whole = numbers_beside_extremes(set.samples[i]);
    const auto take = [&](const std::vector<SplitPart>& parts, Dataset& into) {
        for (const SplitPart& each : parts) {
            Sample& from = set.samples[each.sample];
            if (--uses[each.sample] == 0 && each.region == whole(from))
                into.samples.push_back(std::move(from));
            else
                into.samples.push_back(part_of(from, each.region));
        }
    };
    take(split.train, train);
    take(split.validation, validation);
    return {std::move(train), std::move(validation)};
}

}  // namespace unet
