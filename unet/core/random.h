#pragma once

#include <array>
#include <cstdint>

namespace unet {

/// What a draw is for. Two purposes never share a stream. The numbers are part of what a seed
/// means: never renumber, only append.
enum class Purpose : std::uint32_t {
    weights = 1,
    dropout = 2,
    sampling = 3,
    augmentation = 4,
    split = 5,
    test = 6,
    bootstrap = 7,
};

/// Philox4x32-10 (Salmon et al. 2011, Random123): four words that are a pure function of key and
/// counter.
std::array<std::uint32_t, 4> philox(std::uint64_t key, const std::array<std::uint32_t, 4>& counter);

/// A stream of random numbers that is a pure function of (seed, purpose, step, sample), so a draw
/// never depends on the order of threads or on what was drawn before elsewhere.
class Random {
public:
    Random(std::uint64_t seed, Purpose purpose, std::uint32_t step = 0, std::uint32_t sample = 0);

    std::uint32_t bits();
    /// Uniform in [0, 1), a multiple of 2^-24.
    float uniform();
    /// Uniform in [low, high).
    float uniform(float low, float high);
    /// Normal with mean 0 and standard deviation 1 (Box-Muller).
    float normal();
    /// Uniform integer in [0, count); `count` >= 1.
    std::int64_t below(std::int64_t count);
    /// True with the given probability.
    bool chance(float probability) { return uniform() < probability; }

private:
    std::uint64_t seed_;
    std::array<std::uint32_t, 4> counter_;
    std::array<std::uint32_t, 4> block_{};
    int used_ = 4;
};

}  // namespace unet
