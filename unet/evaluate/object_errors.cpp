#include "unet/evaluate/object_errors.h"

namespace unet {
namespace {

/// Whether the objects of an overlap belong to each other.
bool is_link(const Overlaps& overlaps, const Overlap& pair) {
    return 2 * pair.pixels > overlaps.truth[pair.truth].pixels ||
           2 * pair.pixels > overlaps.predicted[pair.predicted].pixels;
}

}  // namespace

const char* to_string(ObjectFate fate) {
    switch (fate) {
        case ObjectFate::matched:
            return "matched";
        case ObjectFate::merged:
            return "merged";
        case ObjectFate::split:
            return "split";
        case ObjectFate::missed:
            return "missed";
        case ObjectFate::invented:
            return "invented";
    }
    return "";
}

ObjectFates fates_of(const Overlaps& overlaps) {
    std::vector<int> links_of_true(overlaps.truth.size()),
        links_of_predicted(overlaps.predicted.size());
    for (const Overlap& pair : overlaps.pairs)
        if (is_link(overlaps, pair)) {
            ++links_of_true[pair.truth];
            ++links_of_predicted[pair.predicted];
        }
    const auto fate_by = [](int links, ObjectFate none, ObjectFate several) {
        return links == 0 ? none : links == 1 ? ObjectFate::matched : several;
    };
    ObjectFates fates;
    for (const int links : links_of_true)
        fates.truth.push_back(fate_by(links, ObjectFate::missed, ObjectFate::split));
    for (const int links : links_of_predicted)
        fates.predicted.push_back(fate_by(links, ObjectFate::invented, ObjectFate::merged));
    // What has a single partner takes part in what the partner suffers.
    for (const Overlap& pair : overlaps.pairs) {
        if (!is_link(overlaps, pair)) continue;
        if (links_of_true[pair.truth] == 1 && links_of_predicted[pair.predicted] > 1)
            fates.truth[pair.truth] = ObjectFate::merged;
        if (links_of_predicted[pair.predicted] == 1 && links_of_true[pair.truth] > 1)
            fates.predicted[pair.predicted] = ObjectFate::split;
    }
    return fates;
}

ObjectErrors& ObjectErrors::operator+=(const ObjectErrors& other) {
    matched += other.matched;
    merged += other.merged;
    split += other.split;
    missed += other.missed;
    merging += other.merging;
    pieces += other.pieces;
    invented += other.invented;
    return *this;
}

ObjectErrors count_errors(const Overlaps& overlaps) {
    ObjectErrors errors;
    const ObjectFates fates = fates_of(overlaps);
    for (const ObjectFate fate : fates.truth) {
        errors.matched += fate == ObjectFate::matched;
        errors.merged += fate == ObjectFate::merged;
        errors.split += fate == ObjectFate::split;
        errors.missed += fate == ObjectFate::missed;
    }
    for (const ObjectFate fate : fates.predicted) {
        errors.merging += fate == ObjectFate::merged;
        errors.pieces += fate == ObjectFate::split;
        errors.invented += fate == ObjectFate::invented;
    }
    return errors;
}

}  // namespace unet
