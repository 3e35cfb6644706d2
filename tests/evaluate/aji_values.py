#!/usr/bin/env python3
"""Writes aji_values.json: AJI and AJI+ of the maps of vectors/, from masks and in the words of the papers.

Needs numpy and scipy; the result is committed.
    python3 tests/evaluate/aji_values.py
"""
import json
import pathlib

import numpy as np
from scipy.optimize import linear_sum_assignment

HERE = pathlib.Path(__file__).parent


def maps():
    found, lines = {}, (HERE / "vectors" / "labels.txt").read_text().splitlines()
    for head, body in zip(lines[::2], lines[1::2]):
        _, name, height, width = head.split()
        runs = np.array(body.split(), np.int64).reshape(-1, 2)
        found[name] = np.repeat(runs[:, 0], runs[:, 1]).reshape(int(height), int(width))
    return found


def masks(labels):
    return [labels == value for value in np.unique(labels) if value != 0]


def aji(truth, predicted):
    """Kumar et al. 2017, algorithm 1: C and U."""
    truth, predicted = masks(truth), masks(predicted)
    intersection = union = 0
    used = set()
    for t in truth:
        scores = [(t & p).sum() / (t | p).sum() for p in predicted]
        best = int(np.argmax(scores)) if scores else -1
        if best < 0 or scores[best] == 0:
            union += t.sum()
            continue
        intersection += (t & predicted[best]).sum()
        union += (t | predicted[best]).sum()
        used.add(best)
    return int(intersection), int(union + sum(p.sum() for i, p in enumerate(predicted) if i not in used))


def aji_plus(truth, predicted):
    """Graham et al. 2019: the pairing of largest summed IoU."""
    truth, predicted = masks(truth), masks(predicted)
    scores = np.array([[(t & p).sum() / (t | p).sum() for p in predicted] for t in truth])
    pairs = [(i, j) for i, j in zip(*linear_sum_assignment(-scores)) if scores[i, j] > 0]
    intersection = sum((truth[i] & predicted[j]).sum() for i, j in pairs)
    union = sum((truth[i] | predicted[j]).sum() for i, j in pairs)
    union += sum(t.sum() for i, t in enumerate(truth) if i not in {i for i, _ in pairs})
    union += sum(p.sum() for j, p in enumerate(predicted) if j not in {j for _, j in pairs})
    return int(intersection), int(union)


def main():
    labels, values = maps(), {}
    for name, case in json.loads((HERE / "vectors" / "expected.json").read_text()).items():
        pairs = [(labels[frame["truth"]], labels[frame["predicted"]]) for frame in case["frames"]]
        values[name] = {key: [int(n) for n in np.sum([f(*pair) for pair in pairs], axis=0)]
                        for key, f in (("aji", aji), ("aji_plus", aji_plus))}
    (HERE / "aji_values.json").write_text(json.dumps(values, indent=1) + "\n")


main()
