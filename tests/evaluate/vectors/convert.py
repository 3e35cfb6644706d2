#!/usr/bin/env python3
"""Turns label images with expected metrics into the text files beside this script.

    python3 tests/evaluate/vectors/convert.py FOLDER

FOLDER has one folder a case, with gt000.png .., res000.png .. (16-bit labels) and expected.json: SEG and
DET as computed by py-ctcmetrics, and matching statistics by stardist 0.9 (matching_dataset). Needs numpy and
scikit-image; the result is committed.

labels.txt:    "map NAME HEIGHT WIDTH", then the pixels as "VALUE LENGTH" runs, row by row, one row of the
               picture after the other; equal maps stand there once, under the name of the first.
expected.json: per case, SEG, DET and its counts, the pairs of maps, per map pair the SEG matches, and the statistics.
"""
import json
import pathlib
import sys

import numpy as np
from skimage.io import imread


def runs(values):
    flat = values.ravel()
    starts = np.flatnonzero(np.concatenate(([True], flat[1:] != flat[:-1])))
    lengths = np.diff(np.append(starts, flat.size))
    return " ".join(f"{flat[s]} {n}" for s, n in zip(starts, lengths))


def main():
    source, here = pathlib.Path(sys.argv[1]), pathlib.Path(__file__).parent
    seen, lines, expected = {}, [], {}

    def name_of(path):
        values = imread(path).astype(np.int64)
        key = (values.shape, values.tobytes())
        if key not in seen:
            seen[key] = f"{path.parent.name}/{path.stem}"
            lines.append(f"map {seen[key]} {values.shape[0]} {values.shape[1]}")
            lines.append(runs(values))
        return seen[key]

    for case in sorted(p for p in source.iterdir() if p.is_dir()):
        figures = json.loads((case / "expected.json").read_text())
        frames = [{"truth": name_of(case / frame["gt"].replace(".tif", ".png")),
                   "predicted": name_of(case / frame["gt"].replace(".tif", ".png").replace("gt", "res")),
                   "n_true": frame["n_ref"], "n_predicted": frame["n_res"],
                   "seg_matches": frame["matched"]} for frame in figures["per_frame"]]
        expected[case.name] = {"seg": figures["SEG"], "det": figures["DET"],
                               "det_counts": figures["DET_counts"], "frames": frames,
                               "by_threshold": figures["stardist_matching"]}
    (here / "labels.txt").write_text("\n".join(lines) + "\n")
    (here / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")


main()
