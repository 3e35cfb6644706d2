#include "verbs/noise.h"

namespace unet::cli {

std::vector<float> noise(std::int64_t count) {
    std::vector<float> values(count);
    std::uint32_t state = 1;
    for (float& value : values) {
        state = state * 1664525u + 1013904223u;
        value = static_cast<float>(state >> 8) * 0x1p-24f;
    }
    return values;
}

}  // namespace unet::cli
