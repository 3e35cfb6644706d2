#include "unet/check/cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "unet/check/label_file.h"
#include "unet/core/error.h"
#include "unet/data/comparing/overlay.h"
#include "unet/image/folder.h"
#include "unet/image/read.h"
#include "unet/pixels/normalise.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

/// A left-over file of a name like `stem`: one or two letters differ, or it has something added.
std::string similar_name(const std::string& stem, const std::vector<fs::path>& others) {
    std::vector<std::string> stems;
    for (const fs::path& other : others) stems.push_back(stem_of(other));
    std::string nearest = nearest_word(stem, stems);
    for (std::size_t i = 0; i < stems.size(); ++i) {
        const bool added =
            stems[i].find(stem) != std::string::npos || stem.find(stems[i]) != std::string::npos;
        if (nearest == stems[i] || (nearest.empty() && added)) return others[i].filename().string();
    }
    return {};
}

void tell_lone(const Pairing& found, bool labelled_only, Findings& findings) {
    const auto tell = [&](const fs::path& file, const std::vector<fs::path>& others,
                          const fs::path& folder, Severity severity, const char* what,
                          const char* otherwise) {
        const std::string near = similar_name(stem_of(file), others);
        findings.push_back(
            {.kind = FindingKind::missing,
             .severity = severity,
             .what = what,
             .file = file,
             .todo = near.empty()
                         ? fmt::format(fmt::runtime(otherwise), folder.string())
                         : fmt::format("is it {}? Give both one name", (folder / near).string())});
    };
    for (const fs::path& image : found.lone_images)
        tell(image, found.lone_labels, found.labels,
             labelled_only ? Severity::note : Severity::error, "no label has its name",
             "put its labels into {}, or train with `labelled_only`");
    for (const fs::path& label : found.lone_labels)
        tell(label, found.lone_images, found.images, Severity::warning,
             "no image has its name: it is left out", "put its image into {}, or move it away");
}

void tell_faults(const std::vector<FileFault>& faults, Findings& findings) {
    for (const FileFault& fault : faults)
        findings.push_back({.kind = FindingKind::missing,
                            .severity = Severity::error,
                            .what = fault.what,
                            .file = fault.file,
                            .todo = "name two files that are there and belong together, once"});
}

std::optional<Image> read_image_file(const fs::path& file, const ReadOptions& options,
                                     Findings& findings) {
    try {
        Image image = read_image(file, options);
        tell_notes(image.notes, file, findings);
        check_finite(image, file.string());
        return image;
    } catch (const Error& error) {
        findings.push_back({.kind = FindingKind::type,
                            .severity = Severity::error,
                            .what = error.what(),
                            .file = file,
                            .todo = "export the image again as PNG or TIFF"});
        return {};
    }
}

bool turned(const Size3& a, const Size3& b) {
    return a.depth == b.depth && a.height == b.width && a.width == b.height;
}

void check_sizes(Case& each, Findings& findings) {
    const Size3 &image = each.image->size, &labels = each.labels->size;
    if (image == labels) return;
    findings.push_back(
        {.kind = FindingKind::size,
         .severity = Severity::error,
         .what = fmt::format("the labels have {} pixels, their image {} has {}", to_string(labels),
                             each.pair.image.filename().string(), to_string(image)),
         .file = each.pair.label,
         .todo =
             turned(image, labels)
                 ? "they are as wide as the image is high: turn them by 90 degrees"
                 : "export the labels in the size of the image, or find those that belong to it"});
    each.labels.reset();
}

/// How the labels are read on their image; nothing where they lie elsewhere.
std::optional<ReadOptions> placed_labels(const Pair& pair, const ReadOptions& options,
                                         Findings& findings) {
    Finding finding{.kind = FindingKind::place,
                    .severity = Severity::note,
                    .file = pair.label,
                    .todo = "nothing, if that is right"};
    Overlay overlay(options);
    try {
        const ReadOptions placed = overlay.place(pair.image, pair.label);
        for (const std::string& note : overlay.notes()) {
            finding.what = note;
            findings.push_back(finding);
        }
        return placed;
    } catch (const Error& error) {
        finding.severity = Severity::error;
        finding.what = error.what();
        finding.todo = "find the labels that belong to the image, or correct what they say";
        findings.push_back(finding);
        return {};
    }
}

