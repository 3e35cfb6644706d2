"""What the pages name exists: verbs, flags, linked files and places, files of the source."""
import re
import unittest

import pages
import program
from program import ProgramTest

# Flags in a line of text that belong to these are none of ours.
OTHERS = ("cmake", "ctest", "git", "scripts/", "python", "pip", "man ", "clang")
SOURCES = re.compile(r"^(unet|apps|tests|docs|scripts|cmake|bench|examples)/[a-z0-9_./-]+$")


class Words(ProgramTest):
    def setUp(self):
        super().setUp()
        usage = self.run_unet("--help").stdout
        self.verbs = re.findall(r"^  (\w+) ", usage.split("examples")[0], re.MULTILINE)
        self.flags = {verb: self.flags_of(verb) for verb in self.verbs}
        self.faults = []

    def flags_of(self, verb):
        flags = set(re.findall(r"^  (--[a-z0-9-]+)", self.run_unet(verb, "--help").stdout, re.MULTILINE))
        return flags | {"--no-" + flag[2:] for flag in flags} | {"--" + flag[5:] for flag in flags
                                                                 if flag.startswith("--no-")}

    def tell(self, page, number, what):
        self.faults.append(f"{page.relative_to(pages.ROOT)}:{number}: {what}")

    def check_words(self, page, number, words):
        """`unet VERB --flag ...` as far as it is written."""
        flags = {word.split("=")[0] for word in words if re.match(r"--[a-z]", word)}
        if len(words) < 2 or words[1].startswith("-"):
            unknown = flags - {"--help", "--version"}
        elif words[1] not in self.verbs:
            if re.fullmatch(r"[a-z]+", words[1]):
                self.tell(page, number, f"there is no verb {words[1]}")
            return
        else:
            unknown = flags - self.flags[words[1]]
        for flag in sorted(unknown):
            self.tell(page, number, f"unet {words[1]} has no flag {flag}")

    def test_verbs_and_flags(self):
        everywhere = set().union(*self.flags.values()) | {"--version"}
        for page in pages.pages():
            text = page.read_text()
            for number, command in pages.commands(text):
                if pages.PROGRAM.match(command):
                    self.check_words(page, number, re.sub(r"^[A-Z_]+=\S+ ", "", command).split())
            for number, span in pages.code_in_lines(text):
                if pages.PROGRAM.match(span):
                    self.check_words(page, number, span.split())
                elif not span.startswith(OTHERS):
                    for flag in re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", span):
                        if flag not in everywhere:
                            self.tell(page, number, f"no verb has the flag {flag}")
        self.assertEqual(self.faults, [])

    def test_links_lead_somewhere(self):
        for page in pages.pages():
            for number, target in pages.links(page.read_text()):
                if re.match(r"[a-z]+:", target):
                    continue
                path, _, anchor = target.partition("#")
                file = (page.parent / path).resolve() if path else page
                if not file.exists():
                    self.tell(page, number, f"{target} is not there")
                elif anchor and anchor not in pages.anchors(file.read_text()):
                    self.tell(page, number, f"{target}: the page has no such heading")
        self.assertEqual(self.faults, [])

    def test_files_of_the_source_exist(self):
        for page in pages.pages():
            for number, span in pages.code_in_lines(page.read_text()):
                if SOURCES.match(span) and not (pages.ROOT / span).exists():
                    self.tell(page, number, f"{span} is not there")
        self.assertEqual(self.faults, [])

    def test_scripts_are_programs(self):
        for page in pages.pages():
            for number, command in pages.commands(page.read_text()):
                script = pages.ROOT / command.split()[0]
                if command.startswith("scripts/") and not (script.is_file() and script.stat().st_mode & 0o100):
                    self.tell(page, number, f"{command.split()[0]} is no program")
        self.assertEqual(self.faults, [])


if __name__ == "__main__":
    program.main()
