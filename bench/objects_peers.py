#!/usr/bin/env python3
"""Times our objects beside SciPy, scikit-image and, from PyPI, edt and connected-components-3d.

    bench/objects_peers.py build/release/bench/objects_bench LABELS [--rounds N]

LABELS is a folder of label pictures (dsb2018). Two maps: their foreground, tiled and mirrored to
4,096 x 4,096, and blobs in 256 x 256 x 256. Everything runs on one core, in turn, N rounds; results
are compared first. Prints the median over the rounds of seconds, and of the quotients by ours.

The watershed of the volume is that of its slices, as ours is. Ours includes the distance, its
smoothing and the joining of shallow basins; the peer's time is that of its flood alone.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import cc3d
import edt
import numpy as np
import scipy.ndimage as ndimage
import skimage.io
import skimage.segmentation

from large_picture import bricks

EDGE = 4096


def nuclei(folder):
    return bricks([skimage.io.imread(path) != 0 for path in sorted(pathlib.Path(folder).iterdir())], EDGE)


def blobs():
    """The brighter 30 % of smoothed noise."""
    noise = ndimage.gaussian_filter(np.random.default_rng(1).random((256, 256, 256), np.float32), 4)
    return (noise > np.quantile(noise, 0.7)).astype(np.uint8)


def slices_of(array):
    return array if array.ndim == 3 else array[None]


def flood(heights, mask):
    return [skimage.segmentation.watershed(-h, mask=m) for h, m in zip(heights, mask)]


def timed(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def ours(program, path, shape, out=None):
    command = [program, path, *map(str, shape), *(["--out", out] if out else ["--repeat", "2"])]
    return {key: times[-1] for key, times in json.loads(subprocess.check_output(command)).items()}


def compare(program, path, folder, array):
    shape = slices_of(array).shape
    ours(program, path, shape, folder)
    read = {name: np.fromfile(pathlib.Path(folder) / name, np.int32).reshape(array.shape)
            for name in ("distance", "components", "watershed")}
    exact = np.rint(ndimage.distance_transform_edt(array) ** 2)
    assert np.array_equal(read["distance"], exact), "distance"
    assert np.array_equal(read["components"], ndimage.label(array)[0]), "components"
    assert np.array_equal(read["watershed"] != 0, array != 0), "watershed"


def run(program, name, array, rounds):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "map"
        array.tofile(path)
        compare(program, path, folder, array)
        mask = slices_of(array != 0)
        heights = [ndimage.gaussian_filter(ndimage.distance_transform_edt(m), 1) for m in mask]
        connectivity = 6 if array.ndim == 3 else 4
        peers = {
            "distance": {"scipy": lambda: ndimage.distance_transform_edt(array),
                         "edt": lambda: edt.edtsq(array, parallel=1)},
            "components": {"scipy": lambda: ndimage.label(array),
                           "cc3d": lambda: cc3d.connected_components(array, connectivity=connectivity)},
            "watershed": {"scikit-image": lambda: flood(heights, mask)},
        }
        seconds = {}
        for _ in range(rounds):
            for step, own in ours(program, path, slices_of(array).shape).items():
                seconds.setdefault((step, "ours"), []).append(own)
                for peer, function in peers[step].items():
                    seconds.setdefault((step, peer), []).append(timed(function))
        for (step, who), times in seconds.items():
            ratio = statistics.median(t / o for t, o in zip(times, seconds[step, "ours"]))
            print(f"{name:8} {step:10} {who:12} {statistics.median(times):8.3f} s {ratio:7.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("labels")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    run(arguments.program, "4096^2", nuclei(arguments.labels), arguments.rounds)
    run(arguments.program, "256^3", blobs(), arguments.rounds)


if __name__ == "__main__":
    main()
