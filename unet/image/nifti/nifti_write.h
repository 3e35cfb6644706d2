#pragma once

#include <filesystem>

#include "unet/core/image.h"

namespace unet {

/// Writes labels of the NIfTI file `source` as NIfTI: its header as it is (place and direction in
/// space, pixel size, units), but for what says how the pixels are stored; 16 bits, 32 if a label
/// is above 65535; extensions are left out. The name decides: .nii, or .nii.gz for gzip. The labels
/// have all slices of all times of the source, or those of one time. Under a temporary name,
/// renamed when complete; equal labels give equal bytes. Throws Error(unsupported) for another
/// source, Error(shape_mismatch) for labels of another size, Error(invalid_argument) for another
/// name, Error(io) if the system refuses.
void write_labels_nifti(const std::filesystem::path& path, const LabelMap& labels,
                        const std::filesystem::path& source);

}  // namespace unet
