#include "unet/predict/foreground_sink.h"

#include <algorithm>
#include <cassert>

namespace unet::predict {

std::int64_t ForegroundFootprint::window_bytes(const Size3& core) const {
    const std::int64_t band = core.width < size_.width ? core.height * size_.width : 0;
    return band + size_.width * static_cast<std::int64_t>(sizeof(std::uint32_t)) +
           later_.window_bytes(core) + object_bytes_;
}

void ForegroundSink::write(const Region& region, std::span<const float> values) {
    const Size3& size = region.size;
    const std::int64_t width = finder_.size().width;
    assert(size.depth == 1);
    if (size.width == width) {
        append(values.data(), size.height);
        return;
    }
    memory_.band.resize(size.height * width);
    for (std::int64_t y = 0; y < size.height; ++y)
        std::transform(values.data() + y * size.width, values.data() + (y + 1) * size.width,
                       memory_.band.data() + y * width + region.x,
                       [](float label) { return static_cast<std::uint8_t>(label); });
    if (region.x + size.width == width) append(memory_.band.data(), size.height);
}

template <class Value>
void ForegroundSink::append(const Value* rows, std::int64_t count) {
    const std::int64_t width = finder_.size().width;
    memory_.row.resize(width);
    for (std::int64_t y = 0; y < count; ++y) {
        std::transform(rows + y * width, rows + (y + 1) * width, memory_.row.begin(),
                       [](Value label) { return static_cast<std::uint32_t>(label); });
        finder_.append(memory_.row.data());
    }
}

}  // namespace unet::predict
