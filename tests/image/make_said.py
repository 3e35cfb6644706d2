"""Writes tests/image/said: files that say how their pixels lie, and in which unit they are measured.

    python3 tests/image/make_said.py

The files come from Pillow and tifffile (with imagecodecs). Each `oN` shows, turned upright, what
`upright` has: Pillow's ImageOps.exif_transpose and (TIFF, whose tag tifffile leaves alone) the same turn
by numpy agree here. The right pixel sizes stand in pixel_size_test.cpp.
"""

import io
import pathlib
import struct
import zlib

import numpy as np
import tifffile
from PIL import Image, ImageOps

HERE = pathlib.Path(__file__).parent / "said"
# What a viewer shows is stored so, by numpy: the inverse of what EXIF asks for.
STORED = {1: lambda a: a, 2: lambda a: a[:, ::-1], 3: lambda a: a[::-1, ::-1], 4: lambda a: a[::-1],
          5: lambda a: a.T, 6: lambda a: np.rot90(a), 7: lambda a: a[::-1, ::-1].T, 8: lambda a: np.rot90(a, -1)}


def exif(n, order="<", kind=3):
    head = struct.pack(order + "2sHI", b"II" if order == "<" else b"MM", 42, 8)
    value = struct.pack(order + ("HH" if kind == 3 else "I"), *((n, 0) if kind == 3 else (n,)))
    return head + struct.pack(order + "HHHI", 1, 274, kind, 1) + value + struct.pack(order + "I", 0)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(array, block, late=False):
    rows = b"".join(b"\0" + row.tobytes() for row in array)
    parts = [chunk(b"IDAT", zlib.compress(rows, 9)), chunk(b"eXIf", block)]
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", array.shape[1], array.shape[0], 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(parts if late else parts[::-1]) + chunk(b"IEND", b"")


def turned():
    upright = np.array([[1, 2, 3], [4, 5, 6]], "u1")
    blocks = np.kron(np.array([[10, 60, 110], [160, 210, 250]]), np.ones((8, 8))).astype("u1")
    large = (np.add.outer(256 * np.arange(150), np.arange(70))).astype("u2")
    for n, stored in STORED.items():
        order, kind = ("<", 3) if n % 2 else (">", 4 if n == 4 else 3)
        (HERE / f"o{n}.png").write_bytes(png(np.ascontiguousarray(stored(upright)), exif(n, order, kind)))
        Image.fromarray(np.ascontiguousarray(stored(blocks))).save(HERE / f"o{n}.jpg", quality=100, exif=b"Exif\0\0" + exif(n, order))
        tags = [(274, "H", 1, n, True)]
        tifffile.imwrite(HERE / f"o{n}.tif", stored(upright), metadata=None, extratags=tags, software=False)
        for name in ("png", "jpg"):
            with Image.open(HERE / f"o{n}.{name}") as image:
                shown = np.asarray(ImageOps.exif_transpose(image))
                assert np.array_equal(shown, upright if name == "png" else blocks) or name == "jpg" and np.abs(shown.astype(int) - blocks).max() <= 1, (n, name)
        options = dict(metadata=None, compression="zlib", predictor=True, extratags=tags, software=False)
        tifffile.imwrite(HERE / f"strips_o{n}.tif", stored(large), rowsperstrip=16, **options) if n in (2, 6) else None
        tifffile.imwrite(HERE / f"tiles_o{n}.tif", stored(large), tile=(32, 32), **options) if n in (2, 4, 7) else None
    (HERE / "late.png").write_bytes(png(np.ascontiguousarray(STORED[3](upright)), exif(3), late=True))
    with tifffile.TiffWriter(HERE / "pages_differ.tif") as file:
        for n in (1, 3):
            file.write(upright, metadata=None, extratags=[(274, "H", 1, n, True)], software=False, contiguous=False)
    (HERE / "o0.png").write_bytes(png(upright, exif(0)))
    (HERE / "o9.png").write_bytes(png(upright, exif(9)))
    tifffile.imwrite(HERE / "spaced_o6.tif", STORED[6](upright), metadata=None, extratags=[(274, "H", 1, 6, True)],
                     resolution=((5000, 1), (20000, 1)), resolutionunit="CENTIMETER", software=False)


def units():
    pixel = np.zeros((2, 2), "u1")
    imagej = {"cm": ("cm", 20000), "micrometers": ("micrometers", 2), "latin1": ("\\u00B5m", 2), "inch": ("inch", 50800),
              "inch300": ("inch", 300), "cm118": ("cm", 118.11), "pixel": ("pixel", 2), "sec": ("sec", 2), "nm": ("nm", 0.002),
              "angstrom": ("\\u00C5", 0.0002), "none": ("", 2)}
    for name, (unit, per) in imagej.items():
        text = "ImageJ=1.53t\n" + (f"unit={unit}\n" if unit else "")
        tifffile.imwrite(HERE / f"unit_{name}.tif", pixel, description=text, metadata=None, resolution=(per, per),
                         resolutionunit="NONE", software=False)
    tifffile.imwrite(HERE / "unit_of_each.tif", np.zeros((3, 2, 2), "u1"), metadata=None, photometric="minisblack", resolution=(2, 0.002), resolutionunit="NONE", software=False,
                     description="ImageJ=1.53t\nimages=3\nslices=3\nunit=micron\nyunit=nm\nzunit=mm\nspacing=0.002\n")


if __name__ == "__main__":
    turned()
    units()
