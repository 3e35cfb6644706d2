#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "unet/annotation/annotation.h"
#include "unet/annotation/outlined.h"

namespace unet {

// ImageJ's regions of interest: one in a file .roi, many in a zip archive of those (RoiSet.zip, as
// the ROI Manager saves them). Source: the layout in ImageJ's RoiDecoder.java, version 1.53t.

/// Adds the region of a .roi file to `result`: a rectangle (rounded too), oval, polygon, freehand
/// or traced line, ellipse, turned rectangle or composite; group N is the class "group N". Points,
/// lines and text have no area and are counted. The even-odd rule says what is inside, as in
/// ImageJ. Throws Error: corrupt_file for what is no region, is cut off or has absurd coordinates;
/// unsupported for spline curves, which ImageJ computes itself.
void read_roi(std::span<const std::byte> bytes, const std::string& where, const std::string& name,
              AnnotatedImage& result);

/// One object as the bytes of a .roi file: a traced line, or where it has holes or several pieces a
/// composite. Its class value, up to 255, becomes the group, its slice the position.
std::vector<std::byte> roi_of(const OutlinedObject& object);

/// A RoiSet.zip. Entries are named as the objects; in stacks NAME_zSLICE.
std::vector<std::byte> roi_set_of(const std::vector<OutlinedObject>& objects);

}  // namespace unet
