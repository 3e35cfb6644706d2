#!/usr/bin/env python3
"""What a recipe reaches on images that it never saw: folds, kinds of images, and validation's own opinion.

    bench/accuracy.py build/release/bin/unet DATA [DATA ...] [--folds 5] [--only 0 2] [--seeds 0 1] [--train "--budget 3m"]
    bench/accuracy.py build/release/bin/unet TRAIN --test DATA [DATA ...] [--train "--budget 3m"]
    bench/accuracy.py build/release/bin/unet --model nuclei --test DATA [DATA ...]

DATA has images/ and labels/ of equal names. A list.csv of BBBC038's kind (id, width, height, colour, background) says of
what kind an image is; without one all are of one kind. The images of each kind are dealt to the folds in an order that
depends on their names alone, so each fold has its share of every kind. For each fold and seed `unet train` learns on the
others, `unet evaluate` measures on the fold. Over all folds: F1 at IoU 0.5 and 0.7 and AP (mean over IoU 0.5, 0.55, ..,
0.95 of TP / (TP + FP + FN)) from counts summed over images, for each kind, and the mean over kinds of at least four
images, which is what a stranger's image may expect; then what validation said of the same models, less what the folds
say. --train is passed on; --keep FOLDER keeps the runs and, with what is there, goes on. Needs Python alone.
"""
import argparse
import csv
import hashlib
import json
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile


def kinds_of(data):
    """{stem: kind} of the images that list.csv tells of."""
    table = data / "list.csv"
    if not table.exists():
        return {}
    with open(table, newline="", encoding="utf-8") as file:
        return {row["id"]: f'{row["colour"]}, {row["background"]}, {row["width"]} x {row["height"]}'
                for row in csv.DictReader(file) if "id" in row and "colour" in row}


def images_of(folders):
    """[(stem, image, labels, kind)] of all folders."""
    found = []
    for data in folders:
        kinds = kinds_of(data)
        labels = {path.stem: path for path in (data / "labels").iterdir()}
        for path in sorted((data / "images").iterdir()):
            found.append((path.stem, path, labels[path.stem], kinds.get(path.stem, "all")))
    return found


def deal(images, folds):
    """Fold of every image: each kind in an order of its own, one fold after the other."""
    order = sorted(images, key=lambda image: (image[3], hashlib.sha256(image[0].encode()).hexdigest()))
    return {image[0]: index % folds for index, image in enumerate(order)}


