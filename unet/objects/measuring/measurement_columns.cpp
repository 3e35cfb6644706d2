#include "unet/objects/measuring/measurement_columns.h"

namespace unet {
namespace {

using Object = ObjectMeasurements;
using Channel = Brightness;
using Volume = VolumeMeasurements;
using VLengths = VolumeLengths;

constexpr ShapeColumn shapes[] = {
    {"label", Dimension::none, [](const Object& o, const Lengths&) { return double(o.label); }},
    {"area", Dimension::area, [](const Object&, const Lengths& l) { return l.area; }},
    {"centroid-0", Dimension::length,
     [](const Object&, const Lengths& l) { return l.centroid[0]; }},
    {"centroid-1", Dimension::length,
     [](const Object&, const Lengths& l) { return l.centroid[1]; }},
    {"bbox-0", Dimension::none, [](const Object& o, const Lengths&) { return double(o.bbox[0]); }},
    {"bbox-1", Dimension::none, [](const Object& o, const Lengths&) { return double(o.bbox[1]); }},
    {"bbox-2", Dimension::none, [](const Object& o, const Lengths&) { return double(o.bbox[2]); }},
    {"bbox-3", Dimension::none, [](const Object& o, const Lengths&) { return double(o.bbox[3]); }},
    {"perimeter", Dimension::length, [](const Object&, const Lengths& l) { return l.perimeter; }},
    {"equivalent_diameter_area", Dimension::length,
     [](const Object&, const Lengths& l) { return l.equivalent_diameter; }},
    {"axis_major_length", Dimension::length,
     [](const Object&, const Lengths& l) { return l.axis_major; }},
    {"axis_minor_length", Dimension::length,
     [](const Object&, const Lengths& l) { return l.axis_minor; }},
    {"orientation", Dimension::none, [](const Object& o, const Lengths&) { return o.orientation; }},
    {"eccentricity", Dimension::none,
     [](const Object& o, const Lengths&) { return o.eccentricity; }},
    {"area_convex", Dimension::none,
     [](const Object& o, const Lengths&) { return double(o.area_convex); }},
    {"solidity", Dimension::none, [](const Object& o, const Lengths&) { return o.solidity; }},
    {"circularity", Dimension::none, [](const Object& o, const Lengths&) { return o.circularity; }},
    {"feret_diameter_max", Dimension::length,
     [](const Object&, const Lengths& l) { return l.feret_max; }},
    {"feret_diameter_min", Dimension::length,
     [](const Object&, const Lengths& l) { return l.feret_min; }},
    {"neighbours", Dimension::none,
     [](const Object& o, const Lengths&) { return double(o.neighbours); }},
    {"touches_border", Dimension::none,
     [](const Object& o, const Lengths&) { return double(o.touches_border); }},
};

constexpr VolumeColumn volumes[] = {
    {"label", Dimension::none, [](const Volume& v, const VLengths&) { return double(v.label); }},
    {"area", Dimension::volume, [](const Volume&, const VLengths& l) { return l.volume; }},
    {"centroid-0", Dimension::length,
     [](const Volume&, const VLengths& l) { return l.centroid[0]; }},
    {"centroid-1", Dimension::length,
     [](const Volume&, const VLengths& l) { return l.centroid[1]; }},
    {"centroid-2", Dimension::length,
     [](const Volume&, const VLengths& l) { return l.centroid[2]; }},
    {"bbox-0", Dimension::none, [](const Volume& v, const VLengths&) { return double(v.bbox[0]); }},
    {"bbox-1", Dimension::none, [](const Volume& v, const VLengths&) { return double(v.bbox[1]); }},
    {"bbox-2", Dimension::none, [](const Volume& v, const VLengths&) { return double(v.bbox[2]); }},
    {"bbox-3", Dimension::none, [](const Volume& v, const VLengths&) { return double(v.bbox[3]); }},
    {"bbox-4", Dimension::none, [](const Volume& v, const VLengths&) { return double(v.bbox[4]); }},
    {"bbox-5", Dimension::none, [](const Volume& v, const VLengths&) { return double(v.bbox[5]); }},
    {"equivalent_diameter_area", Dimension::length,
     [](const Volume&, const VLengths& l) { return l.equivalent_diameter; }},
    {"axis_major_length", Dimension::length,
     [](const Volume&, const VLengths& l) { return l.axis_major; }},
    {"axis_minor_length", Dimension::length,
     [](const Volume&, const VLengths& l) { return l.axis_minor; }},
    {"touches_border", Dimension::none,
     [](const Volume& v, const VLengths&) { return double(v.touches_border); }},
};

constexpr BrightnessColumn brightnesses[] = {
    {"intensity_mean", [](const Channel& c) { return c.mean; }},
    {"intensity_std", [](const Channel& c) { return c.std; }},
    {"intensity_min", [](const Channel& c) { return c.min; }},
    {"intensity_max", [](const Channel& c) { return c.max; }},
    {"intensity_median", [](const Channel& c) { return c.median; }},
    {"intensity_sum", [](const Channel& c) { return c.sum; }},
    {"intensity_mean_corrected", [](const Channel& c) { return c.mean_corrected; }},
};

}  // namespace

std::span<const ShapeColumn> shape_columns() { return shapes; }

std::span<const VolumeColumn> volume_columns() { return volumes; }

std::span<const BrightnessColumn> brightness_columns() { return brightnesses; }

}  // namespace unet
