#include "unet/check/mend.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <system_error>

#include "unet/check/colours.h"
#include "unet/check/detectors.h"
#include "unet/check/label_file.h"
#include "unet/check/pieces.h"
#include "unet/core/error.h"
#include "unet/core/files/atomic_folder.h"
#include "unet/core/files/file.h"
#include "unet/core/text/text.h"
#include "unet/image/image_path.h"
#include "unet/image/write.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

using Lines = std::vector<std::string>;

/// PNG where it can hold them; a stack or large numbers need TIFF.
fs::path write_map(const LabelMap& labels, const fs::path& without_ending) {
    const bool png = labels.size.depth == 1 &&
                     *std::max_element(labels.values.begin(), labels.values.end()) <= 65535;
    fs::path file = without_ending;
    file += png ? ".png" : ".tif";
    write_labels(file, labels);
    return file;
}

/// Numbers of their own for pieces, background for specks; nothing where there are none.
std::optional<LabelMap> mended_ids(const LabelMap& labels, const CheckedSet& set, Lines& done,
                                   const std::string& name) {
    const Pieces all = pieces_of(labels, set);
    const std::int64_t limit = speck_limit(all);
    const std::uint32_t background = set.meaning->values[0] == 1 ? 1 : 0;
    constexpr std::uint32_t largest = 4294967294;  // the next may be the value that takes no part
    std::uint32_t last = 0;
    for (const std::uint32_t value : labels.values)
        if (set.is_object(value)) last = std::max(last, value);
    std::map<std::uint32_t, std::uint32_t> changed;  // component -> value
    std::int64_t pieces = 0, specks = 0;
    for (const auto& [id, list] : all.by_id)
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (is_speck(list[i], limit)) {
                changed[list[i].component] = background;
                ++specks;
            } else if (i > 0 && list[i].slice == list[0].slice && last < largest) {
                do ++last;
                while (!set.is_object(last));  // not the value that takes no part
                changed[list[i].component] = last;
                ++pieces;
            }
        }
    if (changed.empty()) return {};
    LabelMap result = labels;
    for (std::size_t i = 0; i < result.values.size(); ++i) {
        const auto found = changed.find(all.components.values[i]);
        if (all.components.values[i] != 0 && found != changed.end())
            result.values[i] = found->second;
    }
    if (pieces > 0)
        done.push_back(fmt::format("{}: {} piece(s) have their own number", name, pieces));
    if (specks > 0) done.push_back(fmt::format("{}: {} speck(s) removed", name, specks));
    return result;
}

/// The class of every colour of a set whose labels are all RGB; empty where they are not.
using Classes = std::map<StoredColour, std::uint32_t>;

Classes classes_of(const CheckedSet& set, const ReadOptions& options) {
    std::map<StoredColour, std::int64_t> counts;
    for (const Case& each : set.cases) {
        if (each.labels) return {};
        try {
            const Image image = read_image(each.pair.label, options);
            if (!image.rgb) continue;
            for (const auto& [colour, pixels] : colours_of(image, most_mask_colours))
                counts[colour] += pixels;
        } catch (const Error&) {
            continue;  // left out
        }
    }
    std::vector<std::pair<std::int64_t, StoredColour>> sorted;
    for (const auto& [colour, pixels] : counts) sorted.emplace_back(-pixels, colour);
    std::sort(sorted.begin(), sorted.end());
    Classes classes;
    if (sorted.size() <= most_mask_colours)
        for (const auto& [unused, colour] : sorted)
            classes.emplace(colour, static_cast<std::uint32_t>(classes.size()));
    return classes;
}

/// Nothing where a pixel has a colour that is no class.
std::optional<LabelMap> map_of_colours(const fs::path& file, const Classes& classes,
                                       const ReadOptions& options) {
    try {
        const Image image = read_image(file, options);
        if (!image.rgb) return {};
        LabelMap labels{image.size, {}, image.spacing};
        for (std::int64_t i = 0; i < image.size.elements(); ++i) {
            const auto found =
                classes.find({image.plane(0)[i], image.plane(1)[i], image.plane(2)[i]});
            if (found == classes.end()) return {};
            labels.values.push_back(found->second);
        }
        return labels;
    } catch (const Error&) {
        return {};
    }
}

std::string colours_text(const Classes& classes) {
    std::vector<std::string> words(classes.size());
    for (const auto& [colour, value] : classes)
        words[value] = fmt::format("({}, {}, {}) is {}", colour[0], colour[1], colour[2], value);
    std::string text = "colours became classes: ";
    for (std::size_t i = 0; i < words.size(); ++i) text += (i == 0 ? "" : ", ") + words[i];
    return text;
}

