#pragma once

#include <string>
#include <vector>

namespace unet {

/// How stored pixel values become the network's input (docs/design.md, images to numbers).
enum class NormaliseRule {
    image,    ///< (v - p1) / (p99.8 - p1), percentiles of this image
    dataset,  ///< the same with percentiles of the training set
    range,    ///< v / largest value of the file's type
    fixed,    ///< (v - low) / (high - low), LOW:HIGH given by the user
};

struct Normalisation {
    NormaliseRule rule = NormaliseRule::image;
    /// dataset and fixed: low and high per channel (one entry serves all channels).
    std::vector<double> low, high;
    /// What the network sees is limited to -clip .. 1 + clip, so that a hot pixel is bright and not
    /// a thousand times as bright as all else; 0: not limited.
    double clip = 0.0;
    bool operator==(const Normalisation&) const = default;
};

/// "image", "dataset", "range" or "LOW:HIGH" with LOW < HIGH, both finite (numbers in the C locale,
/// "0:4095"). `where` begins the message ("`normalise`", "config.toml: normalise").
/// Throws Error(invalid_argument).
Normalisation parse_normalisation(const std::string& text, const std::string& where);

/// A new training's limit. Of 296 grey images of nuclei and cells none reaches below -1, and nine
/// have a few pixels above 3. With 4, a hot pixel changed a training more than with 2
/// (docs/design.md, bench/hot_pixels.py).
inline constexpr double usual_clip = 2.0;

/// "none" (0), or a number above 0 as `Normalisation::clip`. `where` begins the message. Throws
/// Error(invalid_argument).
double parse_clip(const std::string& text, const std::string& where);
/// The text that parse_clip reads.
std::string clip_text(double clip);

/// The text that parse_normalisation reads; the numbers of rule `dataset` are not part of it, nor
/// are those of the second and later channels of rule `fixed`.
std::string to_string(const Normalisation& normalisation);

}  // namespace unet
