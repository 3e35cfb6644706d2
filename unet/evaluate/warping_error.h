#pragma once

#include <cstdint>
#include <span>

namespace unet {

/// Pixels of one slice, or of many, on which a proposal disagrees with the truth although the truth
/// was deformed towards it as far as its topology allows, by what they do to the topology.
struct WarpingErrors {
    std::int64_t splits = 0;            ///< part a true object
    std::int64_t mergers = 0;           ///< join true objects
    std::int64_t hole_additions = 0;    ///< make a hole in an object
    std::int64_t hole_deletions = 0;    ///< fill one
    std::int64_t object_additions = 0;  ///< make an object
    std::int64_t object_deletions = 0;  ///< remove one
    std::int64_t pixels = 0;            ///< of all slices

    std::int64_t disagreeing() const {
        return splits + mergers + hole_additions + hole_deletions + object_additions +
               object_deletions;
    }
    /// Share of pixels that disagree (Jain et al. 2010); 0 without pixels.
    double error() const;
    /// Share of splits and mergers alone: what ISBI 2012 ranked by.
    double split_and_merge_error() const;
    WarpingErrors& operator+=(const WarpingErrors& other);
};

/// Warps the truth of a slice towards the proposal `probabilities > threshold` and looks at what
/// remains (Jain et al. 2010, "Boundary learning by optimization with topological constraints";
/// rules as in the program of ISBI 2012). Objects are joined by edges, background by edges and
/// corners; beyond the slice is background.
///
/// A pixel may change if it is simple: its 3x3 neighbourhood then keeps its number of objects and
/// holes (Bertrand and Malandain 1994). Disagreeing pixels are tried in the order of falling
/// |probability - threshold|, equal ones column by column, again and again until none changes.
///
/// Whether a pixel that lies in one object beside background would part it is judged within 20
/// pixels around it.
/// `truth` (0 is background) and `probabilities` have height x width entries.
WarpingErrors warp(std::span<const std::uint32_t> truth, std::span<const float> probabilities,
                   double threshold, std::int64_t height, std::int64_t width);

}  // namespace unet
