#!/usr/bin/env python3
"""Times two builds in turn: the paper's network, a training step, a camera's frame; of a large image (bench/
large_picture.py makes one and its labels) its decoding, its prediction as a whole process, and objects of its labels.

    cmake --preset release -DUNET_OPENMP=ON -B build/openmp && cmake --build build/openmp
    GOMP_SPINCOUNT=1000 bench/compare_builds.py build/openmp build/release [--image BIG.tif --labels BIG_LABELS.tif]

Of each turn the quotient second / first is taken, so that what the machine does else falls on both; the order within a
turn changes. Says the median of the quotients and between what half of them lie; above 1 the second build is slower.
The same of the highest resident memory of the two processes. --labels needs tifffile (PyPI).
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

NETWORK = ("bin/unet", "bench", "network", "--threads", "{threads}", "--json", "--repeat")
MODEL = pathlib.Path(__file__).resolve().parents[1] / "models/nuclei.safetensors"
# name: (the command, the place of its seconds in what it prints; none: those of the process)
SUBJECTS = {
    "forward, paper's network, 572 x 572": (
        (*NETWORK, "3", "--preset", "ronneberger2015", "--size", "572"), ("median_s",)),
    "training step, default, 4 x 192 x 192": (
        (*NETWORK, "10", "--preset", "default", "--size", "192", "--batch", "4", "--pass", "train"), ("median_s",)),
    "frame, default, 512 x 512": (
        ("bench/frame_bench", "--json", "--size", "512", "--frames", "30", "--threads", "{threads}"), ("median_ms",)),
}
OF_IMAGE = {
    "decoding": (("bench/decode_bench", "{image}", "--threads", "{threads}", "--rounds", "3"), ("seconds",)),
    "predict, objects as OME-Zarr, --max-ram 512MB": (
        ("bin/unet", "predict", str(MODEL), "{image}", "--out", "{out}", "--format", "ome-zarr", "--max-ram", "512MB",
         "--threads", "{threads}"), None),
}
OF_LABELS = {name: (("bench/objects_bench", "{map}", "1", "{edge}", "{edge}", "--repeat", "3"), (name,))
             for name in ("distance", "components", "watershed")}


def run(build, command, place):
    """Seconds and the highest resident bytes."""
    start = time.perf_counter()
    process = subprocess.Popen([build / command[0], *command[1:]], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        raise SystemExit(f"{build / command[0]} {' '.join(command[1:])}: failed")
    if place:
        found = json.loads(printed)[place[0]]
        seconds = statistics.median(found) if isinstance(found, list) else found
    return seconds / (1000 if place == ("median_ms",) else 1), usage.ru_maxrss * 1024


FOREGROUND = """import sys, tifffile
values = tifffile.imread(sys.argv[1])
edge = min(*values.shape, 4096)
open(sys.argv[2], "wb").write((values[:edge, :edge] != 0).tobytes())
print(edge)"""


def foreground(labels, path):
    """Writes the foreground of a label map, a byte a pixel, and returns its edge. In a process of its own: what this
    one holds would count as its children's highest memory."""
    return subprocess.run([sys.executable, "-c", FOREGROUND, labels, path], capture_output=True, text=True,
                          check=True).stdout.strip()


def quotients(runs, which):
    """Median and quartiles of second / first, and the two medians."""
    pairs = [[each[which] for each in turn] for turn in runs]
    low, middle, high = statistics.quantiles([second / first for first, second in pairs], n=4)
    return f"{middle:.3f} ({low:.3f} .. {high:.3f})", [statistics.median(each) for each in zip(*pairs)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("builds", nargs=2, type=pathlib.Path, metavar="BUILD", help="folder of a build")
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--image", type=pathlib.Path, help="a large image")
    parser.add_argument("--labels", type=pathlib.Path, help="its labels")
    arguments = parser.parse_args()
    subjects = SUBJECTS | (OF_IMAGE if arguments.image else {}) | (OF_LABELS if arguments.labels else {})
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        words = {"threads": arguments.threads, "image": arguments.image, "map": folder / "map"}
        if arguments.labels:
            words["edge"] = foreground(arguments.labels, folder / "map")
        for name, (command, place) in subjects.items():
            if not all((build / command[0]).exists() for build in arguments.builds):
                print(f"{name}: {command[0]} is not built in both")
                continue
            runs = []
            for turn in range(arguments.turns):
                pair = [None, None]
                for which in (0, 1) if turn % 2 == 0 else (1, 0):
                    words["out"] = folder / f"{len(runs)}.{which}"
                    pair[which] = run(arguments.builds[which], [word.format(**words) for word in command], place)
                runs.append(pair)
            times, (first, second) = quotients(runs, 0)
            memory, (before, after) = quotients(runs, 1)
            print(f"{name}: {times}, {first:.4f} s and {second:.4f} s; memory {memory}, {before / 1e6:.0f} MB and "
                  f"{after / 1e6:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
