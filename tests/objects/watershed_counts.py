"""Expected numbers of objects for watershed_test.cpp, by SciPy and scikit-image:

    python3 watershed_counts.py        prints, per depth, the number of objects of the scene

The scene is that of the test: discs at hashed places, many of which touch.
"""
import numpy as np
from scipy import ndimage
from skimage.measure import label
from skimage.morphology import local_maxima, reconstruction


def hashed(x):
    x ^= x >> 16
    x = x * 0x7FEB352D & 0xFFFFFFFF
    x ^= x >> 15
    x = x * 0x846CA68B & 0xFFFFFFFF
    return x ^ x >> 16


scene = np.zeros((200, 260), bool)
y, x = np.mgrid[:200, :260]
for i in range(90):
    cy, cx, r = hashed(3 * i) % 200, hashed(3 * i + 1) % 260, 5 + hashed(3 * i + 2) % 8
    scene |= (y - cy) ** 2 + (x - cx) ** 2 <= r * r

# float32, as the program computes; SciPy's radius int(truncate * sigma + 0.5) = 3.
heights = ndimage.gaussian_filter(ndimage.distance_transform_edt(scene).astype(np.float32), 1.0, truncate=3.0,
                                  mode="reflect")
heights[~scene] = 0
for depth in (0.25, 0.5, 1.0, 2.0, 4.0):
    # The regional maxima of the landscape lowered by `depth` and flooded again (Soille's extended maxima). Flooding only within the scene:
    # neighbours by edges, background as a floor that nothing crosses.
    floor = np.where(scene, heights - depth, -100.0)
    rest = reconstruction(floor, np.where(scene, heights, -100.0), method="dilation",
                          footprint=ndimage.generate_binary_structure(2, 1))
    marks = scene & local_maxima(rest, connectivity=1)
    print(depth, label(marks, connectivity=1).max())
print("components", label(scene, connectivity=1).max())
