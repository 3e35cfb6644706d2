// What the machine can do at best, measured in the same run as the operators.
// The loop is compiled once per instruction set by Highway's foreach_target.h.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/machine.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include "bench/machine.h"

HWY_BEFORE_NAMESPACE();
namespace unet::bench {
namespace HWY_NAMESPACE {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_NEON
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Chains that do not wait for each other: two units times a latency of four or five.
constexpr int chains = 12;

/// Returns a number that depends on all of the work.
float fma_rounds(long rounds) {
    const hn::CappedTag<float, 16> d;
    const auto factor = hn::Set(d, 0.999f), term = hn::Set(d, 0.001f);
    hn::Vec<decltype(d)> sums[chains];
    for (auto& sum : sums) sum = term;
    for (long round = 0; round < rounds; ++round) {
        _Pragma("GCC unroll 12") for (int k = 0; k < chains; ++k) sums[k] =
            hn::MulAdd(sums[k], factor, term);
    }
    for (int k = 1; k < chains; ++k) sums[0] = hn::Add(sums[0], sums[k]);
    return hn::GetLane(sums[0]);
}

}  // namespace

double fma_operations(long rounds, float& result) {
    result = fma_rounds(rounds);
    return 2.0 * chains * static_cast<double>(hn::MaxLanes(hn::CappedTag<float, 16>())) *
           static_cast<double>(rounds);
}
#endif
}  // namespace HWY_NAMESPACE
}  // namespace unet::bench
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>
#include <chrono>
#include <cstring>
#include <vector>

namespace unet::bench {
namespace {

using Operations = double(long rounds, float& result);

Operations* operations_of(const std::string& table) {
    const bool narrow = table.starts_with("avx2");
#if HWY_TARGETS & HWY_AVX3
    if (!narrow && (hwy::SupportedTargets() & HWY_AVX3)) return N_AVX3::fma_operations;
#endif
#if HWY_TARGETS & HWY_AVX2
    if (hwy::SupportedTargets() & HWY_AVX2) return N_AVX2::fma_operations;
#endif
#if HWY_TARGETS & HWY_NEON
    if (hwy::SupportedTargets() & HWY_NEON) return N_NEON::fma_operations;
#endif
    static_cast<void>(narrow);
    return nullptr;
}

/// The best of several measurements of amount(thread) done by all threads at once, per second.
template <class Work>
double best_rate(Context& context, Work work) {
    double best = 0.0;
    std::vector<double> amounts(context.threads());
    for (int repeat = 0; repeat < 7; ++repeat) {
        const auto start = std::chrono::steady_clock::now();
        parallel_for(context, context.threads(),
                     [&](std::int64_t item, int) { amounts[item] = work(item); });
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        double amount = 0.0;
        for (const double part : amounts) amount += part;
        best = std::max(best, amount / seconds.count());
    }
    return best;
}

}  // namespace

double fma_peak(Context& context, const std::string& table) {
    Operations* operations = operations_of(table);
    if (!operations) return 0.0;
    std::vector<float> results(context.threads());
    return best_rate(context,
                     [&](std::int64_t item) { return operations(4'000'000, results[item]); });
}

double copy_bandwidth(Context& context) {
    const std::size_t bytes = std::size_t{96} << 20;
    std::vector<std::vector<char>> from, to;
    for (int t = 0; t < context.threads(); ++t) {
        from.emplace_back(bytes, 'x');
        to.emplace_back(bytes);
    }
    return best_rate(context, [&](std::int64_t item) {
        const auto k = static_cast<std::size_t>(item);
        std::memcpy(to[k].data(), from[k].data(), bytes);
        return 2.0 * static_cast<double>(bytes);
    });
}

}  // namespace unet::bench
#endif
