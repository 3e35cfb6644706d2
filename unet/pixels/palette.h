#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace unet {

/// Red, green, blue.
using Colour = std::array<std::uint8_t, 3>;

/// 255 colours that are easy to tell apart on a dark ground, in an order in which each is far from
/// all before it (the idea of Glasbey et al. 2007: the largest of the least distances in CIE
/// L*a*b*), without dark, pale and grey ones.
const std::vector<Colour>& distinct_colours();

/// The colour of a label: black for 0, then the distinct colours over and over.
Colour label_colour(std::uint32_t label);

/// The same beyond those whose colours are known: of labels 0, 1, ...
Colour label_colour(std::uint32_t label, std::span<const Colour> known);

}  // namespace unet
