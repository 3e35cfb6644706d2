"""Names and lengths: rooms are named after what is in them, and a file has one topic.

    python3 check_files.py ROOT

Fails on folders or files named after nothing, on sources over 400 lines (warns above 300) and on folders of the library
and the program with more than 40 sources.
"""
import collections
import pathlib
import sys

NAMED_AFTER_NOTHING = {"utils", "util", "utilities", "common", "helpers", "helper", "manager", "misc"}
LONGEST, LONG = 400, 300
FULL = 40  # of unet/ and apps/
TREES = ("unet", "apps", "examples", "tests", "bench", "scripts")
SOURCES = {".h", ".cpp", ".inl", ".cu", ".cuh", ".py", ".sh"}


def check(root):
    faults, warnings, count = [], [], 0
    inside = collections.Counter()
    for tree in TREES:
        for path in sorted((root / tree).rglob("*")):
            place = path.relative_to(root)
            if path.stem in NAMED_AFTER_NOTHING:
                faults.append(f"{place}: named after nothing; call it what it is for")
            if path.is_dir() or path.suffix not in SOURCES:
                continue
            count += 1
            inside[place.parent] += 1
            lines = len(path.read_text().splitlines())
            if lines > LONGEST:
                faults.append(f"{place}: {lines} lines, at most {LONGEST}: split it by topic")
            elif lines > LONG:
                warnings.append(f"{place}: warning: {lines} lines, more than {LONG}")
    faults += [f"{folder}: {sources} sources, at most {FULL}: make two folders of it"
               for folder, sources in sorted(inside.items())
               if folder.parts[0] in ("unet", "apps") and sources > FULL]
    return faults, warnings, count


def main():
    faults, warnings, count = check(pathlib.Path(sys.argv[1]))
    print(*warnings, *faults, f"{count} files checked", sep="\n")
    return bool(faults) or count == 0


if __name__ == "__main__":
    sys.exit(main())
