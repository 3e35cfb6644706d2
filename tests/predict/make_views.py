"""Writes views.h: what the views of rotations7 show of a small picture, and what comes back, by NumPy.

    python make_views.py > views.h

The picture is made from an integer hash, so that the C++ test makes the same one. Everything is done pixel by
pixel from the definition: a view is turned by k / 7 of a full turn about the picture's centre and is the
smallest that shows all of it; it is read by Catmull-Rom with np.pad's "reflect" beyond the border, and read
back bilinearly.
"""
import numpy as np

HEIGHT, WIDTH, PAD = 6, 9, 40
PICTURE = ((np.arange(HEIGHT * WIDTH, dtype=np.uint64) * np.uint64(2654435761) % np.uint64(1 << 32))
           >> np.uint64(16)).astype(np.float64).reshape(HEIGHT, WIDTH) % 1000 / 1000


def cubic(f):
    return np.array([((-0.5 * f + 1) * f - 0.5) * f, (1.5 * f - 2.5) * f * f + 1,
                     ((2 - 1.5 * f) * f + 0.5) * f, (0.5 * f - 0.5) * f * f])


def linear(f):
    return np.array([0, 1 - f, f, 0])


def read(picture, y, x, weights):
    wide = np.pad(picture, PAD, mode="reflect")
    iy, ix = int(np.floor(y)), int(np.floor(x))
    block = wide[iy - 1 + PAD:iy + 3 + PAD, ix - 1 + PAD:ix + 3 + PAD]
    return weights(y - iy) @ block @ weights(x - ix)


def turned(picture, angle, shape, weights):
    """A picture of `shape` whose pixel p, from its centre, shows `picture` at p turned, from its centre."""
    middle, from_middle = (np.array(shape) - 1) / 2, (np.array(picture.shape) - 1) / 2
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    out = np.empty(shape)
    for p in np.ndindex(*shape):
        y, x = from_middle + turn @ (np.array(p) - middle)
        out[p] = read(picture, y, x, weights)
    return out


def listing(name, values):
    print(f"inline constexpr double {name}[] = {{{', '.join(repr(float(v)) for v in np.ravel(values))}}};")


print("#pragma once\n")
print("// Written by make_views.py with NumPy", np.__version__)
print("\n#include <cstdint>\n\nnamespace unet::expected {\n")
sizes, mean = [], np.zeros((HEIGHT, WIDTH))
for k in range(7):
    angle = 2 * np.pi * k / 7
    corners = np.array([[y, x] for y in (0, HEIGHT - 1) for x in (0, WIDTH - 1)], float)
    back = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    extent = np.ptp(corners @ back.T, axis=0)
    size = tuple(1 + np.ceil(extent - 1e-12).astype(int))
    sizes.append(size)
    view = turned(PICTURE, angle, size, cubic)
    if k == 2:
        listing("view_2", view)
    # Stands for a network: something between 0 and 1 that is not linear.
    mean += turned(np.clip(view, 0, 1) ** 2, -angle, (HEIGHT, WIDTH), linear) / 7
print(f"inline constexpr std::int64_t view_sizes[][2] = {{{', '.join('{%d, %d}' % s for s in sizes)}}};")
listing("mean_of_views", mean)
print("\n}  // namespace unet::expected")
