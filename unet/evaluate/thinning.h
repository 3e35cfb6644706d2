#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace unet {

/// Grows the segments of one slice into the background until only lines of one pixel part them: the
/// thinning of ISBI 2012. Flooding by immersion (Soille and Vincent 1990) with 4 neighbours, where
/// the segments are the basins and all background lies at one height; pixels are visited column by
/// column, as the challenge's program does, which decides ties. A slice without a segment becomes
/// one. `segments` has height x width entries, 0 is background.
void thin_borders(std::span<std::uint32_t> segments, std::int64_t height, std::int64_t width);

}  // namespace unet
