#include "unet/objects/watershed/landscape_lines.h"

#include "unet/core/math.h"

// This file is compiled once per instruction set; HWY_DYNAMIC_DISPATCH picks one at run time.
// Floats are added, multiplied and rooted in one fixed order, so all give the same result.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "unet/objects/watershed/landscape_lines.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace unet::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<float, line_slack>;
using DI = hn::RebindToSigned<D>;
using V = hn::Vec<D>;

std::int64_t lanes() { return static_cast<std::int64_t>(hn::Lanes(D())); }

V floats(const std::int32_t* bits) { return hn::BitCast(D(), hn::LoadU(DI(), bits)); }

void roots(std::int32_t* squared, std::int64_t count) {
    // Below, a float holds the square as it is.
    const auto exact = hn::Set(DI(), 1 << 24);
    for (std::int64_t x = 0; x < count; x += lanes()) {
        const auto values = hn::LoadU(DI(), squared + x);
        if (!hn::AllTrue(DI(), hn::Lt(values, exact))) {
            for (std::int64_t i = x; i < x + lanes(); ++i) {
                const auto root = static_cast<float>(sqrt_of(squared[i]));
                hwy::CopyBytes<sizeof(root)>(&root, squared + i);
            }
            continue;
        }
        hn::StoreU(hn::BitCast(DI(), hn::Sqrt(hn::ConvertTo(D(), values))), DI(), squared + x);
    }
}

/// `at(k)` is what lies k to one side.
template <class Function>
V weighted_sum(const SmoothingWeights& weights, Function at) {
    V sum = hn::Mul(hn::Set(D(), weights[0]), at(0));
    for (std::int64_t k = 1; k <= smoothing_reach; ++k)
        sum = hn::Add(sum, hn::Mul(hn::Set(D(), weights[k]), hn::Add(at(-k), at(k))));
    return sum;
}

void columns(const std::array<const std::int32_t*, 2 * smoothing_reach + 1>& rows,
             const SmoothingWeights& weights, std::int64_t width, float* out) {
    for (std::int64_t x = 0; x < width; x += lanes()) {
        const auto at = [&](std::int64_t k) { return floats(rows[k + smoothing_reach] + x); };
        hn::StoreU(weighted_sum(weights, at), D(), out + x);
    }
}

void across(const float* row, const std::int32_t* distances, const SmoothingWeights& weights,
            std::int64_t width, float* out) {
    for (std::int64_t x = 0; x < width; x += lanes()) {
        const V sum =
            weighted_sum(weights, [&](std::int64_t k) { return hn::LoadU(D(), row + x + k); });
        const auto background = hn::Eq(floats(distances + x), hn::Zero(D()));
        hn::StoreU(hn::IfThenElse(background, hn::Set(D(), background_height), sum), D(), out + x);
    }
}

void steps(const float* heights, std::int64_t pitch, std::int64_t width, std::int32_t* cells) {
    const auto row = static_cast<std::int32_t>(pitch);
    for (std::int64_t x = 0; x < width; x += lanes()) {
        const float* at = heights + x;
        const V own = hn::LoadU(D(), at);
        V highest = hn::LoadU(D(), at - pitch);
        auto step = hn::Set(DI(), summit - row);
        const auto compare = [&](const float* other, std::int32_t to_other) {
            const V height = hn::LoadU(D(), other);
            const auto higher = hn::RebindMask(DI(), hn::Gt(height, highest));
            step = hn::IfThenElse(higher, hn::Set(DI(), summit + to_other), step);
            highest = hn::Max(highest, height);
        };
        compare(at - 1, -1);
        const auto level = hn::Eq(highest, own);  // the first of the four, if none is higher
        compare(at + 1, 1);
        compare(at + pitch, row);
        const auto up = hn::RebindMask(DI(), hn::Or(level, hn::Gt(highest, own)));
        hn::StoreU(hn::IfThenElse(up, step, hn::Set(DI(), summit)), DI(), cells + x);
    }
}

/// Bits of `lanes()` pixels.
std::uint64_t meetings(const float* heights, const std::int32_t* cells, std::int64_t pitch) {
    const V own = hn::LoadU(D(), heights);
    const auto basin = hn::LoadU(DI(), cells);
    const auto other = [&](std::int64_t step) {
        return hn::RebindMask(D(), hn::Ne(hn::LoadU(DI(), cells + step), basin));
    };
    const auto before = [&](std::int64_t step) {
        return hn::And(other(step), hn::Ge(hn::LoadU(D(), heights + step), own));
    };
    const auto after = [&](std::int64_t step) {
        return hn::And(other(step), hn::Gt(hn::LoadU(D(), heights + step), own));
    };
    const auto meet = hn::Or(hn::Or(before(-pitch), before(-1)), hn::Or(after(1), after(pitch)));
    const auto has_basin = hn::Gt(basin, hn::Set(DI(), -1));
    std::uint8_t bytes[8] = {};
    hn::StoreMaskBits(DI(), hn::And(hn::RebindMask(DI(), meet), has_basin), bytes);
    std::uint64_t bits = 0;
    for (std::int64_t k = 0; k < (lanes() + 7) / 8; ++k) bits |= std::uint64_t{bytes[k]} << (8 * k);
    return bits;
}

void mark(const float* heights, const std::int32_t* cells, std::int64_t pitch, std::int64_t width,
          std::uint64_t* words) {
    for (std::int64_t x = 0; x < width; x += 64) {
        std::uint64_t word = 0;
        for (std::int64_t i = 0; i < 64 && x + i < width; i += lanes())
            word |= meetings(heights + x + i, cells + x + i, pitch) << i;
        words[x / 64] = word;
    }
}

}  // namespace
}  // namespace unet::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace unet {

HWY_EXPORT(roots);
HWY_EXPORT(columns);
HWY_EXPORT(across);
HWY_EXPORT(steps);
HWY_EXPORT(mark);

void take_roots(std::int32_t* squared, std::int64_t count) {
    HWY_DYNAMIC_DISPATCH(roots)(squared, count);
}

void smooth_columns(const std::array<const std::int32_t*, 2 * smoothing_reach + 1>& rows,
                    const SmoothingWeights& weights, std::int64_t width, float* out) {
    HWY_DYNAMIC_DISPATCH(columns)(rows, weights, width, out);
}

void smooth_row(const float* row, const std::int32_t* distances, const SmoothingWeights& weights,
                std::int64_t width, float* out) {
    HWY_DYNAMIC_DISPATCH(across)(row, distances, weights, width, out);
}

void find_steps(const float* heights, std::int64_t pitch, std::int64_t width, std::int32_t* cells) {
    HWY_DYNAMIC_DISPATCH(steps)(heights, pitch, width, cells);
}

void mark_meetings(const float* heights, const std::int32_t* cells, std::int64_t pitch,
                   std::int64_t width, std::uint64_t* words) {
    HWY_DYNAMIC_DISPATCH(mark)(heights, cells, pitch, width, words);
}

}  // namespace unet
#endif
