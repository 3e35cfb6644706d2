#!/usr/bin/env python3
"""Says whether two builds do the same, byte for byte: for a change that is to change nothing.

    bench/same_results.py OLD/bin/unet NEW/bin/unet [--keep FOLDER]

Runs both programs through the same commands, each in a folder of its own with a copy of examples/nuclei: trainings,
predictions of every kind in every format, with tiles, masks, averages, shares and --resume, objects, plans, tables,
outlines, evaluations, reports, checks, annotations, information, help, manual page and errors. Compares exit status,
standard output, standard error and every file that was written. What a clock or the memory of the machine decides is
masked (MASKS). Prints each difference; exit status 1 if there is any.
"""
import argparse
import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
KINDS = ("objects", "labels", "probabilities", "logits")
FORMATS = ("tif", "ome-tif", "ome-zarr", "nifti", "png")
NUMBER = rb"-?[0-9][0-9.eE+-]*"
MASKS = [
    (rb'("[a-z_.]*(?:second|elapsed|peak|memory|bytes_free|ms|rss|pace|began|started|finished|wall|waited)[a-z_.]*"\s*:\s*)'
     + NUMBER, rb"\1#"),
    (rb"[0-9]+(?:\.[0-9]+)? ?(?:h|min|s|ms)\b(?: [0-9]+ ?(?:min|s))?", b"#time"),
    (rb"[0-9.]+ steps? a second", b"#pace"),
    (rb"[0-9.]+ [kMG]i?B", b"#bytes"),
    (rb"(?m)^[a-z]+: [0-9]+/[0-9]+.*\n", b""),  # how far it is: a line every ten seconds
    (rb"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:]+Z?", b"#date"),
]


def commands():
    """Each a list of words; {unet} begins them all. Later ones use what earlier ones wrote."""
    val, images, truth = "data/val", "data/val/images", "data/val/labels"
    some = sorted(p.name for p in (ROOT / "examples/nuclei/val/images").iterdir())[:2]
    one = f"{images}/{some[0]}"
    yield from (["--help"], ["--version"], ["man"], ["completion", "bash"], ["completion", "zsh"])
    for verb in ("check", "train", "predict", "plan", "objects", "evaluate", "measure", "report", "info", "data", "bench"):
        yield [verb, "--help"]
    yield ["train", "data/train", "--val", val, "--steps", "12", "--out", "run", "--json"]
    yield ["train", "data/train", "--steps", "6", "--preset", "ronneberger2015", "--base-channels", "8", "--levels", "3",
           "--patch", "188", "--out", "paper"]
    yield ["train", "data/train", "--steps", "9", "--resume", "--out", "paper"]
    yield ["info", "run/model.safetensors"]
    yield ["info", "run/model.safetensors", "--size", "256", "--json"]
    yield ["info", "run"]
    yield ["info", "--models"]
    yield ["info", "nuclei", "--json"]
    yield ["info", one, "--json"]
    yield ["info", "data/train"]
    for kind in KINDS:
        for form in FORMATS:
            yield ["predict", "nuclei", one, "--what", kind, "--format", form, "--out", f"p/{kind}-{form}", "--json"]
    for bits in ("8", "16", "32"):
        yield ["predict", "nuclei", one, "--bits", bits, "--what", "probabilities", "--out", f"p/bits{bits}"]
    yield ["predict", "nuclei", images, "--out", "p/all", "--overlay", "--table", "p/all.csv"]
    yield ["predict", "nuclei", images, "--what", "labels,probabilities", "--out", "p/two", "--table", "p/two.csv", "--json"]
    yield ["predict", "run", images, "--out", "p/run", "--exact", "--threads", "1"]
    yield ["predict", "paper", one, "--out", "p/paper", "--tile", "128"]
    yield ["predict", "nuclei", one, "--out", "p/tiles", "--tile", "64", "--max-ram", "300MB"]
    yield ["predict", "nuclei", one, "--out", "p/turned", "--average", "mirrors4", "--fill-holes", "--drop-border"]
    yield ["predict", "nuclei", one, "--out", "p/scaled", "--scale", "1.5", "--normalise", "0:120"]
    yield ["predict", "nuclei", one, "--out", "p/where", "--where", f"{truth}/{pathlib.Path(some[0]).stem}.png"]
    yield ["predict", "nuclei", one, "--out", "p/resumed", "--resume", "--tile", "64"]
    for part in ("1/2", "2/2"):
        yield ["predict", "nuclei", one, "--out", "p/parts", "--part", part, "--tile", "64"]
    yield ["plan", "nuclei", one, "--max-ram", "400MB", "--what", "objects,probabilities", "--json"]
    yield ["objects", "p/objects-tif", "--out", "o/wrong"]
    yield ["objects", "p/probabilities-tif", "p/bits8", "--out", "o/twice"]
    yield ["objects", "p/probabilities-tif", "--out", "o/plain", "--json"]
    yield ["objects", "p/bits8", "--out", "o/fitted", "--model", "nuclei", "--fill-holes", "--drop-border"]
    yield ["measure", "p/all", "--image", images, "--out", "m/all.csv", "--geojson", "m/outlines"]
    yield ["measure", "p/all", "--out", "m/pieces.csv", "--pieces", "--json"]
    yield ["measure", truth, "--out", "m/volume.csv", "--volume", "--json"]
    yield ["evaluate", "p/all", truth]
    yield ["evaluate", "p/all", truth, "--json", "--metrics", "surface", "--sizes", "50,200"]
    yield ["evaluate", "p/run", truth, "--compare", "p/all"]
    yield ["evaluate", "nuclei", val, "--json"]
    yield ["evaluate", "p/probabilities-tif", f"{truth}/{pathlib.Path(some[0]).stem}.png", "--metrics", "isbi2012", "--json"]
    yield ["report", "run", "--out", "r/run.html"]
    yield ["report", "p/all", "--labels", truth, "--image", images, "--out", "r/compared.html", "--json"]
    yield ["report", "p/all", "--out", "r/counted.html"]
    yield ["check", "data/train"]
    yield ["check", "data/train", "--json", "--fix", "mended"]
    yield ["data", "show", "data/train", "--out", "shown", "--count", "3"]
    for form in ("imagej", "qupath", "labelme", "coco"):
        yield ["data", "export", truth, "--to", form, "--out", f"exported/{form}", "--image", images]
        yield ["data", "import", f"exported/{form}", "--image", images, "--out", f"imported/{form}"]
    for wrong in (["predict"], ["predict", "nuclei", "nothing.tif", "--out", "x"], ["predict", "nuclei", one],
                  ["predict", "nuclei", one, "--out", images], ["predict", "nuclei", one, "--out", "x", "--bits", "7"],
                  ["predict", "nuclei", one, "--out", "x", "--tile", "-3"],
                  ["predict", "nuclei", one, "--out", "x", "--max-ram", "1MB"],
                  ["predict", "nuclei", one, "--out", "x", "--max-ram", "lots"],
                  ["predict", "nuclei", one, "--out", "x", "--what", "everything"],
                  ["predict", "nuclei", one, "--out", "x", "--pages", "5-9"],
                  ["predict", "nuclei", one, "--out", "x", "--channel", "7"],
                  ["predict", "nuclei", one, "--out", "x", "--what", "logits", "--average", "mirrors4"],
                  ["predict", "nuclei", one, "--out", "x", "--wat", "3"], ["predict", "nuklei", one, "--out", "x"],
                  ["predict", one, one, "--out", "x"], ["train", "data"], ["train", "nothing"], ["train", images],
                  ["train", "data/train", "--out", "run"], ["train", "data/train", "--levels", "99", "--out", "x"],
                  ["train", "data/train", "--budget", "soon", "--out", "x"], ["evaluate", "p/all", "nothing"],
                  ["evaluate", "p/all", "data/train/labels"], ["evaluate", "p/all", truth, "--sizes", "9,3"],
                  ["measure", "p/all", "--out", "m.txt"], ["measure", "p/all"], ["report", "nothing"],
                  ["report", images], ["objects", images, "--out", "x"], ["info", "nothing"], ["info", "README.md"],
                  ["check", "nothing"], ["data", "import", "nothing", "--out", "x"], ["nonsense"], []):
        yield wrong


