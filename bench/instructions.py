#!/usr/bin/env python3
"""Counts the instructions of three kernels under callgrind and compares with docs/performance.md.

    bench/instructions.py build/release/bench/unet_bench

Counts do not feel what else the machine does, so they show a change of a percent that no clock
shows. They belong to one compiler (Debian 12's) and to the AVX2 kernels (valgrind knows no AVX-512).
Exit status 1 where a count differs from the noted one by more than half a percent.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

NOTES = pathlib.Path(__file__).parent.parent / "docs/performance.md"
ALLOWED = 0.005


def count(program, convolution, kernel):
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--collect-atstart=no", "--toggle-collect=unet::bench::Workload::run(*",
             f"--callgrind-out-file={folder}/out", program, "--once", "--threads", "1", "--kernels", "avx2",
             "--convolution", convolution, "--filter", kernel],
            capture_output=True, text=True)
    found = re.search(r"Collected *: *(\d+)", run.stderr)
    if run.returncode or not found or found[1] == "0":
        sys.exit(f"instructions: {convolution} {kernel}: no count\n{run.stderr}")
    return int(found[1])


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    noted = re.findall(r"^\| `(\S+)` (\w+) \| ([\d ]+) \|$", NOTES.read_text(), re.MULTILINE)
    if not noted:
        sys.exit(f"instructions: {NOTES} holds no line like | `64:64:40x40` forward | 1 000 000 |")
    bad = 0
    for convolution, kernel, text in noted:
        before, now = int(text.replace(" ", "")), count(sys.argv[1], convolution, kernel)
        change = now / before - 1
        bad += abs(change) > ALLOWED
        print(f"{convolution} {kernel:17} noted {before:13,}   now {now:13,}   {change:+.2%}".replace(",", " "))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
