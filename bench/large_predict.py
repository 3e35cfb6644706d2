#!/usr/bin/env python3
"""What predicting a picture larger than memory takes beside the pure network of its tiles.

    bench/large_predict.py build/release/bin/unet MODEL PICTURE OUT [--what probabilities]
        [--format ome-zarr] [--bits 8] [--max-ram 512MB]

bench/large_picture.py makes a picture. Predicts into OUT, a new folder. Prints planned and highest
resident memory (from the system, of the whole process), the seconds of the process, and how many
times those that its network took (`network_seconds` of `unet predict --json`) they are; beside it
the same network alone, on windows of the planned size before and after (`unet bench network`): the
speed of a machine that others share changes from minute to minute, of which that quotient has all.
"""
import argparse
import json
import os
import subprocess
import sys
import time


def run(*command):
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def network_seconds(program, model, edge):
    """Median seconds of one window, alone."""
    told = run(program, "bench", "network", "--model", model, "--size", edge, "--repeat", 9, "--json")
    return json.loads(told)["median_s"]


def predict(command):
    """Seconds and the highest resident bytes of a process, and what it prints."""
    start = time.perf_counter()
    process = subprocess.Popen([str(each) for each in command], stdout=subprocess.PIPE, text=True)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"predict: status {status}")
    return time.perf_counter() - start, usage.ru_maxrss * 1024, json.loads(printed)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("program", "model", "picture", "out"):
        parser.add_argument(name)
    parser.add_argument("--what", default="probabilities")
    parser.add_argument("--format", default="ome-zarr")
    parser.add_argument("--bits", default="8")
    parser.add_argument("--max-ram", default="512MB")
    given = parser.parse_args()
    flags = ["--what", given.what, "--format", given.format, "--bits", given.bits, "--max-ram", given.max_ram]
    planned = json.loads(run(given.program, "plan", given.model, given.picture, *flags, "--json"))["images"][0]
    kind = planned["kinds"][0]
    edge = max(kind["window"])
    before = network_seconds(given.program, given.model, edge)
    seconds, peak, told = predict([given.program, "predict", given.model, given.picture, "--out", given.out, "--json",
                                   *flags])
    after = network_seconds(given.program, given.model, edge)
    alone = kind["tiles"] * (before + after) / 2
    print(f"memory   planned {planned['memory_bytes'] / 1e6:.1f} MB, highest {peak / 1e6:.1f} MB\n"
          f"seconds  planned {planned['seconds']:.1f}, taken {seconds:.1f}, of which the network "
          f"{told['network_seconds']:.1f}: quotient {seconds / told['network_seconds']:.3f}\n"
          f"alone    {kind['tiles']} windows of {kind['window']}, {before:.4f} s each before, {after:.4f} s after: "
          f"quotient {seconds / alone:.3f}")


if __name__ == "__main__":
    main()
