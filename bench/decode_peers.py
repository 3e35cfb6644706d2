#!/usr/bin/env python3
"""Times decoding of a tiled TIFF beside tifffile with imagecodecs (PyPI), in turn.

    bench/decode_peers.py build/release/bench/decode_bench FILE.tif [--rounds N] [--threads N]

bench/large_picture.py makes a file. tifffile is timed as it comes and with as many workers as ours
has threads, into memory that it gets from numpy; ours decodes band by band, as predictions do. Prints the medians over the rounds of
seconds, and of the quotients by ours.
"""
import argparse
import json
import os
import statistics
import subprocess
import time

import tifffile


def ours(program, file, threads):
    """The second decoding of a program: tifffile's process has its threads and its memory from rounds before, too."""
    done = subprocess.run([program, file, "--threads", str(threads), "--rounds", "2"],
                          check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    return told["seconds"][-1], told["sum"], told["band"]


def theirs(file, workers, band):
    start = time.perf_counter()
    pixels = tifffile.imread(file, key=0, maxworkers=workers)
    return time.perf_counter() - start, int(pixels[::band].sum(dtype="uint64")), band


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("file")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    given = parser.parse_args()
    band = ours(given.program, given.file, given.threads)[2]
    runs = {"unet": lambda: ours(given.program, given.file, given.threads),
            "tifffile": lambda: theirs(given.file, None, band),
            f"tifffile, {given.threads} workers": lambda: theirs(given.file, given.threads, band)}
    seconds = {name: [] for name in runs}
    for _ in range(given.rounds):
        sums = set()
        for name, run in runs.items():
            took, total, _ = run()
            seconds[name].append(took)
            sums.add(total)
        assert len(sums) == 1, "pixels differ"
    for name, times in seconds.items():
        ratio = statistics.median(b / a for a, b in zip(seconds["unet"], times))
        print(f"{name:24} {statistics.median(times):.3f} s   {ratio:.2f}")


if __name__ == "__main__":
    main()
