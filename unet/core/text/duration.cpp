#include "unet/core/text/duration.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

namespace unet {

std::string duration_text(double seconds) {
    const auto whole = static_cast<std::int64_t>(std::lround(seconds));
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace unet
