#pragma once

#include <cstdint>

#include "unet/core/image.h"
#include "unet/model/model.h"
#include "unet/objects/object_finder.h"
#include "unet/pixels/region.h"

namespace unet {

/// What a model says of objects.
ObjectRule rule_of(const ModelInfo& info);

/// Foreground of a probability map to objects, see ObjectFinder: of two classes where that of
/// channel 1 is above `threshold`; with a boundary, of background, interior and boundary, as
/// within_boundary (predict/classify.h). Throws Error(shape_mismatch) for other classes.
LabelMap objects_of(const Image& probabilities, double threshold, const ObjectRule& rule);

/// The same a few rows at a time: `finder` then has the objects. Without a boundary the last
/// channel of `probabilities` is the foreground. Throws as ObjectFinder, and what the source
/// throws.
void find_objects(RegionSource& probabilities, double threshold, const ObjectRule& rule,
                  ObjectFinder& finder);
/// Bytes that it takes beside source and finder.
std::int64_t finding_bytes(const RegionSource& probabilities);

/// Writes found objects into `sink`, some rows at a time from top to bottom.
void write_objects(const ObjectFinder& finder, RegionSink& sink);

/// Bytes that objects of an image take as a rule, while it is predicted below a limit: a run of
/// foreground for every 64 pixels. An image full of small or ragged objects takes more.
std::int64_t usual_object_bytes(const Size3& size);

}  // namespace unet
