#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "unet/core/image.h"

namespace unet {

/// Ids have 32 bits, and so have the numbers of what objects are made of (runs, basins).
inline constexpr std::int64_t most_ids = 0xFFFFFFFF;

/// The one check before things of a map are numbered: throws Error(unsupported) where there are
/// more than most_ids. `what` they are: "objects".
void check_ids(std::int64_t count, std::string_view what, const Size3& size);

/// The distinct non-zero values of a label map, numbered 0 .. n-1 in raster order of their first
/// pixel. Values may be any 32-bit numbers; memory is proportional to pixels, not to the largest
/// id.
class IdTable {
public:
    explicit IdTable(std::span<const std::uint32_t> values);

    /// The values in raster order: ids()[index(v)] == v.
    const std::vector<std::uint32_t>& ids() const noexcept { return ids_; }
    std::int64_t count() const noexcept { return static_cast<std::int64_t>(ids_.size()); }
    /// Number of a value that occurs; 0 and values that do not occur have none.
    std::uint32_t index(std::uint32_t id) const {
        return table_.empty() ? map_.at(id) : table_[id];
    }

private:
    std::vector<std::uint32_t> ids_;
    std::vector<std::uint32_t> table_;                      ///< by id, where ids are small
    std::unordered_map<std::uint32_t, std::uint32_t> map_;  ///< otherwise
};

/// Renumbers objects to 1 .. n in raster order (slice by slice, row by row) of their first pixel;
/// returns n. Equal ids stay equal, in all slices.
std::int64_t relabel(LabelMap& map);

}  // namespace unet
