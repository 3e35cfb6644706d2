#pragma once

#include "unet/check/cases.h"

// One function for each thing that is looked for. All add to `findings`; those below decide_meaning
// use what it decided. Thresholds stand in the sources, each with its reason.

namespace unet {

/// Grey levels along the edges of a mask: smoothed when it was scaled or drawn, or once a JPEG.
/// And images in place of label maps. Marks those cases as odd.
void find_soft(Context& context, CheckedSet& set, Findings& findings);

/// Decides what labels mean, as training does, from all maps that are not odd, and fills `meaning`
/// and `diameter`. Tells what is ambiguous, and 0/255 masks: notes where the set holds nothing
/// else, warnings where they stand among numbered maps (marked as odd).
void decide_meaning(Context& context, const DatasetOptions& reading, CheckedSet& set,
                    Findings& findings);

/// Images with values far beyond all others (hot pixels), which later ones see as usual values, or
/// with a border of one value beside which all else looks flat.
void find_extremes(Context& context, CheckedSet& set, Findings& findings);
void find_empty(Context& context, const CheckedSet& set, Findings& findings);
/// Classes that never occur, on one side of the split only, or on very few pixels or images.
void find_classes(Context& context, const CheckedSet& set, Findings& findings);
/// Of numbered objects: ids in pieces, ids given twice, specks.
void find_ids(Context& context, const CheckedSet& set, Findings& findings);
/// Regions as bright (or dark) and as large as the labelled objects, without a label.
void find_unlabelled(Context& context, const CheckedSet& set, Findings& findings);
/// Labels whose borders follow the image's edges better elsewhere, mirrored or turned, or those of
/// another image.
void find_misplaced(Context& context, const CheckedSet& set, Findings& findings);
/// Equal and nearly equal images, also of training and validation.
void find_duplicates(Context& context, const CheckedSet& set, Findings& findings);
/// Images whose brightness, contrast or focus stands apart; images that hold one value.
void find_outliers(Context& context, const CheckedSet& set, Findings& findings);
/// Pixel sizes that differ by more than a network can make up for.
void find_spacing(Context& context, const CheckedSet& set, Findings& findings);

}  // namespace unet
