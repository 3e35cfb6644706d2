#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace unet {

/// Runs of equal pixels in rows of a label map, found a vector of pixels at a time.
class RowRuns {
public:
    /// Calls function(begin, end, value) for each run of a value other than 0, from left to right.
    template <class Function>
    void for_each(const std::uint32_t* row, std::int64_t width, Function function) {
        mark_changes(row, width);
        std::int64_t begin = 0;
        for (std::size_t i = 0; i < changes_.size(); ++i)
            for (std::uint64_t bits = changes_[i]; bits != 0; bits &= bits - 1) {
                const std::int64_t x = 64 * static_cast<std::int64_t>(i) + std::countr_zero(bits);
                if (x > 0 && row[x - 1] != 0) function(begin, x, row[x - 1]);
                begin = x;
            }
        if (width > 0 && row[width - 1] != 0) function(begin, width, row[width - 1]);
    }

private:
    /// Sets bit x % 64 of changes_[x / 64] where pixel x differs from the one before it, or is the
    /// first.
    void mark_changes(const std::uint32_t* row, std::int64_t width);

    std::vector<std::uint64_t> changes_;
};

}  // namespace unet
