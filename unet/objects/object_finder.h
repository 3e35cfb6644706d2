#pragma once

#include <cstdint>
#include <iterator>
#include <memory>
#include <span>
#include <vector>

#include "unet/core/growing_array.h"
#include "unet/core/image.h"
#include "unet/objects/components.h"
#include "unet/objects/hole_filler.h"
#include "unet/objects/interior_growth.h"
#include "unet/objects/watershed/basins.h"
#include "unet/objects/watershed/component_floods.h"

namespace unet {

/// What makes pixels of the foreground one object.
struct ObjectRule {
    double split_depth = 0.0;  ///< objects are parted at waists so many pixels deep; 0: nowhere
    std::int64_t minimum_pixels = 0;  ///< smaller objects are dropped
    bool fill_holes = false;          ///< of the foreground, before objects are parted
    bool drop_border = false;         ///< drops objects that touch the edge of their slice
    /// Rows hold 1 in the interior of objects and 2 along their boundaries: what is one object is
    /// decided in the interior, and each takes the boundary next to it (see InteriorGrowth).
    bool boundary = false;
};

/// Foreground to objects: connected components, parted by the watershed where the rule says so (see
/// Watershed). Ids are 1 .. n in raster order of the first pixel, slice by slice.
///
/// A map need not be in memory as a whole: it comes a row at a time and leaves as it came. What is
/// kept are runs of foreground, 16 bytes each, 12 bytes for each place where a run is parted, and,
/// while a component is parted, a window about it. Memory is kept from map to map.
class ObjectFinder {
public:
    /// Allocates bytes(), so that nothing else does for any map of this size.
    void reserve(const Size3& size, const ObjectRule& rule);
    static std::int64_t bytes(const Size3& size, const ObjectRule& rule);
    /// From now on at most so many bytes are taken: Error(memory) before they would be more, which
    /// says how many are missing. 0: no limit.
    void limit_memory(std::int64_t bytes) { limit_ = bytes; }

    /// Replaces a map (D, H, W) of 0 and 1 by ids; returns how many there are. Throws as append().
    std::int64_t find(std::span<std::uint32_t> map, const Size3& size, const ObjectRule& rule);

    /// Begins a map that comes a row at a time.
    void start(const Size3& size, const ObjectRule& rule);
    /// The next row: 0 and 1, with a boundary 2. The first one of a slice finds the objects of the
    /// slice before. Throws Error(memory), and Error(unsupported) as Landscape and for more than
    /// 2^32 - 1 objects.
    void append(const std::uint32_t* row);
    /// After the last row: finds the objects of the last slice. Throws as append().
    void finish();
    /// Gives back what is only needed to find objects.
    void shrink();

    const Size3& size() const { return size_; }
    /// Of the objects that were found.
    std::int64_t count() const { return count_; }
    /// Writes the ids of whole rows of the map from `first_row` on (slice by slice).
    void draw(std::int64_t first_row, std::span<std::uint32_t> ids) const;

private:
    static constexpr std::uint32_t none = 0xFFFFFFFFu;

    /// Where in a run another object begins.
    struct Split {
        std::uint32_t run, begin, object;
    };

    std::int64_t rows() const { return std::ssize(components_.row_starts()) - 1; }
    void append_filled(const std::uint32_t* row);
    void find_slice();
    void take_components(std::size_t first);
    void part_components(std::size_t first);
    void take_flooded();
    void start_interior();
    void reserve_interior(const Size3& size, const ObjectRule& rule);
    static std::int64_t interior_bytes(const Size3& size, const ObjectRule& rule);
    void append_interior(const std::uint32_t* row);
    void grow_interiors(std::size_t first);
    void grow_interior(std::uint32_t root);
    std::uint32_t take_pixels(std::uint32_t object, std::uint32_t begin, std::uint32_t end);
    template <class Function>
    void for_pieces(std::int64_t row, std::uint32_t begin, std::uint32_t end,
                    Function function) const;
    void sort_splits(std::size_t first);
    void add_split(const Split& split);
    std::uint32_t add_object();
    void drop_border(std::size_t first_run, std::size_t first_split);
    void number_slice(std::size_t first_run, std::size_t first_split);
    std::uint32_t id_of(std::uint32_t object);
    std::int64_t held_bytes() const;
    void check_row() const;
    void check_objects() const;

    Size3 size_{};
    ObjectRule rule_{};
    std::int64_t limit_ = 0, count_ = 0;
    std::int64_t slices_done_ = 0;
    /// The value of a run of a slice that is done is its object's id.
    ComponentFinder components_;
    GrowingArray<Split> splits_;
    GrowingArray<std::int64_t> pixels_;  ///< of every object of the slice; then its id, negative
    HoleFiller holes_;
    std::vector<std::uint32_t> row_;  ///< with holes filled
    ComponentFloods floods_;
    Basins basins_;
    std::vector<std::uint32_t> objects_;  ///< of every basin that is a root, or of every interior
    // With a boundary.
    std::unique_ptr<ObjectFinder> interior_;  ///< of the slice at hand
    std::vector<std::uint32_t> interior_row_;
    InteriorGrowth growth_;
};

}  // namespace unet
