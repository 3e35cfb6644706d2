"""Every header compiles on its own, whichever was included before it.

    python3 check_headers.py ROOT COMPILER [FLAG...]
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys


def compile_alone(header, root, command):
    place = header.relative_to(root).as_posix()
    program = f'#include "{place}"\n#include "{place}"\n'  # twice: its guard works
    done = subprocess.run([*command, "-x", "c++", "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra",
                           "-Wpedantic", "-Werror", f"-I{root}", "-"], input=program, text=True,
                          capture_output=True)
    return f"{place} does not compile alone:\n{done.stderr}" if done.returncode else None


def main():
    root, command = pathlib.Path(sys.argv[1]), sys.argv[2:]
    headers = sorted((root / "unet").rglob("*.h"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = [f for f in pool.map(lambda h: compile_alone(h, root, command), headers) if f]
    print(*faults, f"{len(headers)} headers checked", sep="\n")
    return bool(faults) or not headers


if __name__ == "__main__":
    sys.exit(main())
