#include "unet/check/finding.h"

#include <algorithm>
#include <cstddef>
#include <tuple>

namespace unet {
namespace {

struct Words {
    const char *name, *title;
};

/// In the order of FindingKind.
constexpr Words words[] = {
    {"missing", "images and labels that do not pair up"},
    {"size", "labels of another size than their image"},
    {"place", "labels that lie elsewhere in space than their image"},
    {"type", "files that cannot be read, or hold something odd"},
    {"jpeg", "JPEG files"},
    {"rgb", "colours instead of numbers"},
    {"soft", "masks with soft edges"},
    {"meaning", "label values that may mean several things"},
    {"binary", "0/255 masks"},
    {"missing_class", "classes that are missing"},
    {"rare_class", "classes that are rare"},
    {"empty", "labels without an object"},
    {"pieces", "objects in several pieces"},
    {"repeated", "one number on several objects"},
    {"specks", "specks"},
    {"unlabelled", "objects that seem to have no label"},
    {"shifted", "labels that lie beside their objects"},
    {"mirrored", "labels that are mirrored or turned"},
    {"swapped", "labels that fit another image"},
    {"duplicate", "equal images"},
    {"extreme", "images with values far beyond all others"},
    {"outlier", "images unlike the others"},
    {"spacing", "pixel sizes that differ"},
};

const Words& words_of(FindingKind kind) { return words[static_cast<std::size_t>(kind)]; }

}  // namespace

const char* to_string(Severity severity) {
    return severity == Severity::error     ? "error"
           : severity == Severity::warning ? "warning"
                                           : "note";
}

const char* to_string(FindingKind kind) { return words_of(kind).name; }
const char* title_of(FindingKind kind) { return words_of(kind).title; }

void sort_findings(Findings& findings) {
    const auto key = [](const Finding& finding) {
        return std::make_tuple(-static_cast<int>(finding.severity), finding.kind, finding.file,
                               finding.what);
    };
    std::stable_sort(findings.begin(), findings.end(),
                     [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
}

}  // namespace unet
