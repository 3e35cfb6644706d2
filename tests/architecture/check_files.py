"""Names and lengths: rooms are named after what is in them, and a file has one topic.

    python3 check_files.py ROOT

Fails on folders or files named after nothing and on sources over 400 lines; warns above 300.
"""
import pathlib
import sys

NAMED_AFTER_NOTHING = {"utils", "util", "utilities", "common", "helpers", "helper", "manager", "misc"}
LONGEST, LONG = 400, 300
TREES = ("unet", "apps", "examples", "tests", "bench", "scripts")
SOURCES = {".h", ".cpp", ".inl", ".cu", ".cuh", ".py", ".sh"}


def check(root):
    faults, warnings, count = [], [], 0
    for tree in TREES:
        for path in sorted((root / tree).rglob("*")):
            place = path.relative_to(root)
            if path.stem in NAMED_AFTER_NOTHING:
                faults.append(f"{place}: named after nothing; call it what it is for")
            if path.is_dir() or path.suffix not in SOURCES:
                continue
            count += 1
            lines = len(path.read_text().splitlines())
            if lines > LONGEST:
                faults.append(f"{place}: {lines} lines, at most {LONGEST}: split it by topic")
            elif lines > LONG:
                warnings.append(f"{place}: warning: {lines} lines, more than {LONG}")
    return faults, warnings, count


def main():
    faults, warnings, count = check(pathlib.Path(sys.argv[1]))
    print(*warnings, *faults, f"{count} files checked", sep="\n")
    return bool(faults) or count == 0


if __name__ == "__main__":
    sys.exit(main())
