#include "unet/check/label_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "unet/check/colours.h"
#include "unet/core/error.h"
#include "unet/image/read_series.h"

namespace unet {
namespace {

namespace fs = std::filesystem;

std::string colour_text(const std::vector<std::pair<StoredColour, std::int64_t>>& colours) {
    constexpr std::size_t most_listed = 6;
    std::string text;
    for (std::size_t i = 0; i < std::min(colours.size(), most_listed); ++i) {
        const auto& [colour, pixels] = colours[i];
        text += fmt::format("{}({}, {}, {}) on {} pixels", i == 0 ? "" : ", ", colour[0], colour[1],
                            colour[2], pixels);
    }
    return text + (colours.size() > most_listed ? ", and more" : "");
}

/// Nothing where the file is no RGB image.
std::optional<Finding> colours_finding(const fs::path& file, const ReadOptions& options) {
    const ImageInfo info = read_label_info(file, options.series);
    if (!info.rgb || info.palette) return {};
    const Image image = read_image(file, options);
    if (!image.rgb) return {};
    const auto colours = colours_of(image, most_mask_colours);
    if (colours.empty())
        return Finding{
            .kind = FindingKind::rgb,
            .severity = Severity::error,
            .what = fmt::format("RGB with more than {} colours: a photograph, or a coloured mask "
                                "that was smoothed or was a JPEG",
                                most_mask_colours),
            .file = file,
            .todo = "give the file of the annotation: one number per pixel, not a colour"};
    return Finding{
        .kind = FindingKind::rgb,
        .severity = Severity::error,
        .what = fmt::format("RGB with {} colours: {}", colours.size(), colour_text(colours)),
        .file = file,
        .todo =
            "store one number for each colour; `mend` does it, the most "
            "frequent colour becoming 0"};
}

Finding unreadable(const fs::path& file, const ReadOptions& options, const std::string& reason) {
    if (is_jpeg_file(file))
        return {.kind = FindingKind::jpeg,
                .severity = Severity::error,
                .what = "a JPEG, whose compression changes label values along every edge",
                .file = file,
                .todo = "save the labels as PNG or TIFF from the original annotation"};
    try {
        if (auto colours = colours_finding(file, options)) return *colours;
    } catch (const Error&) {
        // Neither labels nor an image: what reading labels said is the better reason.
    }
    return {.kind = FindingKind::type,
            .severity = Severity::error,
            .what = reason,
            .file = file,
            .todo = "export the labels again: PNG or TIFF, one whole number per pixel"};
}

void tell_storage(const LabelMap& labels, const fs::path& file, const ReadOptions& options,
                  Findings& findings) {
    const auto note = [&](const char* what, const char* todo) {
        findings.push_back({.kind = FindingKind::type,
                            .severity = Severity::note,
                            .what = what,
                            .file = file,
                            .todo = todo});
    };
    if (labels.storage == LabelStorage::floats)
        note("holds floats; all are whole numbers and taken as they are",
             "nothing; 16-bit integers are safer");
    if (labels.storage == LabelStorage::colour_table)
        note("has a colour table: the stored indices are the labels, the colours do not count",
             "make sure that the indices are what you mean");
    if (labels.storage == LabelStorage::white_is_zero)
        note("shows 0 as white: the stored values are the labels, as in other files",
             "make sure that background is stored as 0");
    if (labels.storage == LabelStorage::equal_colours)
        note("RGB with red = green = blue, read as that one value", "nothing");
    if (read_label_info(file, options.series).bits < 8 && labels.storage == LabelStorage::integers)
        note("holds fewer than 8 bits a pixel: a mask, or at most 15 numbers",
             "nothing, if that is meant");
}

}  // namespace

void tell_notes(const std::vector<std::string>& notes, const fs::path& file, Findings& findings) {
    for (const std::string& note : notes)
        findings.push_back({.kind = FindingKind::type,
                            .severity = Severity::note,
                            .what = note,
                            .file = file,
                            .todo = "make sure that it is the one that you mean"});
}

std::optional<LabelMap> read_label_file(const fs::path& file, const ReadOptions& options,
                                        Findings& findings) {
    try {
        LabelMap labels = read_labels(file, options);
        tell_notes(labels.notes, file, findings);
        tell_storage(labels, file, options, findings);
        return labels;
    } catch (const Error& error) {
        findings.push_back(unreadable(file, options, error.what()));
        return {};
    }
}

}  // namespace unet
