#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "unet/core/image.h"
#include "unet/data/label_meaning.h"

namespace unet {

/// How much each pixel counts in the loss (Ronneberger et al. 2015, equation 2):
/// w(x) = w_c(x) + w0 exp(-(d1 + d2)^2 / (2 sigma^2)).
struct TargetOptions {
    double border_weight = 10.0;  ///< w0, for instances; 0: no border term
    double border_sigma = 5.0;    ///< pixels
    bool class_balance = true;    ///< w_c = N / (K N_c) over the training set, otherwise 1
    /// Instances: pixels of an object that are nearer to its border than this part of its largest
    /// distance to it are a class of their own, the last one. 0: there is none.
    double boundary = 0.0;
};

/// Marks a pixel whose label is to be ignored; no class has this index.
inline constexpr std::uint8_t ignored_target = 255;

/// Classes that the network tells apart.
std::int64_t target_classes(const LabelMeaning& meaning, const TargetOptions& options);

/// Class index of every pixel. Instances: 1 on objects, 0 on background, where pixels with a
/// 4-neighbour of another object become background; `labels` is changed alike, and its ignored
/// pixels to 0. With TargetOptions::boundary, 2 along an object's border and where objects touch.
/// Classes and binary: the class whose stored value it is.
/// Throws Error(invalid_argument), naming `where`, for a value that no class has.
std::vector<std::uint8_t> make_targets(LabelMap& labels, const LabelMeaning& meaning,
                                       const TargetOptions& options, const std::string& where);

/// How many pixels around a region its targets depend on: 1 where touching objects are parted. With
/// a boundary on whole objects, of which so many pixels beyond the region are looked at.
std::int64_t target_margin(const LabelMeaning& meaning, const TargetOptions& options);

/// w_c of every class from its number of pixels: N / (K N_c), 1 for a class without pixels.
std::vector<double> balanced_weights(std::span<const std::int64_t> class_pixels);

/// The weight map of targets: class weight, plus for instances the border term on background, whose
/// distances d1, d2 are those to the nearest and second nearest object of `labels` (as make_targets
/// left them) in the same slice; 0 where the target is ignored. Rounded once, from double.
/// The border term is left out where it is too small to change a float32.
std::vector<float> make_weights(const LabelMap& labels, std::span<const std::uint8_t> targets,
                                const LabelMeaning& meaning, const TargetOptions& options,
                                std::span<const double> class_weights);

/// How many pixels around a region its weights depend on.
std::int64_t weight_margin(const LabelMeaning& meaning, const TargetOptions& options,
                           std::span<const double> class_weights);

}  // namespace unet
