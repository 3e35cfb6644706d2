#include "unet/core/random.h"

#include <Random123/philox.h>

#include "unet/core/math.h"

namespace unet {

std::array<std::uint32_t, 4> philox(std::uint64_t key,
                                    const std::array<std::uint32_t, 4>& counter) {
    using Engine = r123::Philox4x32_R<10>;
    const Engine::ctr_type count = {{counter[0], counter[1], counter[2], counter[3]}};
    const Engine::key_type words = {
        {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)}};
    const auto drawn = Engine()(count, words);
    return {drawn[0], drawn[1], drawn[2], drawn[3]};
}

Random::Random(std::uint64_t seed, Purpose purpose, std::uint32_t step, std::uint32_t sample)
    : seed_(seed), counter_{0, sample, step, static_cast<std::uint32_t>(purpose)} {}

std::uint32_t Random::bits() {
    if (used_ == 4) {
        block_ = philox(seed_, counter_);
        ++counter_[0];
        used_ = 0;
    }
    return block_[static_cast<std::size_t>(used_++)];
}

float Random::uniform() { return static_cast<float>(bits() >> 8) * 0x1p-24f; }

float Random::uniform(float low, float high) { return low + (high - low) * uniform(); }

float Random::normal() {
    // 1 - u lies in (0, 1], so the logarithm is finite.
    const double radius = sqrt_of(-2.0 * log_of(1.0 - static_cast<double>(uniform())));
    return static_cast<float>(radius * cos_of(2.0 * pi * static_cast<double>(uniform())));
}

std::int64_t Random::below(std::int64_t count) {
    const std::uint64_t word = (static_cast<std::uint64_t>(bits()) << 32) | bits();
    // High half of the 128-bit product: bias below count / 2^64.
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::int64_t>((static_cast<Wide>(word) * static_cast<Wide>(count)) >> 64);
}

}  // namespace unet
