#pragma once

#include <optional>

#include "unet/image/contents/place.h"
#include "unet/image/nifti/nifti_layout.h"

namespace unet {

/// A number as it was written: float32 0.3 is 0.3, not 0.300000012.
double as_typed(float value);
inline double as_typed(double value) { return value; }

/// Where a header says that its pixels lie: by the sform, else by the qform (nifti1.h, as nibabel
/// chooses). Nothing where neither code is set or no pixel would have a place of its own.
std::optional<Place> nifti_place(const Nifti1& header);
std::optional<Place> nifti_place(const Nifti2& header);

}  // namespace unet