Case read_case(const Pair& pair, const ReadOptions& options, Findings& findings) {
    Case each;
    each.pair = pair;
    each.image = read_image_file(pair.image, options, findings);
    if (const auto placed = placed_labels(pair, options, findings))
        each.labels = read_label_file(pair.label, *placed, findings);
    if (each.image && each.labels) check_sizes(each, findings);
    return each;
}

void check_channels(const std::vector<Case>& cases, Findings& findings) {
    const auto kind_of = [](const Image& image) { return image.rgb ? 1 : image.channels; };
    std::int64_t usual = 0;
    for (const Case& each : cases) {
        if (!each.image) continue;
        if (usual == 0) usual = kind_of(*each.image);
        if (kind_of(*each.image) != usual)
            findings.push_back({.kind = FindingKind::type,
                                .severity = Severity::error,
                                .what = fmt::format("{} channels, the images before it have {}",
                                                    each.image->channels, usual),
                                .file = each.pair.image,
                                .todo = "export all images with the same channels"});
    }
}

void tell_passed_over(const fs::path& folder, Findings& findings) {
    FolderContent content = content_of(folder);
    content.other_images.clear();  // are read, and refused with a reason
    for (const std::string& told : passed_over(folder, content))
        findings.push_back({.kind = FindingKind::missing,
                            .severity = Severity::note,
                            .what = told.substr(folder.string().size() + 2),
                            .file = folder,
                            .todo = "nothing, if they are no part of the data"});
}

std::vector<Pair> pairs_of(const DatasetOptions& reading, Findings& findings) {
    std::vector<FileFault> faults;
    const Pairing found = pair_up(reading.images, reading.labels, faults, {});
    tell_faults(faults, findings);
    tell_lone(found, reading.labelled_only, findings);
    for (const fs::path& folder : {found.images, found.labels})
        if (!folder.empty()) tell_passed_over(folder, findings);
    return found.pairs;
}

}  // namespace

CheckedSet read_cases(Context& context, const CheckOptions& options, Findings& findings) {
    const DatasetOptions& reading = options.reading;
    const ReadOptions read_options = read_options_of(reading.stacks);
    std::vector<Pair> pairs = pairs_of(reading, findings);
    if (!options.val.empty()) {
        DatasetOptions second = reading;
        second.images = options.val;
        second.labels.clear();
        for (Pair& pair : pairs) pair.part = Part::train;
        for (Pair& pair : pairs_of(second, findings)) {
            pair.part = Part::validation;
            pairs.push_back(std::move(pair));
        }
    }
    CheckedSet set;
    set.name = reading.images.string();
    set.stop = options.stop;
    set.cases.resize(pairs.size());
    std::vector<Findings> found(pairs.size());
    parallel_for(context, static_cast<std::int64_t>(pairs.size()), [&](std::int64_t i, int) {
        const auto at = static_cast<std::size_t>(i);
        if (!set.stopped()) set.cases[at] = read_case(pairs[at], read_options, found[at]);
    });
    for (Findings& each : found) std::move(each.begin(), each.end(), std::back_inserter(findings));
    check_channels(set.cases, findings);
    return set;
}

void for_each_case(Context& context, const CheckedSet& set, Findings& findings,
                   const std::function<void(const Case&, Findings&)>& look) {
    std::vector<Findings> found(set.cases.size());
    parallel_for(context, static_cast<std::int64_t>(found.size()), [&](std::int64_t i, int) {
        const Case& each = set.cases[i];
        if (each.image && each.labels && !set.stopped()) look(each, found[i]);
    });
    for (Findings& each : found) std::move(each.begin(), each.end(), std::back_inserter(findings));
}

std::string place_of(const Size3& size, std::int64_t pixel) {
    const std::int64_t area = size.height * size.width, in_slice = pixel % area;
    return fmt::format("{}row {}, column {}",
                       size.depth > 1 ? fmt::format("slice {}, ", pixel / area) : std::string(),
                       in_slice / size.width, in_slice % size.width);
}

}  // namespace unet
