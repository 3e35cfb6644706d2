#pragma once

#include <cstdint>
#include <span>
#include <vector>

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

    /// Allocates bytes(size), so that find() need not for any map of zeros and ones of this size.
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
    /// In raster order, and the first of every row (slice by slice), then their number.
    std::span<const Run> runs() const { return runs_; }
    std::span<const std::size_t> row_starts() const { return row_starts_; }

private:
    void append_runs(const std::uint32_t* row, std::int64_t width);
    void join_rows(std::int64_t earlier, std::int64_t later, bool diagonal);
    void join(std::size_t a, std::size_t b);
    std::uint32_t root_of(std::uint32_t run);
    void join_all(const Size3& size, Connectivity connectivity);

    RowRuns row_runs_;
    std::vector<Run> runs_;
    std::vector<std::size_t> row_starts_;
    std::vector<std::int64_t> pixels_;  ///< of the component whose root a run is
};

/// The components of a map as a new one, size and spacing kept.
LabelMap connected_components(const LabelMap& map, Connectivity connectivity = Connectivity::four);

}  // namespace unet
