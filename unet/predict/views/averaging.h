#pragma once

namespace unet {

/// Test-time averaging: the image is predicted several times, turned or mirrored, each result is
/// turned back, and the probabilities are averaged (docs/design.md, averaging).
enum class Averaging {
    none,
    mirrors4,    ///< as it is, mirrored along x, along y, along both: the authors' release
    rotations7,  ///< turned by k / 7 of a full turn, k = 0 .. 6 (section 4 of the paper: "averaged
                 ///< over 7 rotated versions of the input data"; the angles are our choice)
};

/// "none", "mirrors4" or "rotations7".
constexpr const char* to_string(Averaging averaging) noexcept {
    return averaging == Averaging::mirrors4     ? "mirrors4"
           : averaging == Averaging::rotations7 ? "rotations7"
                                                : "none";
}

}  // namespace unet
