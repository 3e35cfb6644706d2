#!/usr/bin/env python3
"""Writes surface_values.json: surface distances of drawn maps as MONAI computes them.

Needs monai (made with 1.6.1, and torch); the result is committed.
    python3 tests/evaluate/surface_values.py
"""
import json
import pathlib
import warnings

import numpy as np
import torch
from monai.metrics import (compute_average_surface_distance, compute_hausdorff_distance,
                           compute_surface_dice)

HERE = pathlib.Path(__file__).parent

# (number, depth, height, width, block, values, background) of truth and prediction, spacing, tolerance.
CASES = [
    ((31, 1, 40, 50, 5, 2, 40), (32, 1, 40, 50, 4, 2, 40), (1.0, 1.0, 1.0), 1.0),
    ((33, 1, 64, 48, 12, 3, 50), (34, 1, 64, 48, 10, 3, 50), (1.0, 0.5, 0.8), 2.0),
    ((35, 1, 30, 30, 15, 2, 30), (35, 1, 30, 30, 13, 2, 30), (1.0, 2.0, 2.0), 4.0),
    ((36, 12, 24, 20, 6, 2, 40), (37, 12, 24, 20, 5, 2, 40), (3.0, 0.9, 1.1), 2.5),
    ((38, 9, 16, 30, 8, 2, 20), (38, 9, 16, 30, 7, 2, 20), (1.0, 1.0, 1.0), 1.5),
    ((39, 6, 40, 40, 20, 4, 70), (40, 6, 40, 40, 18, 4, 70), (5.0, 0.625, 0.625), 3.0),
]


def hashed(x):
    x = np.uint32(x)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def drawn(number, depth, height, width, block, values, background):
    """The drawn_map of tests/objects/maps.h."""
    z, y, x = np.meshgrid(*(np.arange(n, dtype=np.uint32) for n in (depth, height, width)), indexing="ij")
    key = hashed(((np.uint32(number * 31) + z) * np.uint32(4096) + y // np.uint32(block)) * np.uint32(4096)
                 + x // np.uint32(block))
    return np.where(key % 100 < background, 0, 1 + (key // 128) % values)


def figures(truth, predicted, spacing, tolerance):
    """Per class: HD95, ASSD, surface Dice; null where MONAI has no finite number."""
    if truth.shape[0] == 1:
        truth, predicted, spacing = truth[0], predicted[0], spacing[1:]
    found = []
    for c in range(1, 1 + int(max(truth.max(), predicted.max()))):
        t, p = (torch.from_numpy((v == c)[None, None]) for v in (truth, predicted))
        values = [
            compute_hausdorff_distance(p, t, include_background=True, percentile=95, spacing=spacing),
            compute_average_surface_distance(p, t, include_background=True, symmetric=True, spacing=spacing),
            compute_surface_dice(p, t, [tolerance], include_background=True, spacing=spacing)]
        found.append([float(v) if np.isfinite(float(v)) else None for v in values])
    return found


def main():
    warnings.simplefilter("ignore")
    cases = [{"truth": truth, "predicted": predicted, "spacing": spacing, "tolerance": tolerance,
              "classes": figures(drawn(*truth), drawn(*predicted), spacing, tolerance)}
             for truth, predicted, spacing, tolerance in CASES]
    (HERE / "surface_values.json").write_text(json.dumps(cases, indent=1) + "\n")


main()
