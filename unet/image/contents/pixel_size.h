#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "unet/core/image.h"

// How large a pixel is, from what the formats' files say to Spacing: one rule for all of them.

namespace unet {

struct LengthUnit;

/// What a unit is called that the file does not name.
inline constexpr char no_unit_given[] = "none given";

/// What a file says, along depth, height, width.
struct StoredSizes {
    std::array<double, 3> size{};       ///< 0: nothing
    std::array<std::string, 3> unit{};  ///< as the file calls it; empty: not
    /// A sentence on what stands there instead of a size; empty: nothing does.
    std::string unread{};
};

/// Why a size that a file gives is not used: it is no number above 0, or it is that of the height
/// or of the width alone. Empty where nothing is wrong.
std::string why_unread(const StoredSizes& stored);

/// Takes a size along `axis` that the file calls `name`: `text` as it stands there.
void take_size(std::string_view name, std::string_view text, std::size_t axis, StoredSizes& stored);

/// The sizes in `kept`; those whose unit is no length are unknown, as all are where height or width
/// is. `no_length` then becomes what the file calls such a unit, unless it is "pixel" (or so) and
/// the size 1, which means nothing.
Spacing spacing_of(const StoredSizes& stored, const LengthUnit& kept, std::string& no_length);

/// The printer's round resolution, in dots per inch (72, 300, ...), that so many pixels per metre
/// are: programs write one without meaning a physical size. 0 for another number.
double print_resolution_of(double pixels_per_metre);

/// Pixels per metre, of any program, to micrometres. Unknown where they are for printers;
/// `print_resolution` then becomes how many dots per inch.
Spacing spacing_of_resolution(double along_y, double along_x, double& print_resolution);

}  // namespace unet
