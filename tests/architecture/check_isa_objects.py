"""Code made for one instruction set must not be what another machine runs.

    python3 check_isa_objects.py OBJECT...

Highway compiles a kernel file once per target, in namespace N_AVX2, N_AVX3, ... A function there that is
weak (inline, template) carries its namespace in its name and cannot be taken for another. But a function
of the standard library, or of ours, that is instantiated inside a target's region is compiled with that
target's instructions and has the same weak name everywhere: the linker may keep that copy for the whole
program, and an older machine stops at an illegal instruction. So: no function outside the target
namespaces may contain a register of AVX2 (ymm) or AVX-512 (zmm). Looks into the objects with objdump.
"""
import re
import subprocess
import sys

WIDE = re.compile(r"%[yz]mm\d|%k[0-7]\b")
FUNCTION = re.compile(r"^[0-9a-f]+ <(.+)>:$")
TARGET = re.compile(r"\bN_(SSE2|SSSE3|SSE4|AVX2|AVX3\w*|NEON|SVE\w*|EMU128|SCALAR)\b")


def weak_names(path):
    listing = subprocess.run(["nm", "--defined-only", "--demangle", path], text=True,
                             capture_output=True, check=True).stdout
    return {line.split(" ", 2)[2] for line in listing.splitlines() if re.search(r" [WVu] ", line)}


def wide_functions(path):
    """Names of all functions of an object that use wide registers."""
    found, name = set(), ""
    with subprocess.Popen(["objdump", "--disassemble", "--demangle", "--no-show-raw-insn", path], text=True,
                          stdout=subprocess.PIPE) as process:
        for line in process.stdout:
            start = FUNCTION.match(line)
            if start:
                name = start[1]
            elif WIDE.search(line):
                found.add(name)
    if process.returncode:
        sys.exit(f"{path}: objdump failed")
    return found


def main():
    checked, wide, faults = 0, 0, []
    for path in sys.argv[1:]:
        if not path.endswith(".o"):
            continue
        checked += 1
        functions = wide_functions(path)
        wide += len(functions)
        shared = weak_names(path)
        faults += [f"{path}: {name}" for name in sorted(functions & shared) if not TARGET.search(name)]
    if faults:
        print("shared functions compiled for one instruction set:", *faults, sep="\n")
    print(f"{checked} objects checked, {wide} functions with wide registers")
    return bool(faults) or checked == 0 or wide == 0


if __name__ == "__main__":
    sys.exit(main())
