#include "unet/objects/row_runs.h"

// This file is compiled once per instruction set; HWY_DYNAMIC_DISPATCH picks one at run time. All
// arithmetic is on integers, so all give the same result.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "unet/objects/row_runs.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace unet::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Bits of the pixels x .. x + 63, whose left neighbours exist.
std::uint64_t changes_of_64(const std::uint32_t* row) {
    const hn::CappedTag<std::uint32_t, 64> d;
    const std::size_t lanes = hn::Lanes(d);
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 64; i += lanes) {
        const auto differs = hn::Ne(hn::LoadU(d, row + i), hn::LoadU(d, row + i - 1));
        std::uint8_t bytes[8] = {};
        hn::StoreMaskBits(d, differs, bytes);
        std::uint64_t bits = 0;
        for (std::size_t k = 0; k < (lanes + 7) / 8; ++k)
            bits |= std::uint64_t{bytes[k]} << (8 * k);
        word |= bits << i;
    }
    return word;
}

void find_changes(const std::uint32_t* row, std::int64_t width, std::uint64_t* words) {
    const auto marked = [&](std::int64_t x, std::int64_t end) {
        std::uint64_t word = 0;
        for (std::int64_t i = x; i < end; ++i)
            if (i == 0 || row[i] != row[i - 1]) word |= std::uint64_t{1} << (i - x);
        return word;
    };
    const std::int64_t whole = width / 64 * 64;
    for (std::int64_t x = 0; x < whole; x += 64)
        words[x / 64] = x == 0 ? marked(0, 64) : changes_of_64(row + x);
    if (whole < width) words[whole / 64] = marked(whole, width);
}

}  // namespace
}  // namespace unet::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace unet {

HWY_EXPORT(find_changes);

void RowRuns::mark_changes(const std::uint32_t* row, std::int64_t width) {
    changes_.resize((width + 63) / 64);
    HWY_DYNAMIC_DISPATCH(find_changes)(row, width, changes_.data());
}

}  // namespace unet
#endif
