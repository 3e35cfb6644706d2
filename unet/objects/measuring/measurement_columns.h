#pragma once

#include <span>

#include "unet/objects/measuring/measurements.h"
#include "unet/objects/measuring/volumes.h"

namespace unet {

/// What a measure has of a length: its unit is that of the spacing to this power.
enum class Dimension { none = 0, length = 1, area = 2, volume = 3 };

/// A measure with a name, for tables. Names are those of scikit-image's regionprops_table where it
/// has the measure. Values are whole numbers where the measure is one; NaN where it has none.
/// `lengths` are the object's in pixels, or for the columns with a dimension the physical ones.
template <class Object, class Lengths>
struct MeasurementColumn {
    const char* name;
    Dimension dimension;
    double (*value)(const Object& object, const Lengths& lengths);
};
using ShapeColumn = MeasurementColumn<ObjectMeasurements, Lengths>;
using VolumeColumn = MeasurementColumn<VolumeMeasurements, VolumeLengths>;

struct BrightnessColumn {
    const char* name;
    double (*value)(const Brightness& channel);
};

/// In the order of tables; brightness is that of one channel.
std::span<const ShapeColumn> shape_columns();
std::span<const VolumeColumn> volume_columns();
std::span<const BrightnessColumn> brightness_columns();

}  // namespace unet
