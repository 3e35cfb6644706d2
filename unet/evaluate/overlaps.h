#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace unet {

/// Pixels that a true and a predicted object share.
struct Overlap {
    std::size_t truth, predicted;  ///< positions in Overlaps::truth and Overlaps::predicted
    std::int64_t pixels;           ///< at least 1
};

/// The objects of two label maps of one image and where they meet: all that object metrics need.
struct Overlaps {
    struct Object {
        std::uint32_t id = 0;
        std::int64_t pixels = 0;
    };
    std::vector<Object> truth, predicted;  ///< in order of id
    std::vector<Overlap> pairs;            ///< in order of truth, then predicted

    /// Intersection over union of a pair.
    double iou(const Overlap& pair) const {
        const std::int64_t both = truth[pair.truth].pixels + predicted[pair.predicted].pixels;
        return static_cast<double>(pair.pixels) / static_cast<double>(both - pair.pixels);
    }
};

/// Counts the overlaps of objects (values other than 0) in two maps of equal length. Pixels whose
/// true value is `ignore` count for neither map.
/// Throws Error(shape_mismatch) if the lengths differ.
Overlaps count_overlaps(std::span<const std::uint32_t> predicted,
                        std::span<const std::uint32_t> truth,
                        std::optional<std::uint32_t> ignore = std::nullopt);

/// Pixels of every predicted object that lie inside any true one, in the order of
/// Overlaps::predicted.
std::vector<std::int64_t> predicted_inside_truth(const Overlaps& overlaps);

}  // namespace unet
