#include <array>

#include "unet/core/random.h"
#include "unet/kernels/cpu/pointwise.h"

namespace unet::kernels::cpu {

void dropout_forward(Context& context, const DropoutDraw& draw, const View& values) {
    const auto scale = static_cast<float>(1.0 / (1.0 - draw.probability));
    const auto bound = static_cast<std::uint32_t>(draw.probability * 0x1p32);
    parallel_for(context, values.batch * values.channels, [&](std::int64_t item, int) {
        // One stream per plane of a sample: four values share a Philox block.
        std::array<std::uint32_t, 4> words{};
        std::int64_t index = 0;
        for (std::int64_t z = 0; z < values.size.depth; ++z)
            for (std::int64_t y = 0; y < values.size.height; ++y)
                for (std::int64_t x = 0; x < values.size.width; ++x, ++index) {
                    if (index % 4 == 0)
                        words = philox(draw.seed, {static_cast<std::uint32_t>(index / 4),
                                                   static_cast<std::uint32_t>(item), draw.step,
                                                   static_cast<std::uint32_t>(Purpose::dropout) |
                                                       (draw.layer << 8)});
                    float& value =
                        values.at(item / values.channels, item % values.channels, z, y, x);
                    value = words[index % 4] < bound ? 0.0f : value * scale;
                }
    });
}

}  // namespace unet::kernels::cpu
