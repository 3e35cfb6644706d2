"""Writes expected.h: numbers of SciPy and NumPy that the tests of data/ compare with.

    python make_expected.py > expected.h

Inputs are made from an integer hash, so that the C++ tests make the same ones.
"""
import numpy as np
import scipy
from scipy import ndimage


def hashed(index):
    """0 .. 999, from an integer: (index * 2654435761 mod 2^32) >> 16, mod 1000."""
    return ((np.asarray(index, np.uint64) * np.uint64(2654435761) % np.uint64(1 << 32)) >> np.uint64(16)) % np.uint64(1000)


def grid(points):
    return hashed(np.arange(points * points)).astype(np.float64).reshape(points, points) / 50.0 - 10.0


def field(points, height, width):
    """The coarse grid spread over the patch, corner to corner, by SciPy's cubic B-spline."""
    y = np.linspace(0, points - 1, height)
    x = np.linspace(0, points - 1, width)
    at = np.meshgrid(y, x, indexing="ij")
    spread = ndimage.map_coordinates(grid(points), at, order=3, mode="mirror")
    zoomed = ndimage.zoom(grid(points), (height / points, width / points), order=3)
    assert np.abs(spread - zoomed).max() < 1e-9, "zoom and map_coordinates agree"
    return spread


def cells(height, width, count, radius):
    """Discs of ids 1 .. count at hashed places; a later one covers an earlier one."""
    labels = np.zeros((height, width), np.int64)
    yy, xx = np.mgrid[:height, :width]
    for i in range(count):
        cy, cx = int(hashed(3 * i)) % height, int(hashed(3 * i + 1)) % width
        r = radius + int(hashed(3 * i + 2)) % 4
        labels[(yy - cy) ** 2 + (xx - cx) ** 2 <= r * r] = i + 1
    return labels


def separated(labels):
    """Object pixels with a 4-neighbour of another object become background."""
    padded = np.pad(labels, 1, mode="edge")
    out = labels.copy()
    for dy, dx in ((0, 1), (2, 1), (1, 0), (1, 2)):
        other = padded[dy:dy + labels.shape[0], dx:dx + labels.shape[1]]
        out[(labels > 0) & (other > 0) & (other != labels)] = 0
    return out


def weight_map(labels, w0, sigma, balance):
    """Equation 2 of Ronneberger et al. 2015 with one distance transform per object."""
    labels = separated(labels)
    ids = np.unique(labels[labels > 0])
    counts = np.array([(labels == 0).sum(), (labels > 0).sum()], np.float64)
    w = counts.sum() / (2 * counts) if balance else np.ones(2)
    distances = np.sort([ndimage.distance_transform_edt(labels != i) for i in ids], axis=0)[:2]
    border = w0 * np.exp(-distances.sum(0) ** 2 / (2 * sigma ** 2))
    return labels, np.where(labels > 0, w[1], w[0] + border)


def catmull_rom(f):
    return np.array([((1 - 0.5 * f) * f - 0.5) * f, (1.5 * f - 2.5) * f * f + 1,
                     ((2 - 1.5 * f) * f + 0.5) * f, (0.5 * f - 0.5) * f * f])


def resampled(image, positions):
    """Catmull-Rom at (y, x) positions; np.pad's "reflect" is the mirrored border."""
    pad = 40
    wide = np.pad(image, pad, mode="reflect")
    out = []
    for y, x in positions:
        iy, ix = int(np.floor(y)), int(np.floor(x))
        block = wide[iy - 1 + pad:iy + 3 + pad, ix - 1 + pad:ix + 3 + pad]
        out.append(catmull_rom(y - iy) @ block @ catmull_rom(x - ix))
    return np.array(out)


def listing(name, values, kind="double"):
    text = ", ".join(repr(float(v)) if kind == "double" else str(int(v)) for v in np.ravel(values))
    print(f"inline constexpr {kind} {name}[] = {{{text}}};")


print("#pragma once")
print()
print("// Written by make_expected.py with SciPy", scipy.__version__, "and NumPy", np.__version__)
print()
print("namespace unet::expected {")
print()
listing("field_3_of_7x9", field(3, 7, 9))
listing("field_4_of_6x5", field(4, 6, 5))
listing("field_2_of_5x4", field(2, 5, 4))
big = field(3, 572, 572)
listing("field_3_of_572_at_97", big[::97, ::97])

small, weights = weight_map(cells(40, 48, 14, 4), 10.0, 5.0, True)
print(f"inline constexpr int weights_objects = {len(np.unique(small)) - 1};")
listing("weights_of_40x48_row_17", weights[17])
listing("weights_of_40x48_sums", weights.sum(axis=1))
plain = weight_map(cells(40, 48, 14, 4), 4.0, 2.5, False)[1]
listing("weights_plain_of_40x48_row_17", plain[17])

image = hashed(np.arange(11 * 13)).astype(np.float64).reshape(11, 13) / 1000.0
positions = [(-3.3 + 1.7 * i, 17.2 - 2.45 * i) for i in range(12)]
listing("resampled_11x13", resampled(image, positions))
print()
print("}  // namespace unet::expected")
