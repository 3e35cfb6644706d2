#!/usr/bin/env python3
"""Writes reference_values.json: what StarDist and NumPy make of the maps of vectors/ and of drawn ones.

Needs numpy, stardist (and what tests/objects/reference_values.py imports); the result is committed.
    python3 tests/evaluate/reference_values.py
"""
import json
import pathlib
import sys

import numpy as np
from stardist.matching import matching_dataset

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "objects"))
from reference_values import drawn  # noqa: E402

# Below 0.5 an object may have several partners to choose from.
THRESHOLDS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]
# Pairs of drawn maps: (number, height, width, block, values, background) of truth and prediction.
PAIRS = [
    ((11, 40, 50, 4, 40, 40), (12, 40, 50, 3, 60, 40)),
    ((13, 60, 60, 6, 90, 10), (14, 60, 60, 5, 140, 10)),
    ((15, 64, 48, 8, 400, 20), (16, 64, 48, 6, 400, 20)),
    ((17, 64, 48, 8, 30, 100), (18, 64, 48, 6, 30, 20)),
    ((19, 50, 50, 2, 25, 0), (20, 50, 50, 7, 25, 0)),
]


def maps():
    found, lines = {}, (HERE / "vectors" / "labels.txt").read_text().splitlines()
    for head, body in zip(lines[::2], lines[1::2]):
        _, name, height, width = head.split()
        runs = np.array(body.split(), np.int64).reshape(-1, 2)
        found[name] = np.repeat(runs[:, 0], runs[:, 1]).reshape(int(height), int(width))
    return found


def statistics(truths, predictions):
    return [{"iou": threshold, **{key: float(getattr(stats, key)) for key in (
        "tp", "fp", "fn", "precision", "recall", "f1", "accuracy",
        "mean_matched_score", "mean_true_score", "panoptic_quality")}}
        for threshold, stats in zip(THRESHOLDS, matching_dataset(
            truths, predictions, thresh=THRESHOLDS, show_progress=False))]


def pixels(truths, predictions):
    """Per class IoU and Dice, pixel error, over all pictures; null where a class occurs in neither."""
    t, p = (np.concatenate([v.ravel() for v in values]) for values in (truths, predictions))
    classes = []
    for c in range(int(max(t.max(), p.max())) + 1):
        both, either, sizes = ((t == c) & (p == c)).sum(), ((t == c) | (p == c)).sum(), \
            (t == c).sum() + (p == c).sum()
        classes.append([both / either, 2 * both / sizes] if either else [None, None])
    return {"classes": classes, "pixel_error": float((t != p).mean())}


def main():
    labels = maps()
    cases = {}
    for name, case in json.loads((HERE / "vectors" / "expected.json").read_text()).items():
        truths = [labels[frame["truth"]] for frame in case["frames"]]
        predictions = [labels[frame["predicted"]] for frame in case["frames"]]
        cases[name] = {"by_threshold": statistics(truths, predictions),
                       "foreground": pixels([t > 0 for t in truths], [p > 0 for p in predictions])}
    pairs = []
    for truth, predicted in PAIRS:
        t, p = (drawn(spec[0], 1, *spec[1:])[0].astype(np.int64) for spec in (truth, predicted))
        pairs.append({"truth": truth, "predicted": predicted, "by_threshold": statistics([t], [p]),
                      "classes": pixels([t % 6], [p % 6])})
    text = json.dumps({"cases": cases, "pairs": pairs}, separators=(",", ":"))
    (HERE / "reference_values.json").write_text(text.replace('{"iou"', '\n{"iou"') + "\n")


main()
