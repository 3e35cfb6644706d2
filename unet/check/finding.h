#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace unet {

/// How much a finding matters.
enum class Severity {
    note,     ///< worth knowing
    warning,  ///< look at it: the training would be worse, or its score too good
    error,    ///< training would stop there, or learn what is not meant
};

/// "note", "warning" or "error".
const char* to_string(Severity severity);

/// What can be wrong with a data set, in the order of a report.
enum class FindingKind {
    missing,        ///< an image without a label, a label without an image, two files of one name
    size,           ///< a label map of another size than its image
    place,          ///< labels that lie elsewhere in space than their image, or turned
    type,           ///< a file that cannot be read, values that are no labels, odd storage
    jpeg,           ///< labels in a JPEG, whatever its name
    rgb,            ///< colours where numbers are expected
    soft,           ///< grey levels along the edges of a mask
    meaning,        ///< label values that may mean one thing or another
    binary,         ///< 0 and 255 where objects could have numbers
    missing_class,  ///< a class that is nowhere, or on one side of the split only
    rare_class,     ///< a class of very few pixels or images
    empty,          ///< a label map that holds no object
    pieces,         ///< one id in several pieces
    repeated,       ///< one id on several objects
    specks,         ///< objects of a few pixels beside larger ones
    unlabelled,     ///< what looks like an object and has no label
    shifted,        ///< labels that lie beside what they outline
    mirrored,       ///< labels that fit when they are mirrored or turned
    swapped,        ///< labels that fit another image
    duplicate,      ///< images that are equal, or nearly
    extreme,        ///< values far beyond all others of their image
    outlier,        ///< intensities or focus unlike those of the other images
    spacing,        ///< pixel sizes that differ
};

/// "missing_class"; the word in JSON.
const char* to_string(FindingKind kind);
/// What findings of a kind have in common, for a heading.
const char* title_of(FindingKind kind);

/// One fault, or one oddity, of one file.
struct Finding {
    FindingKind kind = FindingKind::missing;
    Severity severity = Severity::warning;
    std::string what = {};             ///< what was found, one sentence without the file
    std::filesystem::path file = {};   ///< that it is in
    std::string place = {};            ///< inside the file: "row 3, column 40"; may be empty
    double sure = 1.0;                 ///< 0 .. 1
    std::string todo = {};             ///< what to do
    std::filesystem::path other = {};  ///< of two files the second
};

using Findings = std::vector<Finding>;

/// Errors first, then by kind and file.
void sort_findings(Findings& findings);

}  // namespace unet
