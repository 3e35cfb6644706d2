#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "unet/core/image.h"
#include "unet/core/labels.h"
#include "unet/objects/polygons.h"

namespace unet {

/// An object as annotation files have it.
struct OutlinedObject {
    ObjectOutline outline;
    std::string name;               ///< the number of its label
    std::string class_name;         ///< empty: none
    std::uint32_t class_value = 0;  ///< stored value of the class; 0: none
    std::int64_t slice = -1;        ///< counted from 0; -1: a single image
};

/// The smallest box of pixels that holds an object.
Region box_of(const ObjectOutline& outline);

/// The objects of a label map with their exact outlines, slice by slice. `slices` numbers the
/// slices; empty for a single image. Instances (or binary): each value is an object. Classes:
/// what hangs together by its edges is an object, numbered 1, 2, ..., of the class of its value;
/// `class_names` name the values 1, 2, ...; a value without a name is "class N".
std::vector<OutlinedObject> outlined_objects(const LabelMap& labels,
                                             const std::vector<std::int64_t>& slices,
                                             LabelKind kind = LabelKind::instances,
                                             const std::vector<std::string>& class_names = {});

}  // namespace unet
