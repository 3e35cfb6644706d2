#include "unet/annotation/import_counts.h"

#include <fmt/format.h>

namespace unet {
namespace {

using Member = std::int64_t DrawnLabels::*;

/// What is told of drawn annotations, in the order of telling.
constexpr std::pair<Member, const char*> sentences[] = {
    {&DrawnLabels::clipped, "annotation(s) went beyond their image and were clipped"},
    {&DrawnLabels::crossing,
     "line(s) cross themselves: what they encircle twice is left out (even-odd rule)"},
    {&DrawnLabels::overlap_pixels,
     "pixel(s) belong to several annotations: the smaller one has them"},
    {&DrawnLabels::covered,
     "annotation(s) have no pixel of their own: hidden by others, outside of the annotated "
     "regions, or smaller than a pixel"},
    {&DrawnLabels::crowds, "annotation(s) are crowds (iscrowd): their pixels take no part"},
    {&DrawnLabels::every_slice, "annotation(s) name no slice of their stack and were drawn on all"},
    {&DrawnLabels::renumbered,
     "annotation(s) got a new number, as theirs is taken in the slice or means ignored"},
};

constexpr std::pair<LeftOut, const char*> reasons[] = {
    {LeftOut::no_area, "point(s), line(s) or text(s) have no area and were left out"},
    {LeftOut::no_outline, "annotation(s) have no outline, at most a box, and were left out"},
    {LeftOut::no_number,
     "annotation(s) have coordinates that are no numbers (NaN, Infinity, null) and were left out"},
    {LeftOut::nucleus,
     "cell(s) have a nucleus of its own, which was left out: the whole cell is the object; "
     "`nuclei` takes the nuclei"},
    {LeftOut::outside, "annotation(s) lie wholly outside of their image and were left out"},
    {LeftOut::unusable, "annotation(s) cannot be used and were left out"},
    {LeftOut::json_beside,
     "file(s) of annotations beside ImageJ's regions in a zip archive were not read; import them "
     "by themselves"},
    {LeftOut::other_entry, "file(s) in zip archives are no annotations and were passed over"},
};

}  // namespace

void ImportCounts::add(const DrawnLabels& drawn) {
    const auto count = [&](const char* what, std::int64_t number) {
        if (number == 0) return;
        counts_[what].number += number;
        ++counts_[what].images;
    };
    for (const auto& [member, what] : sentences) count(what, drawn.*member);
    for (const auto& [reason, what] : reasons) {
        const auto found = drawn.left_out.find(reason);
        if (found != drawn.left_out.end()) count(what, found->second);
    }
    if (fault_.empty() && drawn.fault) fault_ = drawn.fault->what();
    ignored_ += drawn.ignored_pixels;
}

std::vector<std::string> ImportCounts::notes() const {
    std::vector<std::string> notes;
    const auto say = [&](const char* what) {
        const auto found = counts_.find(what);
        if (found != counts_.end())
            notes.push_back(fmt::format("{} {} (in {} image(s))", found->second.number, what,
                                        found->second.images));
    };
    for (const auto& [member, what] : sentences) say(what);
    for (const auto& [reason, what] : reasons) say(what);
    if (!fault_.empty()) notes.push_back("the first that cannot be used: " + fault_);
    return notes;
}

}  // namespace unet
