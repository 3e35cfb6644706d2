#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "unet/core/context.h"
#include "unet/core/image.h"
#include "unet/objects/row_runs.h"

namespace unet {

/// What a set of label maps holds. A slice of a stack counts as an image of its own, because an
/// object that runs through several slices is one piece in each.
struct LabelSurvey {
    struct Value {
        std::int64_t pixels = 0;
        std::int64_t images = 0;  ///< in which it occurs
        std::int64_t whole = 0;   ///< of those, in which it is one 8-connected piece
    };
    std::map<std::uint32_t, Value> values;
    std::int64_t images = 0;
    std::int64_t most_in_one_image = 0;  ///< values other than 0
    bool numbered = true;        ///< every image holds 1 .. n without a gap (ids as programs write)
    bool counts_differ = false;  ///< and n is not the same for all
};

/// The values of one slice.
struct SliceValues {
    std::unordered_map<std::uint32_t, std::int64_t> pixels;
    std::unordered_map<std::uint32_t, std::int64_t> pieces;  ///< but of 0 and of what is ignored
};

/// Looks at a slice that comes a row at a time, from top to bottom. What it keeps of the rows is
/// the runs of the last one: pixels of one value that touch it are one piece by what came before
/// (union-find, of which only the pieces that go on are kept).
class SliceSurveyor {
public:
    explicit SliceSurveyor(std::optional<std::uint32_t> ignore) : ignore_(ignore) {}

    void add(std::span<const std::uint32_t> row);
    /// What the rows so far hold; a new slice begins.
    SliceValues take();

private:
    /// Pixels begin .. end-1 of a row, and their piece.
    struct Run {
        std::int64_t begin, end;
        std::uint32_t value, piece;
    };
    void join_above(Run& run, std::size_t& first_above);
    std::uint32_t root_of(std::uint32_t piece);
    void renumber();

    std::optional<std::uint32_t> ignore_;
    SliceValues found_;
    RowRuns row_runs_;
    std::vector<Run> above_, runs_;
    std::vector<std::uint32_t> parent_, number_;  ///< of the pieces that touch these two rows
};

/// The survey of maps whose slices hold these values.
LabelSurvey survey_of(std::span<const SliceValues> slices, std::optional<std::uint32_t> ignore);

/// The same of maps in memory. Pieces count only where there are more than two values besides
/// `ignore`.
LabelSurvey survey_labels(Context& context, std::span<const LabelMap* const> maps,
                          std::optional<std::uint32_t> ignore);

}  // namespace unet
