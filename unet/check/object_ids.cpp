#include <fmt/format.h>

#include <algorithm>

#include "unet/check/detectors.h"
#include "unet/check/pieces.h"
#include "unet/core/math.h"

namespace unet {
namespace {

// Two pieces are two objects if both are at least this part of the set's median object ...
constexpr double whole_part = 0.25;
// ... and there is this much of its diameter between them.
constexpr double apart = 0.5;
// Beyond this share of an image's objects, specks spoil scores that count objects.
constexpr double many_specks = 0.1;

/// Largest distance between two boxes along an axis; negative if they overlap.
std::int64_t gap_between(const Piece& a, const Piece& b) {
    const std::int64_t y = std::max(a.top, b.top) - std::min(a.bottom, b.bottom) - 1;
    const std::int64_t x = std::max(a.left, b.left) - std::min(a.right, b.right) - 1;
    return std::max(x, y);
}

std::string some_ids(const std::vector<std::uint32_t>& ids) {
    constexpr std::size_t most = 5;
    std::string text;
    for (std::size_t i = 0; i < std::min(ids.size(), most); ++i)
        text += fmt::format("{}{}", i == 0 ? "" : ", ", ids[i]);
    return text + (ids.size() > most ? ", ..." : "");
}

/// What was found of one kind in a file.
struct Found {
    std::vector<std::uint32_t> ids;
    std::int64_t first = -1;

    void add(const Piece& piece) {
        if (ids.empty() || ids.back() != piece.id) ids.push_back(piece.id);
        if (first < 0) first = piece.first;
    }
};

void tell(const Case& each, const Pieces& all, std::int64_t limit, const Found& pieces,
          const Found& repeated, const Found& specks, Findings& findings) {
    const auto& size = each.labels->size;
    if (!pieces.ids.empty())
        findings.push_back({.kind = FindingKind::pieces,
                            .severity = Severity::warning,
                            .what = fmt::format("{} id(s) in several pieces: {}", pieces.ids.size(),
                                                some_ids(pieces.ids)),
                            .file = each.pair.label,
                            .place = place_of(size, pieces.first),
                            .sure = 0.9,
                            .todo =
                                "join the pieces where they are one object; `mend` gives each its "
                                "own number"});
    if (!repeated.ids.empty())
        findings.push_back({.kind = FindingKind::repeated,
                            .severity = Severity::warning,
                            .what = fmt::format("{} id(s) on several objects far apart: {}",
                                                repeated.ids.size(), some_ids(repeated.ids)),
                            .file = each.pair.label,
                            .place = place_of(size, repeated.first),
                            .sure = 0.9,
                            .todo = "give each object its own number, as `mend` does"});
    if (!specks.ids.empty())
        findings.push_back({.kind = FindingKind::specks,
                            .severity = static_cast<double>(specks.ids.size()) >
                                                many_specks * static_cast<double>(all.by_id.size())
                                            ? Severity::warning
                                            : Severity::note,
                            .what = fmt::format("{} speck(s) of fewer than {} pixels: ids {}",
                                                specks.ids.size(), limit, some_ids(specks.ids)),
                            .file = each.pair.label,
                            .place = place_of(size, specks.first),
                            .sure = 0.8,
                            .todo = "remove them, as `mend` does, unless they are objects"});
}

}  // namespace

void find_ids(Context& context, const CheckedSet& set, Findings& findings) {
    if (!set.holds_instances()) return;
    const double usual_area = pi / 4.0 * set.diameter * set.diameter;
    for_each_case(context, set, findings, [&](const Case& each, Findings& found) {
        if (each.odd_labels) return;
        const Pieces all = pieces_of(*each.labels, set);
        const std::int64_t limit = speck_limit(all);
        Found pieces, repeated, specks;
        for (const auto& [unused, list] : all.by_id)
            for (std::size_t i = 0; i < list.size(); ++i) {
                const Piece& piece = list[i];
                if (piece.pixels < limit) {
                    if (is_speck(piece, limit)) specks.add(piece);
                } else if (i > 0 && piece.slice == list[0].slice) {
                    const bool whole = static_cast<double>(piece.pixels) > whole_part * usual_area;
                    const auto gap = static_cast<double>(gap_between(list[0], piece));
                    (whole && gap > apart * set.diameter ? repeated : pieces).add(piece);
                }
            }
        tell(each, all, limit, pieces, repeated, specks, found);
    });
}

}  // namespace unet