/// Images that occur before, with the same labels.
std::set<fs::path> repetitions(Context& context, const CheckedSet& set) {
    Findings findings;
    find_duplicates(context, set, findings);
    std::map<fs::path, const Case*> by_image;
    for (const Case& each : set.cases) by_image[each.pair.image] = &each;
    std::set<fs::path> result;
    for (const Finding& finding : findings) {
        const Case &later = *by_image[finding.file], &first = *by_image[finding.other];
        if (finding.sure >= 1.0 && later.labels && first.labels &&
            later.labels->values == first.labels->values)
            result.insert(finding.file);
    }
    return result;
}

/// A row for list.csv.
std::string row_of(const Pair& pair, const std::string& image, const std::string& label) {
    const char* part = pair.part == Part::train        ? "train"
                       : pair.part == Part::validation ? "val"
                                                       : "";
    return fmt::format("{},{},{},{}\n", csv_quoted("images/" + image),
                       csv_quoted("labels/" + label), csv_quoted(pair.group), part);
}

struct Mending {
    const CheckedSet& set;
    ReadOptions options;
    std::set<fs::path> repeated;
    Classes classes;
    Lines done = {};

    /// The labels that are written instead of the file; nothing: it is copied.
    std::optional<LabelMap> labels_of(const Case& each) {
        if (!each.labels) return map_of_colours(each.pair.label, classes, options);
        if (!set.holds_instances() || each.odd_labels) return {};
        return mended_ids(*each.labels, set, done, each.pair.label.filename().string());
    }
    const char* why_left_out(const Case& each) const {
        if (!each.image) return "its image cannot be read";
        if (repeated.count(each.pair.image) > 0) return "it is there already, with the same labels";
        return nullptr;
    }
};

}  // namespace

std::vector<std::string> mend(Context& context, const CheckOptions& options, const fs::path& out) {
    const ReadSettings& stacks = options.reading.stacks;
    if (!stacks.pages.empty() || !stacks.z.empty() || !stacks.t.empty() || !stacks.series.empty())
        fail(ErrorCode::invalid_argument,
             "`fix`: found `pages`, `z`, `t` or `series`, but a copy is mended as a whole: leave "
             "them out, "
             "and say them when you train");
    Findings findings;
    CheckedSet set = read_cases(context, {options.reading, {}, options.stop}, findings);
    find_soft(context, set, findings);
    decide_meaning(context, options.reading, set, findings);
    Mending mending{set, read_options_of(options.reading.stacks), repetitions(context, set), {}};
    mending.classes = classes_of(set, mending.options);
    AtomicFolder folder = new_folder(out, "fix");
    create_folder(folder.temporary() / "images");
    create_folder(folder.temporary() / "labels");
    std::string rows = "image,label,group,split\n";
    bool listed = false;
    std::int64_t kept = 0;
    for (const Case& each : set.cases) {
        if (set.stopped()) fail(ErrorCode::cancelled, "check: stopped, no copy is written");
        const char* why = mending.why_left_out(each);
        const auto labels = why ? std::nullopt : mending.labels_of(each);
        if (!why && !each.labels && !labels) why = "its labels cannot be used";
        if (why) {
            mending.done.push_back(fmt::format("{}: left out, {}", each.pair.name, why));
            continue;
        }
        const std::string image =
            each.pair.name +
            name_of_copy(each.pair.image).string().substr(stem_of(each.pair.image).size());
        fs::path label = each.pair.name + name_of_copy(each.pair.label).extension().string();
        duplicate(each.pair.image, folder.temporary() / "images" / image);
        if (labels)
            label = write_map(*labels, folder.temporary() / "labels" / each.pair.name).filename();
        else
            duplicate(each.pair.label, folder.temporary() / "labels" / label);
        rows += row_of(each.pair, image, label.string());
        listed = listed || each.pair.part != Part::any || each.pair.group != each.pair.name;
        ++kept;
    }
    if (kept == 0)
        fail(ErrorCode::invalid_argument, "{}: no image would be left, nothing is written",
             set.name);
    if (listed) write_file_atomically(folder.temporary() / "list.csv", std::string_view(rows));
    folder.commit();
    if (!mending.classes.empty()) mending.done.push_back(colours_text(mending.classes));
    for (const Finding& finding : findings)
        if (finding.kind == FindingKind::missing)
            mending.done.push_back(
                fmt::format("{}: left out, {}", finding.file.filename().string(), finding.what));
    return std::move(mending.done);
}

}  // namespace unet
