#!/usr/bin/env python3
"""Makes a large picture of real ones: mirrored, tiled, as a tiled BigTIFF (tifffile from PyPI).

    bench/large_picture.py IMAGES OUT.tif [--edge 40000] [--tile 512] [--compression zlib]
        [--labels LABELS LABELS_OUT.tif]

IMAGES is a folder of grey or RGB pictures (dsb2018/val/images); all become grey, dark where nothing
is, and are laid in rows like bricks, each second one mirrored. LABELS is a folder of their label
maps (dsb2018/val/labels), which become one of as many pixels in which every object has its own id.
"""
import argparse
import pathlib

import numpy as np
import skimage.io
import tifffile

BLOCK = 4096  # the pattern repeats, mirrored, after so many pixels


def grey(path):
    picture = skimage.io.imread(path)
    if picture.ndim == 3:
        picture = picture[..., :3].mean(-1)
    picture = picture.astype(np.uint8)
    return 255 - picture if picture.mean() > 127 else picture


def bricks(pictures, edge, numbered=False):
    """Rows of pictures, each second one mirrored, cut at the edge; of label maps (numbered) with ids that go on."""
    result, y, number, ids = np.zeros((edge, edge), np.uint32 if numbered else np.uint8), 0, 0, 0
    while y < edge:
        x, height = 0, pictures[number % len(pictures)].shape[0]
        while x < edge:
            picture = pictures[number % len(pictures)][:height, :: -1 if number % 2 else 1]
            part = picture[: edge - y, : edge - x]
            if numbered:
                part = part + ids * (part > 0)
                ids += int(picture.max())
            result[y : y + part.shape[0], x : x + part.shape[1]] = part
            number += 1
            x += picture.shape[1]
        y += height
    return result


def tiles(pattern, edge, tile):
    """Those of the picture in raster order; every second repetition of the pattern is mirrored."""
    place = np.abs((np.arange(edge) + BLOCK) % (2 * BLOCK) - BLOCK)
    place = np.minimum(place, BLOCK - 1)
    block = np.arange(edge) // BLOCK  # which repetition: ids of labels go on from one to the next
    across, ids = -(-edge // BLOCK), int(pattern.max()) if pattern.dtype == np.uint32 else 0
    for y in range(0, edge, tile):
        rows = place[y : y + tile]
        for x in range(0, edge, tile):
            piece = np.zeros((tile, tile), pattern.dtype)
            part = pattern[np.ix_(rows, place[x : x + tile])]
            if ids:
                repetition = block[y : y + tile, None] * across + block[None, x : x + tile]
                part = part + (repetition * ids * (part > 0)).astype(pattern.dtype)
            piece[: part.shape[0], : part.shape[1]] = part
            yield piece


def write(path, pattern, given):
    tifffile.imwrite(
        path, tiles(pattern, given.edge, given.tile), shape=(given.edge, given.edge), dtype=pattern.dtype,
        tile=(given.tile, given.tile), bigtiff=True, photometric="minisblack",
        compression=None if given.compression == "none" else given.compression)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images")
    parser.add_argument("out")
    parser.add_argument("--edge", type=int, default=40000)
    parser.add_argument("--tile", type=int, default=512)
    parser.add_argument("--compression", default="zlib", help="of tifffile; 'none' for none")
    parser.add_argument("--labels", nargs=2, metavar=("LABELS", "LABELS_OUT.tif"))
    given = parser.parse_args()
    write(given.out, bricks([grey(path) for path in sorted(pathlib.Path(given.images).iterdir())], BLOCK), given)
    if given.labels:
        maps = [skimage.io.imread(path).astype(np.uint32) for path in sorted(pathlib.Path(given.labels[0]).iterdir())]
        write(given.labels[1], bricks(maps, BLOCK, numbered=True), given)


if __name__ == "__main__":
    main()
