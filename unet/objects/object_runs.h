#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace unet {

/// Pixels begin .. end-1 of row y.
struct PixelRun {
    std::int64_t y, begin, end;
};

/// The pixels of every object (distinct non-zero value) of one slice, as runs in raster order. One
/// pass over the slice, whatever the number of objects and wherever their pieces lie.
class ObjectRuns {
public:
    /// `values` has height x width entries.
    ObjectRuns(std::span<const std::uint32_t> values, std::int64_t width);

    /// In ascending order.
    const std::vector<std::uint32_t>& ids() const noexcept { return ids_; }
    /// Of ids()[object]; never empty.
    std::span<const PixelRun> runs(std::size_t object) const {
        return std::span(runs_).subspan(starts_[object], starts_[object + 1] - starts_[object]);
    }

private:
    std::vector<std::uint32_t> ids_;
    std::vector<std::size_t> starts_;  ///< first run of every object, then the number of runs
    std::vector<PixelRun> runs_;
};

}  // namespace unet
