#!/usr/bin/env python3
"""Compares the table of `unet measure` with scikit-image on a data set, and prints the largest relative
difference of every column:

    python3 tests/objects/measurements_compare.py PROGRAM DATA     DATA/images and DATA/labels, PNG

Needs numpy, scipy and scikit-image; run by hand.
"""
import collections
import csv
import math
import pathlib
import subprocess
import sys
import tempfile

import skimage
from skimage import io

from measurements_values import COLUMNS, measured


def rows_of(program, data):
    """The table, by file and number."""
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder) / "table.csv"
        subprocess.run([program, "measure", data / "labels", "--image", data / "images", "--out", table],
                       check=True, stdout=subprocess.DEVNULL)
        with open(table, newline="", encoding="utf-8") as file:
            return {(row["image"], int(row["label"])): row for row in csv.DictReader(file)}


def difference(name, found, expected):
    if math.isnan(expected):
        return 0.0 if found == "" else math.inf
    away = abs(float(found) - expected)
    if name == "orientation":  # a direction has two angles
        return min(away % math.pi, math.pi - away % math.pi)
    return away / abs(expected) if expected else away


def main():
    program, data = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    table, objects, worst = rows_of(program, data), 0, collections.defaultdict(float)
    for path in sorted((data / "labels").iterdir()):
        labels, image = io.imread(path), io.imread(data / "images" / path.name)
        image = image if image.ndim == 3 else image[..., None]
        for c in range(min(image.shape[2], 3)):  # the fourth is transparency
            for expected in measured(labels, image[..., c]):
                row = table[path.name, int(expected[0])]
                objects += c == 0
                if c > 0 and row[f"intensity_mean-{c}"] == "":
                    continue  # red = green = blue: one channel
                for name, value in zip(COLUMNS, expected):
                    found = row[name] if name in row else row[f"{name}-{c}"]
                    worst[name] = max(worst[name], difference(name, found, value))
    print(f"{objects} objects, {len(table)} rows, scikit-image {skimage.__version__}")
    for name in COLUMNS:
        print(f"{name:28}{worst[name]:.1e}")


if __name__ == "__main__":
    main()
