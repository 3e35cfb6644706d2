#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/core/growing_array.h"
#include "unet/core/image.h"
#include "unet/objects/row_runs.h"

namespace unet {

/// Which neighbours of a pixel are connected to it. `four` and `eight` stay inside a slice, so
/// every slice of a stack is labelled for itself, with ids running on; `six` and `twenty_six` join
/// slices.
enum class Connectivity {
    four,        ///< pixels that share an edge
    eight,       ///< ... or a corner
    six,         ///< voxels that share a face
    twenty_six,  ///< ... or an edge or a corner
};

/// Connected components: pixels of equal non-zero value that are connected become one object. Ids
/// are 1 .. n in raster order (slice by slice, row by row) of the first pixel. Linear in pixels:
/// runs of equal pixels joined by union-find (He, Chao, Suzuki 2008, "A run-based two-scan labeling
/// algorithm"). Memory is kept from map to map.
class ComponentFinder {
public:
    /// Pixels begin .. end-1 of a row, all of one non-zero value.
    struct Run {
        std::uint32_t begin, end;
        std::uint32_t value;
        std::uint32_t parent;  ///< a run of the same component, never a later one
    };

    /// Allocates bytes(size), so that start() and append() need not for any map of zeros and ones
    /// of this size.
    void reserve(const Size3& size);
    static std::int64_t bytes(const Size3& size);

    /// Replaces the values of a map (D, H, W) by ids; components of fewer than `minimum_pixels`
    /// pixels become 0 and take no id. Returns n.
    std::int64_t find(std::span<std::uint32_t> map, const Size3& size,
                      Connectivity connectivity = Connectivity::four,
                      std::int64_t minimum_pixels = 0);

    /// The same in two steps. After scan() every run's parent is the first run of its component;
    /// write() sets their pixels, and leaves others as they are.
    void scan(std::span<const std::uint32_t> map, const Size3& size, Connectivity connectivity);
    std::int64_t write(std::span<std::uint32_t> map, std::int64_t width,
                       std::int64_t minimum_pixels);

    /// scan() for a map that comes a row at a time: start(), append() for each row in raster order,
    /// and settle() when all of a slice is there (of a volume, `six` and `twenty_six`, when all of
    /// it is), which gives the runs since the one before their parents.
    /// Throws Error(unsupported) for more than 2^32 - 1 runs.
    void start(const Size3& size, Connectivity connectivity);
    void append(const std::uint32_t* row);
    void settle();
    /// Gives the settled runs from `first` on, all of a slice, the next run of their component for
    /// a value; `last_run` to the last one.
    void link(std::size_t first);
    static constexpr std::uint32_t last_run = 0xFFFFFFFFu;

    /// In raster order, and the first of every row (slice by slice), then their number.
    std::span<const Run> runs() const { return {runs_.begin(), runs_.size()}; }
    std::span<Run> runs() { return {runs_.begin(), runs_.size()}; }
    std::span<const std::size_t> row_starts() const { return row_starts_; }
    /// Rows `first_row` .. of the map, columns x .. x + width - 1: 1 where there is a run, else 0.
    void draw(std::size_t first_row, std::int64_t rows, std::int64_t x, std::int64_t width,
              std::uint32_t* out) const;
    /// What the runs and rows so far take.
    std::int64_t held_bytes() const;

private:
    void join_above(std::int64_t row);
    void join_rows(std::int64_t earlier, std::int64_t later, bool diagonal);
    void join(std::size_t a, std::size_t b);
    std::uint32_t root_of(std::uint32_t run);

    RowRuns row_runs_;
    Size3 size_{};
    bool corners_ = false, volume_ = false;
    GrowingArray<Run> runs_;
    std::vector<std::size_t> row_starts_;
    std::size_t settled_ = 0;           ///< runs whose parent is their component's first
    std::vector<std::int64_t> pixels_;  ///< of the component whose root a run is
};

/// The components of a map as a new one, size and spacing kept.
LabelMap connected_components(const LabelMap& map, Connectivity connectivity = Connectivity::four);

}  // namespace unet
