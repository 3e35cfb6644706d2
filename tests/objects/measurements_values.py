#!/usr/bin/env python3
"""Writes measurements_values.h: what scikit-image measures on a part of a bundled picture of nuclei
(Data Science Bowl 2018, CC0) and on a map that both languages draw.

Needs numpy, scipy and scikit-image; run by hand, the result is committed.
    python3 tests/objects/measurements_values.py
"""
import math
import pathlib
import textwrap

import numpy as np
import skimage
from scipy.spatial import ConvexHull
from skimage import io, measure

from reference_values import drawn

HERE = pathlib.Path(__file__).parent
NUCLEI = HERE.parents[1] / "examples/nuclei/val"
PICTURE = "5afb7932"  # touching nuclei, some of them at the edge of the part
PART = np.s_[400:468, 0:100]
# Number, depth, height, width, block, values, percent background: objects of many pieces with holes.
DRAWN = (5, 1, 97, 131, 7, 5, 60)

# Of a stack, and the size of its voxels.
DRAWN_STACK, SPACING = (7, 3, 20, 50, 4, 6, 30), (2.0, 0.5, 0.25)

SHAPES = ["label", "area", "centroid", "bbox", "perimeter", "equivalent_diameter_area", "axis_major_length",
          "axis_minor_length", "orientation", "eccentricity", "area_convex", "solidity"]
BRIGHTNESS = ["intensity_mean", "intensity_std", "intensity_min", "intensity_max", "intensity_median"]
# In the order of the table.
COLUMNS = ["label", "area", "centroid-0", "centroid-1", "bbox-0", "bbox-1", "bbox-2", "bbox-3", "perimeter",
           "equivalent_diameter_area", "axis_major_length", "axis_minor_length", "orientation", "eccentricity",
           "area_convex", "solidity", "circularity", "feret_diameter_max", "feret_diameter_min", "neighbours",
           "touches_border"] + BRIGHTNESS + ["intensity_sum", "intensity_mean_corrected"]


def narrowest(points):
    """The least distance of two parallel lines that hold all points between them: one lies along an edge."""
    corners = points[ConvexHull(points).vertices]
    widths = []
    for a, b in zip(corners, np.roll(corners, -1, axis=0)):
        normal = np.array([b[1] - a[1], a[0] - b[0]]) / np.hypot(*(b - a))
        heights = corners @ normal
        widths.append(heights.max() - heights.min())
    return min(widths)


def neighbours(labels, label):
    """Other objects within one pixel in any direction."""
    padded, (ys, xs) = np.pad(labels, 1), np.nonzero(labels == label)
    found = set()
    for dy in range(3):
        for dx in range(3):
            found |= set(padded[ys + dy, xs + dx].tolist())
    return len(found - {0, label})


def measured(labels, image):
    """A row of numbers for each object; scikit-image's, and what it lacks by its means."""
    table = measure.regionprops_table(labels, image, properties=SHAPES + ["feret_diameter_max"] + BRIGHTNESS)
    rows = []
    for i, region in enumerate(measure.regionprops(labels, image)):
        row = {name: values[i] for name, values in table.items()}
        perimeter = row["perimeter"]
        row["circularity"] = 4 * math.pi * row["area"] / perimeter ** 2 if perimeter > 0 else math.nan
        contour = measure.find_contours(np.pad(region.image_convex, 2).astype(float), 0.5, fully_connected="high")
        row["feret_diameter_min"] = narrowest(np.vstack(contour))
        row["neighbours"] = neighbours(labels, region.label)
        top, left, bottom, right = region.bbox
        row["touches_border"] = top == 0 or left == 0 or bottom == labels.shape[0] or right == labels.shape[1]
        values = image[labels == region.label].astype(float)
        row["intensity_sum"] = values.sum()
        row["intensity_mean_corrected"] = values.mean() - np.median(image[labels == 0])
        rows.append([float(row[name]) for name in COLUMNS])
    return rows


