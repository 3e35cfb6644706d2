#!/usr/bin/env python3
"""Times two builds in turn: the paper's network, a training step and a camera's frame.

    cmake --preset release -DUNET_OPENMP=ON -B build/openmp && cmake --build build/openmp
    GOMP_SPINCOUNT=1000 bench/compare_builds.py build/openmp build/release

Of each turn the quotient second / first is taken, so that what the machine does else falls on both; the order within a
turn changes. Says the median of the quotients and between what half of them lie; above 1 the second build is slower.
"""
import argparse
import json
import pathlib
import statistics
import subprocess

NETWORK = ("bin/unet", "bench", "network", "--json", "--repeat")
SUBJECTS = {
    "forward, paper's network, 572 x 572": (*NETWORK, "3", "--preset", "ronneberger2015", "--size", "572"),
    "training step, default, 4 x 192 x 192": (*NETWORK, "10", "--preset", "default", "--size", "192", "--batch", "4",
                                              "--pass", "train"),
    "frame, default, 512 x 512": ("bench/frame_bench", "--json", "--size", "512", "--frames", "30"),
}


def seconds(build, command):
    run = subprocess.run([build / command[0], *command[1:]], capture_output=True, text=True, check=True)
    found = json.loads(run.stdout)
    return found["median_s"] if "median_s" in found else found["median_ms"] / 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("builds", nargs=2, type=pathlib.Path, metavar="BUILD", help="folder of a build")
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    for name, command in SUBJECTS.items():
        if not all((build / command[0]).exists() for build in arguments.builds):
            print(f"{name}: {command[0]} is not built in both")
            continue
        command = (*command, "--threads", str(arguments.threads))
        times = ([], [])
        for turn in range(arguments.turns):
            for which in (0, 1) if turn % 2 == 0 else (1, 0):
                times[which].append(seconds(arguments.builds[which], command))
        quotients = [second / first for first, second in zip(*times)]
        low, middle, high = statistics.quantiles(quotients, n=4)
        first, second = map(statistics.median, times)
        print(f"{name}: {middle:.3f} ({low:.3f} .. {high:.3f}), {first:.4f} s and {second:.4f} s", flush=True)


if __name__ == "__main__":
    main()
