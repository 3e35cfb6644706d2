#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "unet/check/detectors.h"
#include "unet/core/error.h"
#include "unet/core/quantiles.h"
#include "unet/data/comparing/grey_labels.h"
#include "unet/data/comparing/mask_coding.h"
#include "unet/objects/components.h"
#include "unet/objects/sizes.h"

namespace unet {
namespace {

using Counts = std::map<std::uint32_t, std::int64_t>;

// A mask of fewer levels has no grey ones to speak of.
constexpr std::uint32_t least_white = 100;
// Smoothing leaves a dozen levels and more; classes and ids beside them are whole regions.
constexpr std::size_t least_levels = 8;
// Pixels of one level lie scattered along edges: hardly two of a kind together.
constexpr double most_together = 4.0;
// Separate objects in an image, on average, from which numbers would say more than a mask.
constexpr double several_objects = 2.0;

Counts counts_of(const LabelMap& labels) {
    Counts counts;
    for (std::size_t i = 0; i < labels.values.size();) {
        const std::size_t begin = i;
        while (i < labels.values.size() && labels.values[i] == labels.values[begin]) ++i;
        counts[labels.values[begin]] += static_cast<std::int64_t>(i - begin);
    }
    return counts;
}

struct SoftEdges {
    std::size_t levels = 0;  ///< 0: none
    std::uint32_t white = 0;
    std::int64_t first = 0;  ///< a grey pixel
};

/// Grey levels are those that are neither of the two most frequent values.
SoftEdges soft_edges_of(const LabelMap& labels) {
    Counts counts = counts_of(labels);
    if (counts.size() < least_levels + 2) return {};
    const auto more = [](const auto& a, const auto& b) { return a.second < b.second; };
    std::uint32_t ends[2];
    std::int64_t ends_pixels = 0;
    for (std::uint32_t& end : ends) {
        const auto most = std::max_element(counts.begin(), counts.end(), more);
        end = most->first;
        ends_pixels += most->second;
        counts.erase(most);
    }
    const std::int64_t grey_pixels = labels.size.elements() - ends_pixels;
    const std::uint32_t white = std::max(ends[0], ends[1]);
    if (white < least_white || grey_pixels > ends_pixels / 2) return {};
    LabelMap grey{labels.size, labels.values, {}};
    std::int64_t first = -1;
    for (std::size_t i = 0; i < grey.values.size(); ++i) {
        std::uint32_t& value = grey.values[i];
        if (value == ends[0] || value == ends[1]) value = 0;
        if (value != 0 && first < 0) first = static_cast<std::int64_t>(i);
    }
    const auto regions = static_cast<double>(count_objects(connected_components(grey)));
    if (static_cast<double>(grey_pixels) > most_together * regions) return {};
    return {counts.size(), white, first};
}

/// The one value besides 0 and how many pieces it is in; 0 pieces for any other map.
std::pair<std::uint32_t, std::int64_t> mask_of(const LabelMap& labels) {
    const Counts counts = counts_of(labels);
    if (counts.size() != 2 || counts.begin()->first != 0) return {0, 0};
    return {counts.rbegin()->first,
            count_objects(connected_components(labels, Connectivity::eight))};
}

/// Marks the masks of a set that holds numbered maps as well.
void set_masks_apart(Context& context, CheckedSet& set, Findings& findings) {
    std::vector<std::pair<std::uint32_t, std::int64_t>> masks(set.cases.size());
    parallel_for(context, static_cast<std::int64_t>(masks.size()), [&](std::int64_t i, int) {
        const Case& each = set.cases[i];
        if (each.labels && !each.odd_labels) masks[i] = mask_of(*each.labels);
    });
    // Several pieces of one number, where others hold many numbers; or 255, which is rarely an id.
    const auto is_mask = [&](std::size_t i) {
        return masks[i].second >= 3 || (masks[i].second >= 1 && masks[i].first == 255);
    };
    std::size_t count = 0, others = 0;
    for (std::size_t i = 0; i < masks.size(); ++i) {
        if (!set.cases[i].labels || set.cases[i].odd_labels) continue;
        count += is_mask(i) ? 1 : 0;
        others += !is_mask(i) && count_objects(*set.cases[i].labels) > 2 ? 1 : 0;
    }
    if (count == 0 || count >= others) return;
    for (std::size_t i = 0; i < masks.size(); ++i) {
        if (!is_mask(i)) continue;
        Case& each = set.cases[i];
        each.odd_labels = true;
        findings.push_back(
            {.kind = FindingKind::binary,
             .severity = Severity::warning,
             .what = fmt::format("holds 0 and {} only, in {} pieces; other maps number their "
                                 "objects",
                                 masks[i].first, masks[i].second),
             .file = each.pair.label,
             .sure = masks[i].second > 1 ? 0.95 : 0.7,
             .todo = "export it as the others, each object with its own number"});
    }
}

/// Masks that are coded in two ways.
void tell_of_mixed_masks(const CheckedSet& set, const std::string& where, Findings& findings) {
    std::vector<FileValues> files;
    for (const Case& each : set.cases)
        if (each.labels && !each.odd_labels)
            files.push_back(values_in(each.pair.label.string(), *each.labels, set.meaning->ignore));
    Finding finding{.kind = FindingKind::meaning,
                    .severity = Severity::warning,
                    .file = where,
                    .sure = 0.9,
                    .todo = "save all masks with 0 for background"};
    try {
        finding.what = check_mask_coding(files, set.meaning->kind, where);
    } catch (const Error& error) {
        finding.severity = Severity::error;
        finding.what = std::string(error.what()).substr(where.size() + 2);
    }
    if (!finding.what.empty()) findings.push_back(std::move(finding));
}

void tell_of_masks(const CheckedSet& set, const std::string& where, Findings& findings) {
    std::int64_t pieces = 0, maps = 0;
    for (const Case& each : set.cases) {
        if (!each.labels || each.odd_labels) continue;
        LabelMap objects{each.labels->size, each.labels->values, {}};
        for (std::uint32_t& value : objects.values) value = set.is_object(value) ? 1 : 0;
        pieces += count_objects(connected_components(objects, Connectivity::eight));
        maps += each.labels->size.depth;
    }
    const double mean =
        static_cast<double>(pieces) / static_cast<double>(std::max<std::int64_t>(maps, 1));
    if (mean < several_objects) return;
    findings.push_back(
        {.kind = FindingKind::binary,
         .severity = Severity::note,
         .what = fmt::format(
             "all maps hold two values; {:.0f} separate objects in an image on average, "
             "and those that touch count as one",
             mean),
         .file = where,
         .sure = 0.6,
         .todo = "where objects are to be counted, give each its own number"});
}

}  // namespace

void find_soft(Context& context, CheckedSet& set, Findings& findings) {
    std::vector<SoftEdges> found(set.cases.size());
    std::vector<std::string> grey(set.cases.size());
    parallel_for(context, static_cast<std::int64_t>(found.size()), [&](std::int64_t i, int) {
        const Case& each = set.cases[i];
        if (!each.labels) return;
        found[i] = soft_edges_of(*each.labels);
        if (found[i].levels > 0) return;
        grey[i] = why_grey(*each.labels);
    });
    for (std::size_t i = 0; i < grey.size(); ++i) {
        if (grey[i].empty()) continue;
        set.cases[i].odd_labels = true;
        findings.push_back({.kind = FindingKind::type,
                            .severity = Severity::error,
                            .what = grey[i],
                            .file = set.cases[i].pair.label,
                            .sure = 0.95,
                            .todo = "find the label map of this image"});
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (found[i].levels == 0) continue;
        Case& each = set.cases[i];
        each.odd_labels = true;
        findings.push_back(
            {.kind = FindingKind::soft,
             .severity = Severity::error,
             .what = fmt::format("a mask of 0 and {} with {} levels between them along its "
                                 "edges: each would be a class or an object of its own",
                                 found[i].white, found[i].levels),
             .file = each.pair.label,
             .place = place_of(each.labels->size, found[i].first),
             .sure = 0.95,
             .todo = "export it without smoothing and not as a JPEG, or set values above "
                     "the middle to the upper one, the others to 0"});
    }
}

void decide_meaning(Context& context, const DatasetOptions& reading, CheckedSet& set,
                    Findings& findings) {
    set_masks_apart(context, set, findings);
    std::vector<const LabelMap*> maps;
    for (const Case& each : set.cases)
        if (each.labels && !each.odd_labels) maps.push_back(&*each.labels);
    if (maps.empty()) return;  // each file has its finding
    std::optional<std::uint32_t> ignore;
    if (reading.ignore >= 0) ignore = static_cast<std::uint32_t>(reading.ignore);
    const std::string where = reading.labels.empty() ? set.name : reading.labels.string();
    try {
        set.meaning =
            meaning_of(survey_labels(context, maps, ignore), reading.label_kind, ignore, where);
    } catch (const Error& error) {
        findings.push_back({.kind = FindingKind::meaning,
                            .severity = Severity::error,
                            .what = error.what(),
                            .file = where,
                            .todo = "say what they mean, as the message names it"});
        return;
    }
    tell_of_mixed_masks(set, where, findings);
    if (set.meaning->kind == LabelKind::binary) tell_of_masks(set, where, findings);
    if (!set.holds_instances()) return;
    std::vector<double> diameters;
    for (const LabelMap* map : maps) {
        const auto of_map = equivalent_diameters(*map);
        diameters.insert(diameters.end(), of_map.begin(), of_map.end());
    }
    set.diameter = median(std::move(diameters));
}

void find_empty(Context& context, const CheckedSet& set, Findings& findings) {
    for_each_case(context, set, findings, [&](const Case& each, Findings& found) {
        const auto& values = each.labels->values;
        if (std::any_of(values.begin(), values.end(),
                        [&](std::uint32_t value) { return set.is_object(value); }))
            return;
        found.push_back(
            {.kind = FindingKind::empty,
             .severity = Severity::warning,
             .what = fmt::format("holds no object: {} everywhere", values[0]),
             .file = each.pair.label,
             .todo = "nothing, if its image is empty; else it is not annotated: move both away"});
    });
}

}  // namespace unet
