#!/usr/bin/env python3
"""Writes reference_values.h: what SciPy and scikit-image make of maps that both languages draw.

Needs numpy, scipy and scikit-image; run by hand, the result is committed.
    python3 tests/objects/reference_values.py
"""
import pathlib

import numpy as np
import scipy
import skimage
from scipy import ndimage
from skimage import measure, segmentation

# (depth, height, width, block edge in pixels, number of values, percent background)
MAPS = [
    (1, 1, 1, 1, 2, 0),
    (1, 1, 37, 2, 3, 40),
    (1, 41, 1, 2, 3, 40),
    (1, 64, 53, 1, 1, 50),
    (1, 70, 90, 3, 2, 40),
    (1, 97, 131, 7, 5, 60),
    (4, 33, 29, 2, 2, 45),
    (3, 20, 50, 4, 6, 30),
    (2, 16, 16, 1, 4, 100),
]


def hashed(values):
    """The integer hash of maps.h, on arrays of uint32."""
    x = values.astype(np.uint64) & np.uint64(0xFFFFFFFF)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x ^= x >> np.uint64(shift)
        x = (x * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
    return x ^ (x >> np.uint64(16))


def drawn(number, depth, height, width, block, values, background):
    """blocks of random values; z, y, x of the block and the map's number choose the value."""
    z, y, x = np.indices((depth, height, width))
    key = hashed(((number * 31 + z) * 4096 + y // block) * 4096 + x // block)
    value = 1 + (key // 128) % values
    return np.where(key % 100 < background, 0, value).astype(np.uint32)


def checksum(values):
    """FNV-1a over 32-bit words."""
    h = 0xCBF29CE484222325
    for v in np.asarray(values).ravel().tolist():
        h = ((h ^ (int(v) & 0xFFFFFFFF)) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return h


def slicewise(label, values):
    out, last = np.zeros(values.shape, np.int64), 0
    for z, plane in enumerate(values):
        ids = label(plane)
        out[z] = np.where(ids > 0, ids + last, 0)
        last = max(last, out[z].max(initial=0))
    return out


def squared(values, volume):
    """Distance to background, squared; where a slice or volume has none, 2^31 - 1 as the library."""
    if volume:
        if (values != 0).all():
            return np.full(values.shape, 2**31 - 1)
        return np.rint(ndimage.distance_transform_edt(values) ** 2).astype(np.int64)
    return np.concatenate([squared(v[None], True) for v in values])


def main():
    rows = []
    for number, spec in enumerate(MAPS):
        values = drawn(number, *spec)
        label = lambda connectivity: lambda v: measure.label(v, connectivity=connectivity)
        numbers = [
            slicewise(label(1), values),
            slicewise(label(2), values),
            label(1)(values),
            label(3)(values),
            squared(values, False),
            squared(values, True),
            np.stack([np.where(segmentation.find_boundaries(v, connectivity=1, mode="inner"), v, 0)
                      for v in values]),
            slicewise(label(1), np.stack([ndimage.binary_fill_holes(v) for v in values]).astype(np.uint8)),
            slicewise(lambda v: label(1)(segmentation.clear_border(label(1)(v)) > 0), (values > 0).astype(np.uint8)),
        ]
        # The number of components with each connectivity is readable; the rest is a checksum.
        counts = ", ".join(str(int(n.max())) for n in numbers[:4])
        sums = ",\n      ".join(f"0x{checksum(n):016x}u" for n in [values] + numbers)
        rows.append(f"    {{{{{', '.join(map(str, spec))}}},\n     {{{counts}}},\n     {{{sums}}}}},")
    text = f"""#pragma once

// Written by reference_values.py with SciPy {scipy.__version__} and scikit-image {skimage.__version__}.

#include <cstdint>

namespace unet {{

struct ReferenceValues {{
    struct Map {{
        std::int64_t depth, height, width, block;
        std::uint32_t values, background;
    }} map;
    /// Number of components with connectivity four, eight, six, twenty_six.
    std::uint32_t counts[4];
    /// Checksums: the map itself; components in the same order; squared distance to background by
    /// slice and through the volume; outlines; components of the foreground with holes filled, and
    /// without those that touch the edge.
    std::uint64_t checksums[10];
}};

inline constexpr ReferenceValues reference_values[] = {{
""" + "\n".join(rows) + """
};

}  // namespace unet
"""
    pathlib.Path(__file__).with_name("reference_values.h").write_text(text)


if __name__ == "__main__":
    main()
