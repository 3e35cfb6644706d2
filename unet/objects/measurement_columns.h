#pragma once

#include <span>

#include "unet/objects/measurements.h"

namespace unet {

/// What a measure has of a length: its unit is none, that of the spacing, or its square.
enum class Dimension { none, length, area };

/// A measure with a name, for tables. Names are those of scikit-image's regionprops_table where it
/// has the measure. Values are whole numbers where the measure is one; NaN where it has none.
struct MeasurementColumn {
    const char* name;
    Dimension dimension;
    double (*value)(const ObjectMeasurements& object, const Lengths& lengths);
};

/// Of shapes, in the order of tables. `lengths` is the object's in pixels, or for the columns with
/// a dimension the physical one.
std::span<const MeasurementColumn> shape_columns();

struct BrightnessColumn {
    const char* name;
    double (*value)(const ChannelMeasurements& channel);
};

/// Of one channel.
std::span<const BrightnessColumn> brightness_columns();

}  // namespace unet