def link(images, folder):
    for part in ("images", "labels"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for stem, image, labels, _ in images:
        for part, path in (("images", image), ("labels", labels)):
            target = folder / part / path.name
            if not target.exists():
                target.symlink_to(path.resolve())


def run(words):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{shlex.join(map(str, words))}\n{done.stderr.strip()}")
    return json.loads(done.stdout)


def measured(given, model, images, folder):
    """Per image: kind and (tp, fp, fn) of each IoU threshold."""
    link(images, folder)
    kinds = {image[0]: image[3] for image in images}
    figures = run([given.program, "evaluate", model, folder, "--labels", "instances", "--json",
                   *shlex.split(given.evaluate)])
    return [(each["name"], kinds[each["name"]], [(t["tp"], t["fp"], t["fn"]) for t in each["by_threshold"]])
            for each in figures["images"]]


def figures_of(rows):
    """F1@0.5, F1@0.7, AP of counts summed over images."""
    sums = [[sum(row[2][t][i] for row in rows) for i in range(3)] for t in range(10)]
    f1 = [2 * tp / max(1, 2 * tp + fp + fn) for tp, fp, fn in sums]
    return f1[0], f1[4], statistics.mean(tp / max(1, tp + fp + fn) for tp, fp, fn in sums)


def table_of(rows):
    kinds = sorted({row[1] for row in rows})
    result = {}
    for kind in kinds:
        of_kind = [row for row in rows if row[1] == kind]
        result[kind] = (len({row[0] for row in of_kind}), *figures_of(of_kind))
    macro = [result[kind][1:] for kind in kinds if result[kind][0] >= 4]
    result["all"] = (len({row[0] for row in rows}), *figures_of(rows))
    if macro:
        result["macro"] = (len(macro), *(statistics.mean(column) for column in zip(*macro)))
    return result


def worst(rows, count):
    """Images by objects wrong at IoU 0.5."""
    wrong = {}
    for stem, kind, counts in rows:
        tp, fp, fn = counts[0]
        missed = wrong.setdefault(stem, [0, 0, 0, kind])
        missed[0] += tp
        missed[1] += fp
        missed[2] += fn
    return sorted(wrong.items(), key=lambda item: -(item[1][1] + item[1][2]))[:count]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("data", nargs="*", type=pathlib.Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--only", type=int, nargs="+", help="these folds")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--train", default="--budget 3m", help="flags of unet train")
    parser.add_argument("--evaluate", default="", help="flags of unet evaluate")
    parser.add_argument("--test", type=pathlib.Path, nargs="+", help="measure on these; no folds")
    parser.add_argument("--model", help="measure this one; nothing is trained")
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--worst", type=int, default=0, help="list so many images")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    images = images_of(given.data)
    with tempfile.TemporaryDirectory() as temporary:
        work = given.keep or pathlib.Path(temporary)
        if given.test:
            tests = {0: (images, images_of(given.test))}
        else:
            fold_of = deal(images, given.folds)
            tests = {fold: ([i for i in images if fold_of[i[0]] != fold], [i for i in images if fold_of[i[0]] == fold])
                     for fold in given.only or range(given.folds)}
        rows, own, by_run = [], [], []
        for seed in given.seeds:
            for fold, (training, held_out) in tests.items():
                here = work / f"seed{seed}-fold{fold}"
                model = given.model
                if not model:
                    model = here / "run"
                    link(training, here / "training")
                    if not (here / "outcome.json").exists():
                        outcome = run([given.program, "train", here / "training", "--out", model, "--seed", seed, "--labels",
                                       "instances", "--json", *shlex.split(given.train)])
                        (here / "outcome.json").write_text(json.dumps(outcome))
                    outcome = json.loads((here / "outcome.json").read_text())
                found = measured(given, model, held_out, here / "held_out")
                rows += found
                by_run.append(figures_of(found))
                if not given.model and outcome.get("f1") is not None:
                    own.append((outcome["f1"], outcome.get("ap", 0.0)))
                print(f"seed {seed} fold {fold}: F1@0.5 {by_run[-1][0]:.3f}  F1@0.7 {by_run[-1][1]:.3f}  AP {by_run[-1][2]:.3f}"
                      + (f"  validation said {own[-1][0]:.3f}, {own[-1][1]:.3f}" if own else ""), file=sys.stderr, flush=True)
    table = table_of(rows)
    gap = statistics.mean(o[0] - b[0] for o, b in zip(own, by_run)) if own else None
    if given.json:
        print(json.dumps({"kinds": table, "runs": by_run, "validation_minus_held_out": gap}))
        return
    print(f"{'kind':32} images  F1@0.5  F1@0.7      AP")
    for kind, (count, *values) in table.items():
        print(f"{kind:32} {count:6}   " + "   ".join(f"{value:.3f}" for value in values))
    if len(by_run) > 1:
        print(f"{'standard deviation of runs':32}          " + "   ".join(f"{statistics.stdev(c):.3f}" for c in zip(*by_run)))
    if gap is not None:
        print(f"validation's F1@0.5 less the held-out one, mean over runs: {gap:+.3f}")
    for stem, (tp, fp, fn, kind) in worst(rows, given.worst):
        print(f"{stem[:16]:16} {kind:32} found {tp}, wrong {fp}, missed {fn}")


if __name__ == "__main__":
    main()
