#include "unet/objects/distance_lines.h"

#include <algorithm>
#include <limits>

// This file is compiled once per instruction set; HWY_DYNAMIC_DISPATCH picks one at run time. All
// arithmetic is on integers, so all give the same result.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "unet/objects/distance_lines.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace unet::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<std::int32_t, 64>;
using V = hn::Vec<D>;

/// function(tag, x) for all of a row, in vectors and single entries.
template <class Function>
void for_each_vector(std::int64_t width, Function function) {
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(D()));
    std::int64_t x = 0;
    for (; x + lanes <= width; x += lanes) function(D(), x);
    for (; x < width; ++x) function(hn::CappedTag<std::int32_t, 1>(), x);
}

void down(const std::uint32_t* row, std::int64_t width, bool to_background, std::int32_t none,
          std::int32_t* steps, std::int32_t* out) {
    for_each_vector(width, [&](auto d, std::int64_t x) {
        const hn::RebindToUnsigned<decltype(d)> unsigned_values;
        const auto value = hn::BitCast(d, hn::LoadU(unsigned_values, row + x));
        const auto background = hn::Eq(value, hn::Zero(d));
        const auto next =
            hn::Min(hn::Add(hn::LoadU(d, steps + x), hn::Set(d, 1)), hn::Set(d, none));
        const auto step = to_background ? hn::IfThenZeroElse(background, next)
                                        : hn::IfThenElseZero(background, next);
        hn::StoreU(step, d, steps + x);
        hn::StoreU(step, d, out + x);
    });
}

void up(const std::int32_t* found, std::int64_t width, std::int32_t none, std::int32_t* steps,
        std::int32_t* out) {
    for_each_vector(width, [&](auto d, std::int64_t x) {
        const auto next = hn::Add(hn::LoadU(d, steps + x), hn::Set(d, 1));
        const auto step = hn::Min(hn::LoadU(d, found + x), next);
        hn::StoreU(step, d, steps + x);
        const auto nothing = hn::Set(d, std::numeric_limits<std::int32_t>::max());
        hn::StoreU(hn::IfThenElse(hn::Lt(step, hn::Set(d, none)), hn::Mul(step, step), nothing), d,
                   out + x);
    });
}

V nearest(const std::int32_t* values, std::int64_t stride) {
    const D d;
    const V infinity = hn::Set(d, 0x3FFFFFFF);  // squares of near_reach may be added
    V least = hn::LoadU(d, values);
    for (std::int64_t k = 1; k <= near_reach; ++k) {
        const V away = hn::Set(d, static_cast<std::int32_t>(k * k));
        if (hn::AllFalse(d, hn::Gt(least, away))) return least;
        const V sides =
            hn::Min(hn::LoadU(d, values - k * stride), hn::LoadU(d, values + k * stride));
        least = hn::Min(least, hn::Add(hn::Min(sides, infinity), away));
    }
    constexpr std::int32_t farthest = (near_reach + 1) * (near_reach + 1);
    return hn::IfThenElse(hn::Gt(least, hn::Set(d, farthest)), hn::Set(d, -1), least);
}

bool near_line(const std::int32_t* values, std::int64_t stride, std::int64_t count,
               std::int32_t* out) {
    const D d;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    if (count < lanes) {
        std::int32_t some[64];
        hn::StoreU(nearest(values, stride), d, some);
        std::copy_n(some, count, out);
        return std::any_of(some, some + count, [](std::int32_t value) { return value < 0; });
    }
    V least = hn::Zero(d);
    for (std::int64_t x = 0; x < count; x += lanes) {
        const std::int64_t at = std::min(x, count - lanes);  // the last two may overlap
        const V found = nearest(values + at, stride);
        least = hn::Min(least, found);
        hn::StoreU(found, d, out + at);
    }
    return !hn::AllTrue(d, hn::Eq(least, hn::Zero(d)));
}

}  // namespace
}  // namespace unet::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace unet {

HWY_EXPORT(down);
HWY_EXPORT(up);
HWY_EXPORT(near_line);

void step_down(const std::uint32_t* row, std::int64_t width, bool to_background, std::int32_t none,
               std::int32_t* steps, std::int32_t* out) {
    HWY_DYNAMIC_DISPATCH(down)(row, width, to_background, none, steps, out);
}

void step_up(const std::int32_t* found, std::int64_t width, std::int32_t none, std::int32_t* steps,
             std::int32_t* out) {
    HWY_DYNAMIC_DISPATCH(up)(found, width, none, steps, out);
}

bool near_distances(const std::int32_t* values, std::int64_t stride, std::int64_t count,
                    std::int32_t* out) {
    return HWY_DYNAMIC_DISPATCH(near_line)(values, stride, count, out);
}

}  // namespace unet
#endif
