#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "unet/annotation/annotation.h"
#include "unet/annotation/outlined.h"

namespace unet {

// ImageJ's regions of interest: one in a file .roi, many in a zip archive of those (RoiSet.zip, as
// the ROI Manager saves them). Source: the layout in ImageJ's RoiDecoder.java, version 1.53t.

/// The regions of a .zip or .roi file: rectangles (rounded ones too), ovals, polygons, freehand and
/// traced lines, ellipses, turned rectangles, composites; an empty archive holds none. Names are
/// those of the entries; a region of group N gets the class "group N". Points, lines and text have
/// no area and are counted. The even-odd rule says what is inside, as in ImageJ. Throws Error: see
/// read_zip; corrupt_file for what is no region, is cut off or has absurd coordinates; unsupported
/// for spline curves, which ImageJ computes itself.
AnnotatedImage read_rois(const std::filesystem::path& path);

/// One object as the bytes of a .roi file: a traced line, or where it has holes or several pieces a
/// composite. Its class value, up to 255, becomes the group, its slice the position.
std::vector<std::byte> roi_of(const OutlinedObject& object);

/// A RoiSet.zip. Entries are named as the objects; in stacks NAME_zSLICE.
std::vector<std::byte> roi_set_of(const std::vector<OutlinedObject>& objects);

}  // namespace unet