def run(program, folder):
    """Exit status, output and errors of each command; files lie below `folder` then."""
    shutil.copytree(ROOT / "examples/nuclei", folder / "data")
    told = []
    for words in commands():
        done = subprocess.run([program, *words], cwd=folder, capture_output=True, stdin=subprocess.DEVNULL)
        told.append((words, done.returncode, done.stdout, done.stderr))
    return told


def masked(content, *places):
    for place in places:
        content = content.replace(str(place).encode(), b"#place")
    for pattern, by in MASKS:
        content = re.sub(pattern, by, content)
    return content


def without_times(path, content, *places):
    """A file's bytes; of a model the weights as they are and its texts masked."""
    if path.suffix == ".safetensors":
        size = struct.unpack("<Q", content[:8])[0]
        return masked(json.dumps(json.loads(content[8:8 + size]), sort_keys=True).replace("\\", "").encode(), *places) \
            + content[8 + size:]
    if path.suffix in {".json", ".jsonl", ".txt", ".toml", ".html"} or path.name.startswith(".z"):
        return masked(content, *places)
    return content


def files_of(folder, program):
    return {path.relative_to(folder): without_times(path, path.read_bytes(), folder, program.parents[1])
            for path in sorted(folder.rglob("*")) if path.is_file()}


def first_difference(a, b):
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return f"byte {at}:\n    old {a[max(0, at - 60):at + 100]!r}\n    new {b[max(0, at - 60):at + 100]!r}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs=2, type=lambda p: pathlib.Path(p).resolve(), metavar="PROGRAM")
    parser.add_argument("--keep", type=pathlib.Path, help="leave what was written in this folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        base = (arguments.keep or pathlib.Path(scratch)).resolve()
        folders = [base / "old", base / "new"]
        told = []
        for program, folder in zip(arguments.programs, folders):
            folder.mkdir(parents=True)
            told.append(run(program, folder))
        differences = 0
        for (words, *old), (_, *new) in zip(*told):
            for what, a, b in zip(("exit status", "standard output", "standard error"), old, new):
                if what != "exit status":
                    a, b = (masked(text, folder, program.parents[1])
                            for text, folder, program in zip((a, b), folders, arguments.programs))
                if a != b:
                    differences += 1
                    print(f"unet {' '.join(words)}: {what}: ",
                          f"{a} and {b}" if what == "exit status" else first_difference(a, b), sep="")
        old, new = (files_of(folder, program) for folder, program in zip(folders, arguments.programs))
        for path in sorted(old.keys() | new.keys()):
            if path not in old or path not in new:
                differences += 1
                print(f"{path}: only the {'new' if path in new else 'old'} one wrote it")
            elif old[path] != new[path]:
                differences += 1
                print(f"{path}: {first_difference(old[path], new[path])}")
    print(f"{len(told[0])} commands, {len(old)} files, {differences} differences")
    return differences > 0 or not old


if __name__ == "__main__":
    sys.exit(main())
