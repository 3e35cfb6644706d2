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
    bool operator==(const Normalisation&) const = default;
};

/// "image", "dataset", "range" or "LOW:HIGH" with LOW < HIGH, both finite (numbers in the C locale,
/// "0:4095"). `where` begins the message ("`normalise`", "config.toml: normalise").
/// Throws Error(invalid_argument).
Normalisation parse_normalisation(const std::string& text, const std::string& where);

/// The text that parse_normalisation reads; the numbers of rule `dataset` are not part of it, nor
/// are those of the second and later channels of rule `fixed`.
std::string to_string(const Normalisation& normalisation);

}  // namespace unet
