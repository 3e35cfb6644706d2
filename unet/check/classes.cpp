#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "unet/check/detectors.h"

namespace unet {
namespace {

// Below this share a class is drowned by the others, weighted or not.
constexpr double rare_share = 1e-3;
// Of so many images, a class that stands in one only cannot be learnt and validated.
constexpr std::int64_t images_for_rare = 5;

struct Occurrence {
    std::int64_t pixels = 0, images = 0, training = 0, validation = 0;
    const Case* first = nullptr;
};

std::map<std::uint32_t, Occurrence> occurrences_in(const CheckedSet& set, std::int64_t& images) {
    std::map<std::uint32_t, Occurrence> all;
    for (const Case& each : set.cases) {
        if (!each.labels || each.odd_labels) continue;
        ++images;
        std::map<std::uint32_t, std::int64_t> pixels;
        for (const std::uint32_t value : each.labels->values) ++pixels[value];
        for (const auto& [value, count] : pixels) {
            Occurrence& occurrence = all[value];
            if (!occurrence.first) occurrence.first = &each;
            occurrence.pixels += count;
            ++occurrence.images;
            ++(each.pair.part == Part::validation ? occurrence.validation : occurrence.training);
        }
    }
    return all;
}

void find_gaps(const CheckedSet& set, Findings& findings) {
    const auto& values = set.meaning->values;
    std::string gaps;
    for (std::uint32_t value = 0; value < values.back() && gaps.size() < 40; ++value)
        if (!std::binary_search(values.begin(), values.end(), value))
            gaps += fmt::format("{}{}", gaps.empty() ? "" : ", ", value);
    // 0, 128, 255 are shades of a drawing program, not numbers of classes.
    if (gaps.empty() || values.back() >= 2 * values.size()) return;
    findings.push_back(
        {.kind = FindingKind::missing_class,
         .severity = Severity::warning,
         .what =
             fmt::format("classes up to {}, but no pixel has the value {}", values.back(), gaps),
         .file = set.name,
         .sure = 0.6,
         .todo = "nothing, if that class is not used; else add images that show it"});
}

}  // namespace

void find_classes(Context&, const CheckedSet& set, Findings& findings) {
    if (!set.meaning || set.holds_instances()) return;
    std::int64_t images = 0;
    const auto occurrences = occurrences_in(set, images);
    std::int64_t all = 0, validating = 0;
    for (const auto& [value, each] : occurrences)
        if (!set.meaning->is_ignored(value)) all += each.pixels;
    for (const Case& each : set.cases)
        validating += each.labels && each.pair.part == Part::validation ? 1 : 0;
    if (set.meaning->kind == LabelKind::classes) find_gaps(set, findings);
    for (const auto& [value, each] : occurrences) {
        if (set.meaning->is_ignored(value)) continue;
        const auto tell = [&findings, label = value, &file = each.first->pair.label](
                              FindingKind kind, const std::string& what, double sure,
                              const char* todo) {
            findings.push_back({.kind = kind,
                                .severity = Severity::warning,
                                .what = fmt::format("class {} {}", label, what),
                                .file = file,
                                .sure = sure,
                                .todo = todo});
        };
        if (validating > 0 && (each.training == 0 || each.validation == 0))
            tell(FindingKind::missing_class,
                 each.training == 0 ? "is in validation images only" : "is in no validation image",
                 1.0, "divide the images so that both sides show it");
        const double share = static_cast<double>(each.pixels) / static_cast<double>(all);
        if (share < rare_share)
            tell(FindingKind::rare_class, fmt::format("covers {:.2g} % of the pixels", 100 * share),
                 0.9, "annotate more of it, or train with `foreground` 0.5");
        else if (each.images == 1 && images >= images_for_rare)
            tell(FindingKind::rare_class, fmt::format("is in one of {} images", images), 0.8,
                 "annotate more images that show it, or make sure that the value is meant");
    }
}

}  // namespace unet
