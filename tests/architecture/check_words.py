"""The library names settings and functions, never the flags and verbs of a program: that turns them into its own words.

    python3 check_words.py ROOT

Fails on a text in unet/ that names a `--flag` or "unet VERB", a verb of apps/cli/verbs/verbs.h.
"""
import pathlib
import re
import sys

SOURCES = {".h", ".cpp", ".inl"}
COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\((?P<raw>.*?)\)\1"|"(?P<text>(?:[^"\\\n]|\\.)*)"', re.DOTALL)
FLAG = r"(?<![\w(-])--[a-z][\w-]*(?![\w-]*:)"  # not a variable of a style sheet: "--rule: grey", "var(--rule)"
# By which files of earlier versions are known again.
MARKS = ('<meta name=\\"generator\\" content=\\"unet report\\">', "# What unet train told.")


def texts(source):
    """Line and text of every literal; those that stand one behind the other are one."""
    found, end = [], -1
    for each in COMMENT_OR_TEXT.finditer(source):
        text = each["raw"] if each["raw"] is not None else each["text"]
        if text is None:
            continue
        if found and not source[end:each.start()].strip():
            found[-1][1] += text
        else:
            found.append([source.count("\n", 0, each.start()) + 1, text])
        end = each.end()
    return found


def check(root):
    verbs = re.findall(r'^ *\{"(\w+)", "', (root / "apps/cli/verbs/verbs.h").read_text(), re.MULTILINE)
    named = re.compile(rf"{FLAG}|\bunet ({'|'.join(verbs)})\b")
    faults, count = [], 0
    for path in sorted((root / "unet").rglob("*")):
        if path.suffix not in SOURCES:
            continue
        for line, text in texts(path.read_text()):
            count += 1
            if text not in MARKS and (found := named.search(text)):
                faults.append(f"{path.relative_to(root)}:{line}: '{found[0]}': name the setting or the function in backquotes; "
                              "with_flags of apps/cli/terminal/flags.h says what is typed")
    return faults, count * bool(verbs)


def main():
    faults, count = check(pathlib.Path(sys.argv[1]))
    print(*faults, f"{count} texts checked", sep="\n")
    return bool(faults) or count == 0


if __name__ == "__main__":
    sys.exit(main())
