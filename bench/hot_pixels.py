#!/usr/bin/env python3
"""What one hot pixel an image does to training and prediction, and what a limit of normalised values does about it.

    bench/hot_pixels.py build/release/bin/unet TRAIN VAL [--kinds clean 65535 1e6 3e38] [--clips none 2]
        [--seeds 1 2] [--images 0] [--train="--steps 300 --patch 64 --base-channels 8 --levels 3"]
        [--evaluate=] [--crop 0] [--keep DIR]
    bench/hot_pixels.py --values IMAGES...

TRAIN and VAL are folders with images/ and labels/ of equal names, or two stacks IMAGES,LABELS with a range of slices
(train-volume.tif,train-labels.tif,0-17); PNG and TIFF without or with deflate. Of each kind a copy is made in which every
image is grey and has one pixel of that value at a place drawn by chance (65535 as 16 bits, the others as floats), trained
with each limit and seed, and evaluated on VAL of the same kind and on the clean one. What is printed is the figure named
by --figure (f1, v_rand, ...) of `unet evaluate --json`. --values prints how far images reach once normalised.
Needs numpy. The trainings take two threads; nothing is timed.
"""
import argparse
import functools
import itertools
import json
import pathlib
import shlex
import struct
import subprocess
import tempfile
import zlib

import numpy as np


def read_png(path):
    """Samples as stored, (height, width, channels)."""
    data, at, parts = path.read_bytes(), 8, []
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        part = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, bits, colour = struct.unpack(">IIBB", part[:10])
        elif kind == b"IDAT":
            parts.append(part)
        at += length + 12
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    step = channels * bits // 8
    rows = np.frombuffer(zlib.decompress(b"".join(parts)), np.uint8).reshape(height, 1 + width * step)
    above, result = np.zeros(width * step, np.uint8), []
    for kind, row in zip(rows[:, 0], rows[:, 1:]):
        row = row.copy()
        if kind == 1:
            row = np.cumsum(row.reshape(-1, step), 0, dtype=np.uint8).ravel()
        elif kind == 2:
            row = row + above
        elif kind > 2:
            line, up = row.tolist(), above.tolist()
            for i in range(len(line)):
                a, b, c = (line[i - step], up[i], up[i - step]) if i >= step else (0, up[i], 0)
                if kind == 4:
                    p = a + b - c
                    a = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
                else:
                    a = (a + b) // 2
                line[i] = (line[i] + a) & 255
            row = np.array(line, np.uint8)
        above = row
        result.append(row)
    samples = np.stack(result)
    return samples.view(">u2").astype(np.uint16).reshape(height, width, channels) if bits == 16 else samples.reshape(
        height, width, channels)


def read_tiff(path):
    """All pages of a grey TIFF of whole numbers, without compression or deflated."""
    data = path.read_bytes()
    order = "<" if data[:2] == b"II" else ">"
    pages, at = [], struct.unpack(order + "I", data[4:8])[0]
    while at:
        tags, count = {}, struct.unpack(order + "H", data[at : at + 2])[0]
        for i in range(count):
            tag, kind, many, _ = struct.unpack(order + "HHII", data[at + 2 + 12 * i : at + 14 + 12 * i])
            form, place = {3: "H", 4: "I"}.get(kind), at + 10 + 12 * i
            if not form:
                continue
            if many * struct.calcsize(form) > 4:
                place = struct.unpack(order + "I", data[place : place + 4])[0]
            tags[tag] = struct.unpack(f"{order}{many}{form}", data[place : place + many * struct.calcsize(form)])
        strips = [data[a : a + n] for a, n in zip(tags[273], tags[279])]
        if tags[259][0] != 1:
            strips = [zlib.decompress(strip) for strip in strips]
        kind = np.dtype(f"{order}u{tags[258][0] // 8}")
        page = np.frombuffer(b"".join(strips), kind).reshape(tags[257][0], tags[256][0])
        if tags.get(317, (1,))[0] == 2:
            page = np.cumsum(page, 1, dtype=kind.newbyteorder("="))
        pages.append(page.astype(kind.newbyteorder("=")))
        at = struct.unpack(order + "I", data[at + 2 + 12 * count : at + 6 + 12 * count])[0]
    return np.stack(pages)


def read(path):
    samples = read_png(path) if path.suffix == ".png" else read_tiff(path)[0][..., None]
    return samples[..., :3] if samples.shape[-1] > 2 else samples[..., :1]


def write_tiff(path, page):
    """A grey page of 8 or 16 bits or floats, without compression."""
    floats = page.dtype == np.float32
    tags = [(256, 4, page.shape[1]), (257, 4, page.shape[0]), (258, 3, 8 * page.itemsize), (259, 3, 1), (262, 3, 1),
            (273, 4, 8), (277, 3, 1), (278, 4, page.shape[0]), (279, 4, page.nbytes), (339, 3, 3 if floats else 1)]
    body = page.tobytes() + b"\0" * (page.nbytes % 2)
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    path.write_bytes(b"II*\0" + struct.pack("<I", 8 + len(body)) + body + struct.pack("<H", len(tags)) + entries + b"\0\0\0\0")


