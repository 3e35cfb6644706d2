"""What the scripts that make tests/image/files share: the pictures and what is expected of them."""

import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent / "files"
HEIGHT, WIDTH = 17, 23
expected = {}


def fnv(values):
    """FNV-1a, 64 bit, of the bytes of float32 or uint32 values."""
    state = 0xCBF29CE484222325
    for byte in values.tobytes():
        state = ((state ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{state:016x}"


def formula(channels=1, depth=1, modulus=251):
    """C, D, H, W: (7 y + 13 x + 31 z + 57 c) mod modulus."""
    c, z, y, x = np.indices((channels, depth, HEIGHT, WIDTH))
    return (7 * y + 13 * x + 31 * z + 57 * c) % modulus


def expect(name, image=None, labels=None, kind="u8", rgb=False, spacing=(0, 0, 0), unit="", **more):
    """`image`: C, D, H, W as read_image gives it; `labels`: D, H, W; a string is a part of the error."""
    entry = {"type": kind, "rgb": rgb, "spacing": list(spacing), "unit": unit, **more}
    if isinstance(image, str):
        entry["image_error"] = image
    else:
        image = np.ascontiguousarray(image, dtype="<f4")
        entry["shape"], entry["image"] = list(image.shape), fnv(image)
    if isinstance(labels, str):
        entry["labels_error"] = labels
    elif labels is not None:
        entry["labels"] = fnv(np.ascontiguousarray(labels, dtype="<u4"))
    expected[name] = entry
