"""How many faults `unet check` finds when half of a good data set gets one of a kind.

    python3 recall.py build/release/bin/unet DATA

DATA has images/ and labels/ (grey PNG, numbered objects). Labels of half of the images, drawn at random, are
shifted by 4 to 12 pixels, mirrored, exchanged within pairs of one size, or lose one object that the edge does not
cut. Prints how many were named, and how many of the untouched half were. docs/how-to/check.md has the figures.
"""
import collections
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
import pictures  # noqa: E402

chance = random.Random(3)


def shifted(rows):
    height, width = len(rows), len(rows[0])
    while True:
        down, right = chance.randint(-12, 12), chance.randint(-12, 12)
        if 16 <= down * down + right * right <= 144:
            break
    return [[rows[y - down][x - right] if 0 <= y - down < height and 0 <= x - right < width else 0
             for x in range(width)] for y in range(height)]


def without_one(rows):
    cut = {0, *rows[0], *rows[-1], *(row[0] for row in rows), *(row[-1] for row in rows)}
    inside = sorted({value for row in rows for value in row} - cut)
    gone = chance.choice(inside) if inside else None
    return [[0 if value == gone else value for value in row] for row in rows]


def exchanged(labels, names):
    """Rows by name, for pairs of one size."""
    by_size, result = collections.defaultdict(list), {}
    for name in names:
        by_size[len(labels[name]), len(labels[name][0])].append(name)
    for group in by_size.values():
        for first, second in zip(group[::2], group[1::2]):
            result[first], result[second] = labels[second], labels[first]
    return result


def named(program, folder, kind):
    done = subprocess.run([program, "check", folder, "--json", "--labels", "instances"], capture_output=True, text=True)
    return {pathlib.Path(each["where"]["file"]).name for each in json.loads(done.stdout)["findings"]
            if each["kind"] == kind}


def main():
    program, data = map(pathlib.Path, sys.argv[1:])
    labels = {path.name: pictures.read_png(path) for path in sorted((data / "labels").iterdir())}
    half = chance.sample(sorted(labels), len(labels) // 2)
    faults = {"shifted": {name: shifted(labels[name]) for name in half},
              "mirrored": {name: [row[::-1] for row in labels[name]] for name in half},
              "swapped": exchanged(labels, half),
              "unlabelled": {name: without_one(labels[name]) for name in half}}
    for kind, changed in faults.items():
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder)
            (copy / "images").symlink_to((data / "images").resolve())
            (copy / "labels").mkdir()
            for name in labels:
                if name in changed:
                    pictures.write_png(copy / "labels" / name, changed[name], bits=16)
                else:
                    shutil.copy(data / "labels" / name, copy / "labels" / name)
            found = named(program, copy, kind)
        print(f"{kind}: {len(found & set(changed))} of {len(changed)} named, "
              f"{len(found - set(changed))} of the {len(labels) - len(changed)} others")


if __name__ == "__main__":
    main()
