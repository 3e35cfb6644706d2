"""The arrows of docs/design.md as a test: a folder includes only itself and what stands below it.

    python3 check_arrows.py ROOT

Looks at every #include "unet/..." of the library, the programs and the tests, and at the DEPENDS of every
unet/MODULE/CMakeLists.txt. Prints each fault as FILE:LINE: what is wrong; exit status 1 if there is any.
"""
import pathlib
import re
import sys

# Folder -> the folders right below it; what those include is included.
BELOW = {
    "core": [],
    "kernels": ["core"],
    "nn": ["kernels"],
    "model": ["nn"],
    "pixels": ["core"],
    "image": ["pixels"],
    "objects": ["core"],
    "evaluate": ["objects"],
    "data": ["image", "objects"],
    "annotation": ["data"],
    "predict": ["model", "image", "objects"],
    "check": ["data"],
    "train": ["predict", "data", "evaluate", "check", "report"],
    "report": ["evaluate", "check"],
    "jobs": ["predict", "report", "annotation"],
}
# Inside unet/image each format has a folder that knows no other; the table of formats knows them all.
FORMATS, TABLE = pathlib.PurePath("unet/image"), pathlib.PurePath("unet/image/format.cpp")
CONTENTS = FORMATS / "contents"  # what a file of any format says of itself
PROGRAMS = ("apps", "examples")  # include the face, unet/unet.h, and nothing deeper
SOURCES = {".h", ".cpp", ".inl", ".cu", ".cuh"}


def everything_below(folder):
    found = {folder}
    for below in BELOW[folder]:
        found |= everything_below(below)
    return found


def include_fault(top, folder, target, face):
    """What is wrong with an include of unet/TARGET/... in TOP/FOLDER/, or None."""
    if top in PROGRAMS:
        return None if face else 'include "unet/unet.h" instead'
    if face:
        return None if top in ("tests", "bench") else "the library does not include its own face"
    if target not in BELOW:
        return f"unet/{target} is not a folder of the library"
    if top == "unet" and folder not in BELOW:
        return f"unet/{folder} is not listed: say in {pathlib.Path(__file__).name} what it stands on"
    if folder in BELOW and target not in everything_below(folder):
        return f"{folder} stands below or beside {target} and must not use it"
    return None


def format_fault(place, target):
    """What is wrong with an include of TARGET, all of it as a path, in a file of the library at PLACE, or None."""
    if target.parent == CONTENTS or target.parent.parent != FORMATS or FORMATS not in place.parents or place == TABLE:
        return None
    if place.parent == FORMATS:
        return f"only {TABLE.name} includes the folders of formats"
    return None if place.parent == target.parent else f"a format does not include another's {target.parent.name}/"


def check_includes(root):
    faults, count = [], 0
    for top in ("unet", "apps", "examples", "tests", "bench"):
        for path in sorted(p for p in (root / top).rglob("*") if p.suffix in SOURCES):
            inner = path.relative_to(root / top).parts
            if top == "unet" and len(inner) == 1:
                continue  # the face itself
            for number, line in enumerate(path.read_text().splitlines(), 1):
                found = re.match(r'\s*#\s*include\s*["<](?:\.\./)*unet/([\w./]+)[">]', line)
                if not found:
                    continue
                count += 1
                face = found[1] == "unet.h"
                place = path.relative_to(root)
                fault = (include_fault(top, inner[0], found[1].split("/")[0], face)
                         or format_fault(pathlib.PurePath(place), pathlib.PurePath("unet", found[1])))
                if fault:
                    faults.append(f"{place}:{number}: {fault}")
    return faults, count


def check_dependencies(root):
    faults = []
    for path in sorted((root / "unet").glob("*/CMakeLists.txt")):
        folder = path.parent.name
        listed = re.search(r"\bDEPENDS\s+([a-z\s]+?)\s*(?:\)|LIBRARIES|SOURCES)", path.read_text())
        for target in listed[1].split() if listed else []:
            if folder not in BELOW or target not in everything_below(folder):
                faults.append(f"{path.relative_to(root)}: {folder} must not depend on {target}")
    return faults


def main():
    root = pathlib.Path(sys.argv[1])
    faults, count = check_includes(root)
    faults += check_dependencies(root)
    print(*faults, f"{count} includes checked", sep="\n")
    return bool(faults) or count == 0


if __name__ == "__main__":
    sys.exit(main())