def measured_volumes(labels, image):
    """The same of a stack as a whole: in voxels, then what has a length in a unit; a row for each object."""
    rows = []
    for region, spaced in zip(measure.regionprops(labels, image),
                              measure.regionprops(labels, spacing=SPACING)):
        box = region.bbox
        at_border = min(box[:3]) == 0 or any(end == size for end, size in zip(box[3:], labels.shape))
        values = image[labels == region.label]
        sizes = [[r.area, *r.centroid, r.equivalent_diameter_area, r.axis_major_length, r.axis_minor_length]
                 for r in (region, spaced)]
        rows.append([region.label, *sizes[0][:4], *box, *sizes[0][4:], at_border, *sizes[1], values.mean(),
                     values.std(), values.min(), values.max(), np.median(values), values.sum(),
                     values.mean() - np.median(image[labels == 0])])
    return [[float(value) for value in row] for row in rows]


def number(value):
    return "none" if math.isnan(value) else f"{value:.17g}"


def table(name, rows):
    lines = [f"inline constexpr double {name}[][{len(rows[0])}] = {{"]
    for row in rows:
        line = "    {"
        for i, value in enumerate(row):
            word = number(value) + ("," if i + 1 < len(row) else "},")
            if len(line) + len(word) > 98:
                lines.append(line.rstrip())
                line = "     "
            line += word + " "
        lines.append(line.rstrip())
    return "\n".join(lines + ["};"])


def main():
    path = next((NUCLEI / "labels").glob(PICTURE + "*"))
    stored = io.imread(path)[PART]
    labels = np.searchsorted(np.unique(stored), stored)
    image = io.imread(NUCLEI / "images" / path.name)[PART]
    image = image[..., 0] if image.ndim == 3 else image

    letters = "." + "abcdefghijklmnopqrstuvwxyz"
    pictured = "\n".join(f'    "{"".join(letters[v] for v in row)}",' for row in labels)
    pixels = "\n".join(f'    "{"".join(f"{v:02x}" for v in row)}",' for row in image)
    map_ = drawn(*DRAWN)[0].astype(int)
    values = np.indices(map_.shape)
    synthetic = (values[0] * 31 + values[1] * 17) % 251
    stack = drawn(*DRAWN_STACK).astype(int)
    places = np.indices(stack.shape)
    text = f"""#pragma once

// Written by measurements_values.py with scikit-image {skimage.__version__}.

#include <limits>
#include <string_view>

// clang-format off
namespace unet::measurements_values {{

inline constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Nuclei of the Data Science Bowl 2018 (BBBC038, CC0): a letter for each object.
inline constexpr std::string_view labels[] = {{
{pictured}
}};

/// Their grey values, two hexadecimal digits each.
inline constexpr std::string_view pixels[] = {{
{pixels}
}};

inline constexpr const char* columns[] = {{
{textwrap.indent(textwrap.fill(", ".join(f'"{name}"' for name in COLUMNS), 94), "    ")},
}};

/// A row for each object, in the order of columns.
{table("nuclei", measured(labels, image))}

/// Of drawn_map({DRAWN[0]}, {{1, {DRAWN[2]}, {DRAWN[3]}}}, {DRAWN[4]}, {DRAWN[5]}, {DRAWN[6]}) with the image (31 y + 17 x) % 251.
{table("drawn", measured(map_, synthetic))}

/// Of drawn_map({DRAWN_STACK[0]}, {{{DRAWN_STACK[1]}, {DRAWN_STACK[2]}, {DRAWN_STACK[3]}}}, {DRAWN_STACK[4]}, {DRAWN_STACK[5]}, {DRAWN_STACK[6]}) with the image (7 z + 31 y + 17 x) % 251 as a whole: columns
/// of voxels, columns with a dimension for voxels of {SPACING[0]} x {SPACING[1]} x {SPACING[2]}, brightness.
{table("volumes", measured_volumes(stack, (7 * places[0] + 31 * places[1] + 17 * places[2]) % 251))}

}}  // namespace unet::measurements_values
"""
    HERE.joinpath("measurements_values.h").write_text(text)


if __name__ == "__main__":
    main()
