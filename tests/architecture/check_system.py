"""The operating system is asked in unet/core/system only: another system needs that folder anew, and nothing else.

    python3 check_system.py ROOT

Fails on headers, functions and files of an operating system elsewhere in unet/ and apps/, and on writes to standard
output and error outside of the one place for them.
"""
import pathlib
import re
import sys

LAYER = pathlib.PurePath("unet/core/system")
SOURCES = {".h", ".cpp", ".inl"}
HEADERS = r"#\s*include\s*<(unistd|fcntl|signal|csignal|sched|pthread|malloc|dlfcn|termios|poll|windows|io|process|sys/\w+)(\.h)?>"
# Of the C library too: what has another name, or other meanings, on another system.
FUNCTIONS = ("sysconf fcntl flock sigaction signal kill getpid gethostname isatty fileno unlink mkstemp mkostemp fsync fdatasync "
             "syncfs sync_file_range posix_fallocate pread pwrite renameat2 aligned_alloc posix_memalign madvise mmap mallopt "
             "malloc_trim sched_getaffinity sched_setaffinity execv execvp fork popen setenv putenv fopen fdopen").split()
CALL = r"(?<![\w.>:])(?:std)?(?:::)?(?:%s)\s*\(" % "|".join(FUNCTIONS)
GLOBAL_CALL = r"(?<![\w>:])::(open|close|read|write|stat|fstat|rename|remove|access)\s*\("
FILES = r'"/(proc|sys|dev)/'
# One place writes on the standard streams, where a write that fails stops no work; the library tells by callbacks.
STREAMS = pathlib.PurePath("apps/cli/terminal/streams.cpp")
WRITES = re.compile(r"fmt::print\s*\(|std::(cout|cerr|clog)\b|(?<![\w.>])(std::)?(printf|fprintf|fputs|puts|putchar|fwrite)\s*\(")
ASKED = re.compile("|".join((HEADERS, CALL, GLOBAL_CALL, FILES)))


def check(root):
    faults, count = [], 0
    for tree in ("unet", "apps"):
        for path in sorted((root / tree).rglob("*")):
            place = path.relative_to(root)
            if path.suffix not in SOURCES or LAYER in place.parents:
                continue
            count += 1
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if found := ASKED.search(line.split("//")[0]):
                    faults.append(f"{place}:{number}: {found[0].strip()}: ask the system in {LAYER}")
                if place != STREAMS and (found := WRITES.search(line.split("//")[0])):
                    faults.append(f"{place}:{number}: {found[0].strip()}: put() and tell() of {STREAMS} write on the streams")
    return faults, count


def main():
    faults, count = check(pathlib.Path(sys.argv[1]))
    print(*faults, f"{count} files checked", sep="\n")
    return bool(faults) or count == 0


if __name__ == "__main__":
    sys.exit(main())
