"""The pages of this project and what stands in them: commands, code in a line, links."""
import pathlib
import re
import shlex

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = re.compile(r"(?:[A-Z_]+=\S+ )?(?:build/release/bin/)?unet\s")


def pages():
    """README, CONTRIBUTING, docs and the pages of examples, by their path."""
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    for folder in ("docs", "examples"):
        found += sorted((ROOT / folder).rglob("*.md"))
    return found


def blocks(text):
    """(line number, line) of indented and fenced code."""
    fence = None
    for number, line in enumerate(text.splitlines(), 1):
        mark = re.match(r"\s*```(\w*)", line)
        if mark:
            fence = None if fence is not None else mark.group(1)
        elif fence in ("", "sh", "bash"):
            yield number, line.strip()
        elif fence is None and line.startswith("    "):
            yield number, line.strip()


def without_remark(line):
    """A remark stands behind three blanks or more, or behind #."""
    return re.split(r"\s{3,}| # ", line)[0].strip()


def commands(text):
    """(line number, command) of what a reader would type."""
    for number, line in blocks(text):
        command = without_remark(line)
        if PROGRAM.match(command + " ") or command.startswith("scripts/"):
            yield number, command


def code_in_lines(text):
    """(line number, what stands between backticks), outside of blocks."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and not line.startswith("    "):
            for span in re.findall(r"`([^`]+)`", line):
                yield number, span


def links(text):
    """(line number, target) of links and pictures."""
    for number, line in enumerate(text.splitlines(), 1):
        for target in re.findall(r"\]\(([^)\s]+)\)", line):
            yield number, target


def anchors(text):
    """The anchors of the headings of a page."""
    found = set()
    for line in text.splitlines():
        heading = re.match(r"#+ +(.*)", line)
        if heading:
            words = re.sub(r"[^\w\- ]", "", heading.group(1).lower())
            found.add(words.strip().replace(" ", "-"))
    return found


def words_of(command):
    """The words of a command as a shell sees them."""
    return shlex.split(command, comments=True)
