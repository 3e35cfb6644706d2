#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "unet/core/image.h"
#include "unet/objects/components.h"
#include "unet/objects/watershed/basins.h"
#include "unet/objects/watershed/landscape.h"

namespace unet {

/// Floods the components of a slice, each for itself, in a window that the processor's caches hold
/// and that is drawn from the runs around it. Where the windows would be more than twice the slice
/// (specks, rings in rings), or more than a slice that the caches hold as a whole, all are flooded
/// at once, if the memory for that is there. Memory is kept from slice to slice.
class ComponentFloods {
public:
    /// Allocates bytes(size), so that nothing else does for any slice of this size.
    void reserve(const Size3& size);
    static std::int64_t bytes(const Size3& size);

    /// Begins slice z of a map of this size. Its runs are settled and linked, and stay as they are
    /// until they are flooded; `components` must outlive the use.
    void start(const ComponentFinder& components, const Size3& size, std::int64_t z);
    /// Picks what is flooded next; false where nothing is left. Throws Error(memory) if that takes
    /// more than `most_bytes`, basins included, but not those of `basins` before.
    bool next(std::int64_t most_bytes);
    /// Floods it. Throws Error(unsupported) as Landscape.
    void flood(Basins& basins);

    /// What was flooded last: indices of runs, in raster order.
    std::span<const std::uint32_t> runs() const { return indices_; }
    /// Per pixel of runs()[i] its basin's index, less how many basins there were before.
    const std::int32_t* flooded(std::size_t i) const { return landscape_.flooded(pieces_[i]); }
    /// The most that one of the floods so far took.
    std::int64_t held_bytes() const { return held_; }

private:
    /// One component, or all that are left, before it is flooded.
    struct Group {
        PixelBox box, window;
        std::int64_t runs = 0, pixels = 0;
        std::int64_t bytes() const;
    };
    void rewind();
    bool seek();
    std::size_t slice_end() const;
    template <class Function>
    void for_component(Function function) const;
    template <class Function>
    void for_slice(Function function) const;
    template <class ForRuns>
    Group measure(ForRuns for_runs) const;
    template <class ForRuns>
    void take(const Group& group, std::int64_t most_bytes, ForRuns for_runs);

    const ComponentFinder* components_ = nullptr;
    Size3 size_{};
    std::size_t first_row_ = 0;      ///< of the slice
    std::size_t row_ = 0, run_ = 0;  ///< where the next component may begin
    bool at_once_ = false;           ///< all components, if the memory is there
    std::int64_t held_ = 0;
    Group group_;
    std::vector<std::uint32_t> indices_;  ///< of the group's runs
    std::vector<LandscapeRun> pieces_;    ///< the same, in the slice
    Landscape landscape_;
};

}  // namespace unet
