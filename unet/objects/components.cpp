#include "unet/objects/components.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace unet {
namespace {

/// Pixels begin .. end-1 of a row, all of one non-zero value.
struct Run {
    std::int64_t begin, end;
    std::uint32_t value;
    std::uint32_t parent;  ///< a run of the same component, never a later one
};

class RunForest {
public:
    explicit RunForest(const LabelMap& map) : size_(map.size) {
        row_starts_.reserve(static_cast<std::size_t>(size_.depth * size_.height) + 1);
        row_starts_.push_back(0);
        const std::uint32_t* row = map.values.data();
        for (std::int64_t y = 0; y < size_.depth * size_.height; ++y, row += size_.width) {
            append_runs(row);
            row_starts_.push_back(runs_.size());
        }
    }

    /// Joins runs of equal value in two rows (an earlier and a later one) that share a column or,
    /// with `diagonal`, touch at a corner.
    void join_rows(std::int64_t earlier, std::int64_t later, bool diagonal) {
        const std::int64_t gap = diagonal ? 1 : 0;
        std::size_t first = row_starts_[static_cast<std::size_t>(earlier)];
        const std::size_t last = row_starts_[static_cast<std::size_t>(earlier) + 1];
        const std::size_t end = row_starts_[static_cast<std::size_t>(later) + 1];
        for (std::size_t b = row_starts_[static_cast<std::size_t>(later)]; b < end; ++b) {
            while (first < last && runs_[first].end + gap <= runs_[b].begin) ++first;
            for (std::size_t a = first; a < last && runs_[a].begin < runs_[b].end + gap; ++a)
                if (runs_[a].value == runs_[b].value) join(a, b);
        }
    }

    /// Writes the components' ids. Roots are the first run of their component, so numbering them in
    /// order is raster order.
    void write(LabelMap& out) {
        std::uint32_t next = 0;
        std::uint32_t* row = out.values.data();
        for (std::size_t y = 0; y + 1 < row_starts_.size(); ++y, row += size_.width) {
            for (std::size_t r = row_starts_[y]; r < row_starts_[y + 1]; ++r) {
                Run& run = runs_[r];
                // The parent's value was replaced by its id when its turn came.
                run.value = run.parent == r ? ++next : runs_[root_of(run.parent)].value;
                std::fill(row + run.begin, row + run.end, run.value);
            }
        }
    }

private:
    void append_runs(const std::uint32_t* row) {
        for (std::int64_t x = 0; x < size_.width;) {
            const std::int64_t begin = x;
            const std::uint32_t value = row[x++];
            while (x < size_.width && row[x] == value) ++x;
            if (value != 0)
                runs_.push_back({begin, x, value, static_cast<std::uint32_t>(runs_.size())});
        }
    }

    std::uint32_t root_of(std::uint32_t run) {
        while (runs_[run].parent != run) {
            runs_[run].parent = runs_[runs_[run].parent].parent;  // halve the path
            run = runs_[run].parent;
        }
        return run;
    }

    void join(std::size_t a, std::size_t b) {
        std::uint32_t root_a = root_of(static_cast<std::uint32_t>(a));
        std::uint32_t root_b = root_of(static_cast<std::uint32_t>(b));
        if (root_a > root_b) std::swap(root_a, root_b);
        runs_[root_b].parent = root_a;
    }

    Size3 size_;
    std::vector<Run> runs_;
    std::vector<std::size_t> row_starts_;  ///< first run of every row, then the number of runs
};

}  // namespace

LabelMap connected_components(const LabelMap& map, Connectivity connectivity) {
    const bool corners =
        connectivity == Connectivity::eight || connectivity == Connectivity::twenty_six;
    const bool volume =
        connectivity == Connectivity::six || connectivity == Connectivity::twenty_six;
    const Size3& size = map.size;

    RunForest forest(map);
    for (std::int64_t z = 0; z < size.depth; ++z) {
        for (std::int64_t y = 0; y < size.height; ++y) {
            const std::int64_t row = z * size.height + y;
            if (y > 0) forest.join_rows(row - 1, row, corners);
            if (!volume || z == 0) continue;
            const std::int64_t below = row - size.height;
            forest.join_rows(below, row, corners);
            if (corners && y > 0) forest.join_rows(below - 1, row, true);
            if (corners && y + 1 < size.height) forest.join_rows(below + 1, row, true);
        }
    }
    LabelMap out{size, std::vector<std::uint32_t>(map.values.size(), 0), map.spacing};
    forest.write(out);
    return out;
}

}  // namespace unet