@functools.cache
def pairs(source, most, crop):
    """A list of (name, grey image, labels) of a folder or of slices of two stacks."""
    if "," in source:
        images, labels, slices = source.split(",")
        first, last = map(int, slices.split("-"))
        volumes = read_tiff(pathlib.Path(images)), read_tiff(pathlib.Path(labels))
        found = [(f"slice{z:02}", volumes[0][z][..., None], volumes[1][z]) for z in range(first, last + 1)]
    else:
        folder = pathlib.Path(source)
        labels = {path.stem: path for path in (folder / "labels").iterdir()}
        found = ((path.stem, read(path), read(labels[path.stem])[..., 0]) for path in sorted((folder / "images").iterdir()))
    end = crop or None
    return [(name, image.astype(np.float64).mean(-1)[:end, :end], label[:end, :end])
            for name, image, label in itertools.islice(found, most or None)]


def make(source, out, kind, most, crop):
    draw = np.random.default_rng(1)
    for part in ("images", "labels"):
        (out / part).mkdir(parents=True, exist_ok=True)
    for name, grey, label in pairs(source, most, crop):
        image = grey.round().astype(np.uint16 if kind in ("clean", "65535") else np.float32)
        place = tuple(draw.integers(0, image.shape))
        if kind != "clean":
            image[place] = float(kind)
        write_tiff(out / "images" / f"{name}.tif", image)
        write_tiff(out / "labels" / f"{name}.tif", label.astype(np.uint16))


def unet(program, *words):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True)
    if done.returncode:
        return {"error": (done.stderr or "no message").strip().splitlines()[-1]}
    return json.loads(done.stdout)


def find(tree, figure):
    """The first number called `figure` at any depth."""
    if isinstance(tree, dict):
        if isinstance(tree.get(figure), (int, float)):
            return tree[figure]
        tree = list(tree.values())
    for part in tree if isinstance(tree, list) else []:
        if (value := find(part, figure)) is not None:
            return value
    return None


def values(folders):
    print(f"{'images':40} {'count':>5} {'least':>7}  largest: median, 90 %, 99 %, most; images above 2, 3, 5, 9")
    for folder in folders:
        ends = []
        for path in sorted(pathlib.Path(folder).iterdir()):
            image = read(path) if path.suffix == ".png" else read_tiff(path)[..., None]
            grey = image.astype(np.float64)
            if grey.shape[-1] == 3:
                if np.ptp(grey, axis=-1).any():
                    continue  # colours are scaled by the range of their type
                grey = grey[..., 0]
            low, high = np.percentile(grey, [1, 99.8])
            if high > low:
                ends.append(((grey.min() - low) / (high - low), (grey.max() - low) / (high - low)))
        least, most = np.array(ends).T
        print(f"{folder[-40:]:40} {len(ends):5} {least.min():7.2f}  {np.quantile(most, [0.5, 0.9, 0.99, 1]).round(2)}",
              *((most > limit).sum() for limit in (2, 3, 5, 9)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--values", nargs="+", metavar="IMAGES")
    parser.add_argument("program", nargs="?")
    parser.add_argument("train_set", nargs="?")
    parser.add_argument("val_set", nargs="?")
    parser.add_argument("--kinds", nargs="+", default=["clean", "65535", "1e6", "3e38"])
    parser.add_argument("--clips", nargs="+", default=["none", "2"])
    parser.add_argument("--seeds", nargs="+", default=["1"])
    parser.add_argument("--images", type=int, default=0, help="so many of TRAIN; 0: all")
    parser.add_argument("--crop", type=int, default=0, help="the upper left corner of each; 0: all")
    parser.add_argument("--labels", default="instances")
    parser.add_argument("--train", default="--steps 300 --patch 64 --base-channels 8 --levels 3")
    parser.add_argument("--evaluate", default="")
    parser.add_argument("--figure", default="f1")
    parser.add_argument("--keep", help="a new folder for sets and runs, which stay")
    given = parser.parse_args()
    if given.values:
        return values(given.values)
    with tempfile.TemporaryDirectory() as temporary:
        here = pathlib.Path(given.keep or temporary)
        for kind in dict.fromkeys(["clean", *given.kinds]):
            make(given.train_set, here / kind / "train", kind, given.images, given.crop)
            make(given.val_set, here / kind / "val", kind, 0, given.crop)
        print(f"{'kind':8} {'clip':>6} {'seed':>4}  {given.figure} on the same kind, on clean; threads 2, --train {given.train}", flush=True)
        for clip in given.clips:
            for kind in given.kinds:
                for seed in given.seeds:
                    run = here / f"run_{kind}_{clip}_{seed}"
                    words = ["train", here / kind / "train", "--labels", given.labels, "--out", run, "--seed", seed, "--threads",
                             2, "--json", *shlex.split(given.train), *([] if clip == "usual" else ["--clip", clip])]
                    trained = unet(given.program, *words)
                    told = [trained["error"]] if "error" in trained else []
                    for other in [] if told else dict.fromkeys([kind, "clean"]):
                        found = unet(given.program, "evaluate", run, here / other / "val", "--json", *shlex.split(given.evaluate))
                        value = find(found, given.figure)
                        told.append(found.get("error", "no such figure") if value is None else f"{value:.4f}")
                    print(f"{kind:8} {clip:>6} {seed:>4}  {'  '.join(told)}", flush=True)
    return None


if __name__ == "__main__":
    main()
