#!/usr/bin/env python3
"""Whether a model finds objects whatever their size: images of a data set enlarged and shrunk, without any flag.

    bench/sizes.py build/release/bin/unet MODEL DATA [DATA ...] [--zooms 0.25 0.5 1 2 4] [--most 4000000]
        [--diameters auto off]

DATA has images/ and labels/ of equal names. For each zoom, copies are made (bicubic with a filter where they get
smaller; labels nearest) of all images that stay below --most pixels, and `unet evaluate MODEL COPIES` is run with each
--diameter; F1@0.5, F1@0.7 and AP over all images, and how many images there are. Needs numpy and Pillow.
"""
import argparse
import json
import pathlib
import subprocess
import tempfile

import numpy as np
from PIL import Image


def make(sources, out, zoom, most):
    count = 0
    for source in sources:
        labels = {path.stem: path for path in (source / "labels").iterdir()}
        for path in sorted((source / "images").iterdir()):
            image = Image.open(path)
            image = image.convert("RGB" if image.mode in ("RGBA", "RGB", "P") else "L")
            size = tuple(max(1, round(edge * zoom)) for edge in image.size)
            if size[0] * size[1] > most:
                continue
            truth = np.array(Image.open(labels[path.stem]))
            (out / "images").mkdir(parents=True, exist_ok=True)
            (out / "labels").mkdir(parents=True, exist_ok=True)
            rows, columns = (np.minimum(((np.arange(size[axis]) + 0.5) / zoom).astype(int), truth.shape[1 - axis] - 1)
                             for axis in (1, 0))
            (image if zoom == 1 else image.resize(size, Image.BICUBIC)).save(out / "images" / f"{path.stem}.png")
            Image.fromarray(truth[rows][:, columns].astype(np.uint16)).save(out / "labels" / f"{path.stem}.png")
            count += 1
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("model")
    parser.add_argument("data", nargs="+", type=pathlib.Path)
    parser.add_argument("--zooms", nargs="+", type=float, default=[0.25, 0.5, 1, 2, 4])
    parser.add_argument("--most", type=int, default=4000000)
    parser.add_argument("--diameters", nargs="+", default=["auto", "off"])
    given = parser.parse_args()
    print(f"{'zoom':>5} {'diameter':>9} {'images':>6}   F1@0.5  F1@0.7      AP")
    with tempfile.TemporaryDirectory() as folder:
        for zoom in given.zooms:
            copies = pathlib.Path(folder) / f"{zoom:g}"
            count = make(given.data, copies, zoom, given.most)
            for diameter in given.diameters:
                words = [given.program, "evaluate", given.model, copies, "--diameter", diameter, "--labels", "instances",
                         "--json"]
                done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
                if done.returncode:
                    print(f"{zoom:5g} {diameter:>9} {count:6}   {done.stderr.strip().splitlines()[-1]}", flush=True)
                    continue
                figures = json.loads(done.stdout)
                f1 = {round(each["iou"], 2): each["f1"] for each in figures["by_threshold"]}
                print(f"{zoom:5g} {diameter:>9} {count:6}   {f1[0.5]:.3f}   {f1[0.7]:.3f}   {figures['ap']:.3f}", flush=True)


if __name__ == "__main__":
    main()
