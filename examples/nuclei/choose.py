#!/usr/bin/env python3
"""Chooses the bundled subset from a folder with the whole data set, and repacks it without loss.

    python3 choose.py DSB2018 .        (needs Pillow and NumPy; the program itself needs neither)

DSB2018 holds train/ and val/, each with images/ID.png, labels/ID.png and list.csv (columns id, width,
height, colour, background, nuclei). Every kind of picture (size, colour, background) is represented;
within a kind the pictures are spread evenly over the number of nuclei, from sparse to crowded.

The originals are 8-bit RGBA. Where red = green = blue everywhere a picture is written as 8-bit grey,
elsewhere as RGB; alpha is 255 everywhere and is dropped. No value changes: the script compares.
"""
import collections
import csv
import pathlib
import sys

import numpy
from PIL import Image

# How many pictures of each kind: roughly as frequent as in the whole set, the rare kinds lifted.
COUNTS = {
    "train": {"256x256 gray": 26, "360x360 gray": 14, "696x520 gray": 10, "320x256 colour": 10,
              "640x512 gray": 4, "320x256 gray": 2, "347x260 gray": 1, "1272x603 gray": 1,
              "1024x1024 gray": 1},
    "val": {"256x256 gray": 6, "360x360 gray": 4, "696x520 gray": 4, "320x256 colour": 3,
            "640x512 gray": 1},
}


def spread(rows, count):
    """`count` of `rows`, evenly over the number of nuclei."""
    ordered = sorted(rows, key=lambda row: (int(row["nuclei"]), row["id"]))
    return [ordered[(2 * i + 1) * len(ordered) // (2 * count)] for i in range(count)]


def repack(source, target):
    """Writes `source` as grey or RGB, whichever holds the same values."""
    values = numpy.asarray(Image.open(source).convert("RGBA"))
    if (values[..., 3] != 255).any():
        sys.exit(f"{source}: alpha is not 255 everywhere")
    grey = (values[..., 0] == values[..., 1]).all() and (values[..., 0] == values[..., 2]).all()
    kept = values[..., 0] if grey else values[..., :3]
    Image.fromarray(numpy.ascontiguousarray(kept)).save(target, optimize=True)
    if not numpy.array_equal(numpy.asarray(Image.open(target)), kept):
        sys.exit(f"{target}: differs from {source}")


def main():
    source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    for split, counts in COUNTS.items():
        kinds = collections.defaultdict(list)
        for row in csv.DictReader((source / split / "list.csv").open()):
            kinds[f"{row['width']}x{row['height']} {row['colour']}"].append(row)
        if set(kinds) != set(counts):
            sys.exit(f"{split}: the data set has {sorted(kinds)}, the script names {sorted(counts)}")
        for folder in ("images", "labels"):
            (target / split / folder).mkdir(parents=True, exist_ok=True)
        for kind, count in counts.items():
            for row in spread(kinds[kind], count):
                name = row["id"] + ".png"
                repack(source / split / "images" / name, target / split / "images" / name)
                (target / split / "labels" / name).write_bytes(
                    (source / split / "labels" / name).read_bytes())


if __name__ == "__main__":
    main()
