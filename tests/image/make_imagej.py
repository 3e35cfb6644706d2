"""Writes the images of ImageJ in tests/image/files and files/expected_imagej.json.

ImageJ writes them (imagej/MakeImages.java); what is expected is computed from the same formula, never by
reading a file. Needs Debian's libij-java and default-jdk-headless, and numpy:

    python3 tests/image/make_imagej.py
"""

import json
import subprocess

import numpy as np

from expectations import HEIGHT, HERE, WIDTH, expect, expected, formula

subprocess.run(["java", "-Djava.awt.headless=true", "-cp", "/usr/share/java/ij.jar", HERE.parent / "imagej/MakeImages.java",
                HERE], check=True)

size = {"spacing": (0, 0.5, 0.25)}
plane = formula()[0, 0]
expect("by_imagej_u8.tif", formula(), plane[None], **size, unit="um")
# The inverting table is written as colours: an image looks so, labels are what is stored.
expect("by_imagej_mask.tif", 255 - formula() % 2 * 255, plane[None] % 2 * 255, **size, unit="mm", palette=True)
expect("by_imagej_rgb.tif", formula(3), "is RGB", rgb=True, **{**size, "spacing": (0, 5000, 2500)}, unit="um")
c, t, z, y, x = np.indices((2, 2, 3, HEIGHT, WIDTH))
series = 261 * ((7 * y + 13 * x + 31 * z + 57 * c + 101 * t) % 251)
expect("by_imagej_u16_hyperstack.tif", series.reshape(2, 6, HEIGHT, WIDTH), "2 channels", "u16", spacing=(1.5, 0.5, 0.25),
       unit="um", bits=16, axes="T 2, Z 3, C 2", axes_source="ImageJ")
expect("by_imagej_f32_stack.tif", formula(1, 3) / 8 - 3, "expected labels", "f32", spacing=(0.75, 0.5, 0.25), unit="um",
       bits=32, axes="Z 3", axes_source="ImageJ")
(HERE / "expected_imagej.json").write_text(
    "{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in expected.items()) + "\n}\n")
print(f"{len(expected)} files")
