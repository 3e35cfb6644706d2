#pragma once

#include <array>
#include <string>

#include "verbs/evaluate.h"

namespace unet::cli {

/// `--sizes 100,500`; throws Error(invalid_argument) for anything but two rising whole numbers.
std::array<std::int64_t, 2> parse_sizes(const std::string& text);

/// How the surfaces of an image are measured, whose annotation is `truth`: `--spacing`, else the
/// spacing of the file, else pixels; the tolerance is that of the flag, else the size of a pixel.
/// Throws Error(invalid_argument) for a spacing that cannot be read, and for a volume whose file
/// knows the size of a pixel but not the distance of slices.
SurfaceOptions surface_options(const EvaluateSettings& settings, const LabelMap& truth,
                               const std::string& name);

/// Brings `options.surface` up to date before an image is compared, if surfaces are measured.
/// Throws Error(invalid_argument) where the unit is another than that of the images before.
void measure_in_unit_of(const LabelMap& truth, const std::string& name,
                        const EvaluateSettings& settings, EvaluateOptions& options);

}  // namespace unet::cli
