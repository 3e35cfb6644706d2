#pragma once

#include <cstdint>
#include <vector>

#include "unet/evaluate/overlaps.h"

namespace unet {

/// What became of an object in the other map.
enum class ObjectFate {
    matched,  ///< one true and one predicted object belong to each other only
    merged,   ///< true: shares its prediction with others; predicted: holds several true ones
    split,    ///< true: in several predictions; predicted: one of several pieces of a true one
    missed,   ///< a true object that no prediction belongs to
    invented  ///< a predicted object that belongs to no true one
};

/// "matched", "merged", ...
const char* to_string(ObjectFate fate);

/// Two objects belong to each other if more than half of the pixels of either lie in the other.
/// How exact the outlines are does not matter: that is IoU's question. In the order of the
/// overlaps' objects. A true object that is both in several predictions and in one with other true
/// objects is split; a predicted one in the same place merged.
struct ObjectFates {
    std::vector<ObjectFate> truth, predicted;
};

ObjectFates fates_of(const Overlaps& overlaps);

/// Counts of fates, of one image or summed over many: how touching objects were confused.
struct ObjectErrors {
    /// True objects by what became of them.
    std::int64_t matched = 0, merged = 0, split = 0, missed = 0;
    /// Predicted objects that hold several true ones, are pieces of one, belong to none.
    std::int64_t merging = 0, pieces = 0, invented = 0;

    std::int64_t true_objects() const { return matched + merged + split + missed; }
    std::int64_t predicted_objects() const { return matched + merging + pieces + invented; }

    ObjectErrors& operator+=(const ObjectErrors& other);
};

ObjectErrors count_errors(const Overlaps& overlaps);

}  // namespace unet
