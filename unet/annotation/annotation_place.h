#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "unet/annotation/annotation.h"
#include "unet/image/read.h"

namespace unet {

inline constexpr std::int64_t all_slices = -1;

/// The slice of an annotation, counted through all times; all_slices where it names none. Throws
/// Error(invalid_argument) for a slice or time that the image does not have.
std::int64_t slice_of(const Annotation& annotation, const ImageInfo& image);

/// The whole number that a name is, NAME_zSLICE too; nothing for other names.
std::optional<std::uint32_t> number_in(const std::string& name);

}  // namespace unet
