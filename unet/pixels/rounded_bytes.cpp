#include "unet/pixels/rounded_bytes.h"

#include <algorithm>
#include <cmath>

#include "unet/core/error.h"

// This file is compiled once per instruction set; HWY_DYNAMIC_DISPATCH picks one at run time. One
// multiplication and one addition, not fused, in double: all give the same bytes.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "unet/pixels/rounded_bytes.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace unet::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// False where a value does not fit; what was stored means nothing then.
bool round_row(const float* values, std::size_t count, double factor, std::uint8_t* bytes) {
    const hn::ScalableTag<double> d;
    const hn::Rebind<float, decltype(d)> of_floats;
    const hn::Rebind<std::int32_t, decltype(d)> of_ints;
    const hn::Rebind<std::uint8_t, decltype(d)> of_bytes;
    const std::size_t lanes = hn::Lanes(d);
    const auto factors = hn::Set(d, factor), half = hn::Set(d, 0.5);
    const auto zero = hn::Zero(d), beyond = hn::Set(d, 256.0);
    auto all_fit = hn::Eq(zero, zero);
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        const auto value = hn::PromoteTo(d, hn::LoadU(of_floats, values + i));
        const auto raised = hn::Add(hn::Mul(value, factors), half);
        // Neither holds for what is not a number.
        all_fit = hn::And(all_fit, hn::And(hn::Ge(raised, zero), hn::Lt(raised, beyond)));
        // From 0 up, cutting the fraction off is floor().
        hn::StoreU(hn::DemoteTo(of_bytes, hn::DemoteTo(of_ints, raised)), of_bytes, bytes + i);
    }
    for (; i < count; ++i) {
        const double raised = static_cast<double>(values[i]) * factor + 0.5;
        if (!(raised >= 0.0 && raised < 256.0)) return false;
        bytes[i] = static_cast<std::uint8_t>(raised);
    }
    return hn::AllTrue(d, all_fit);
}

}  // namespace
}  // namespace unet::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace unet {
namespace {

HWY_EXPORT(round_row);

}  // namespace

void store_rounded(std::span<const float> values, double factor, const std::filesystem::path& path,
                   std::span<std::byte> bytes) {
    if (HWY_DYNAMIC_DISPATCH(round_row)(values.data(), values.size(), factor,
                                        reinterpret_cast<std::uint8_t*>(bytes.data())))
        return;
    const auto rounded = [&](float value) {
        return static_cast<float>(std::floor(static_cast<double>(value) * factor + 0.5));
    };
    const auto bad = std::find_if(values.begin(), values.end(), [&](float value) {
        return !(rounded(value) >= 0.0f && rounded(value) <= 255.0f);
    });
    fail(ErrorCode::invalid_argument,
         "cannot write '{}': found the value {}, expected whole numbers from 0 to 255",
         path.string(), rounded(*bad));
}

}  // namespace unet
#endif
