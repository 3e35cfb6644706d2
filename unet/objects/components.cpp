#include "unet/objects/components.h"

#include <algorithm>
#include <utility>

#include "unet/core/memory.h"
#include "unet/objects/ids.h"

namespace unet {
namespace {

/// Of zeros and ones, runs and gaps in turn, no row has more.
std::size_t most_runs(const Size3& size) {
    return static_cast<std::size_t>(size.depth * size.height * ((size.width + 1) / 2));
}

std::size_t rows_of(const Size3& size) {
    return static_cast<std::size_t>(size.depth * size.height);
}

}  // namespace

void ComponentFinder::reserve(const Size3& size) {
    runs_.reserve(most_runs(size));
    row_starts_.reserve(rows_of(size) + 1);
}

std::int64_t ComponentFinder::bytes(const Size3& size) {
    return static_cast<std::int64_t>(most_runs(size) * sizeof(Run) +
                                     (rows_of(size) + 1) * sizeof(std::size_t));
}

std::int64_t ComponentFinder::find(std::span<std::uint32_t> map, const Size3& size,
                                   Connectivity connectivity, std::int64_t minimum_pixels) {
    scan(map, size, connectivity);
    return write(map, size.width, minimum_pixels);
}

void ComponentFinder::scan(std::span<const std::uint32_t> map, const Size3& size,
                           Connectivity connectivity) {
    start(size, connectivity);
    for (std::size_t y = 0; y < rows_of(size); ++y)
        append(map.data() + static_cast<std::int64_t>(y) * size.width);
    settle();
}

void ComponentFinder::start(const Size3& size, Connectivity connectivity) {
    size_ = size;
    corners_ = connectivity == Connectivity::eight || connectivity == Connectivity::twenty_six;
    volume_ = connectivity == Connectivity::six || connectivity == Connectivity::twenty_six;
    runs_.clear();
    row_starts_.clear();
    row_starts_.reserve(rows_of(size) + 1);
    row_starts_.push_back(0);
    settled_ = 0;
}

void ComponentFinder::append(const std::uint32_t* row) {
    row_runs_.for_each(
        row, size_.width, [&](std::int64_t begin, std::int64_t end, std::uint32_t value) {
            runs_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end),
                             value, static_cast<std::uint32_t>(runs_.size())});
        });
    check_ids(static_cast<std::int64_t>(runs_.size()), "runs of equal pixels", size_);
    row_starts_.push_back(runs_.size());
    join_above(std::ssize(row_starts_) - 2);
}

/// Joins the last row to the rows before it.
void ComponentFinder::join_above(std::int64_t row) {
    const std::int64_t z = row / size_.height, y = row % size_.height;
    if (y > 0) join_rows(row - 1, row, corners_);
    if (!volume_ || z == 0) return;
    const std::int64_t below = row - size_.height;
    join_rows(below, row, corners_);
    if (corners_ && y > 0) join_rows(below - 1, row, true);
    if (corners_ && y + 1 < size_.height) join_rows(below + 1, row, true);
}

void ComponentFinder::settle() {
    // A parent is never later, so its own parent is the root already.
    for (; settled_ < runs_.size(); ++settled_)
        runs_[settled_].parent = runs_[runs_[settled_].parent].parent;
}

void ComponentFinder::link(std::size_t first) {
    for (std::size_t r = first; r < runs_.size(); ++r) runs_[r].value = last_run;
    // From the last one on, so that the first has the next one at any time.
    for (std::size_t r = runs_.size(); r-- > first;) {
        Run& root = runs_[runs_[r].parent];
        if (runs_[r].parent == r) continue;
        runs_[r].value = root.value;
        root.value = static_cast<std::uint32_t>(r);
    }
}

void ComponentFinder::draw(std::size_t first_row, std::int64_t rows, std::int64_t x,
                           std::int64_t width, std::uint32_t* out) const {
    std::fill_n(out, rows * width, 0u);
    for (std::size_t row = first_row; row < first_row + static_cast<std::size_t>(rows);
         ++row, out += width) {
        const Run* const end = runs_.begin() + row_starts_[row + 1];
        const Run* run = std::partition_point(runs_.begin() + row_starts_[row], end,
                                              [x](const Run& each) { return each.end <= x; });
        for (; run < end && run->begin < x + width; ++run)
            std::fill(out + std::max<std::int64_t>(0, run->begin - x),
                      out + std::min<std::int64_t>(width, run->end - x), 1u);
    }
}

std::int64_t ComponentFinder::held_bytes() const {
    return runs_.bytes() + static_cast<std::int64_t>(row_starts_.capacity() * sizeof(std::size_t));
}

/// Joins runs of equal value in two rows (an earlier and a later one) that share a column or, with
/// `diagonal`, touch at a corner.
void ComponentFinder::join_rows(std::int64_t earlier, std::int64_t later, bool diagonal) {
    const std::uint32_t gap = diagonal ? 1 : 0;
    std::size_t first = row_starts_[earlier];
    const std::size_t last = row_starts_[static_cast<std::size_t>(earlier) + 1];
    const std::size_t end = row_starts_[static_cast<std::size_t>(later) + 1];
    for (std::size_t b = row_starts_[later]; b < end; ++b) {
        while (first < last && runs_[first].end + gap <= runs_[b].begin) ++first;
        for (std::size_t a = first; a < last && runs_[a].begin < runs_[b].end + gap; ++a)
            if (runs_[a].value == runs_[b].value) join(a, b);
    }
}

void ComponentFinder::join(std::size_t a, std::size_t b) {
    if (runs_[a].parent == runs_[b].parent) return;
    std::uint32_t root_a = root_of(static_cast<std::uint32_t>(a));
    std::uint32_t root_b = root_of(static_cast<std::uint32_t>(b));
    if (root_a > root_b) std::swap(root_a, root_b);
    runs_[root_b].parent = root_a;
}

std::uint32_t ComponentFinder::root_of(std::uint32_t run) {
    while (runs_[run].parent != run) {
        runs_[run].parent = runs_[runs_[run].parent].parent;  // halve the path
        run = runs_[run].parent;
    }
    return run;
}

/// Roots are the first run of their component, so numbering them in order is raster order.
std::int64_t ComponentFinder::write(std::span<std::uint32_t> map, std::int64_t width,
                                    std::int64_t minimum_pixels) {
    reserve_array(pixels_, runs_.size());
    pixels_.assign(runs_.size(), 0);
    for (const Run& run : runs_) pixels_[run.parent] += run.end - run.begin;
    std::uint32_t count = 0;
    std::uint32_t* row = map.data();
    for (std::size_t y = 0; y + 1 < row_starts_.size(); ++y, row += width)
        for (std::size_t r = row_starts_[y]; r < row_starts_[y + 1]; ++r) {
            Run& run = runs_[r];
            // The root's value was replaced by its id when its turn came.
            if (run.parent != r)
                run.value = runs_[run.parent].value;
            else
                run.value = pixels_[r] >= minimum_pixels ? ++count : 0;
            std::fill(row + run.begin, row + run.end, run.value);
        }
    return count;
}

LabelMap connected_components(const LabelMap& map, Connectivity connectivity) {
    LabelMap out{map.size, made_array<std::uint32_t>(map.values.size()), map.spacing, map.storage};
    ComponentFinder finder;
    finder.scan(map.values, map.size, connectivity);
    finder.write(out.values, out.size.width, 0);
    return out;
}

}  // namespace unet
