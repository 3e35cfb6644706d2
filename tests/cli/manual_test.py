"""The manual page: valid troff, and every verb and flag of the help is in it."""
import os
import re
import shutil
import subprocess
import unittest

import program
from program import ProgramTest


def flags_in(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", text))


class Manual(ProgramTest):
    def setUp(self):
        super().setUp()
        self.page = self.run_unet("man").stdout

    def rendered(self, *options):
        if not shutil.which("groff"):
            self.skipTest("no groff here")
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-P-c", "-P-b", "-P-o", "-P-u", *options],
                              input=self.page, text=True, encoding="utf-8", capture_output=True, check=True,
                              env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "100"})
        self.assertEqual(done.stderr, "")  # -ww: every warning
        return done.stdout

    def test_nothing_of_the_help_is_missing(self):
        text = re.sub(r"\\f.", "", self.page).replace("\\-", "-")
        for verb in re.findall(r"^  (\w+) ", self.run_unet("--help").stdout.split("examples")[0], re.MULTILINE):
            self.assertIn(f"\n.SH UNET {verb}\n", text)
            own = text.split(f"\n.SH UNET {verb}\n")[1].split("\n.SH ")[0]
            wanted = flags_in(self.run_unet(verb, "--help").stdout) - {"--help"}
            self.assertEqual(wanted - flags_in(own), set(), verb)

    def test_groff_has_no_complaint(self):
        text = self.rendered()
        self.assertIn("unet - find cells", text)
        self.assertIn("EXIT STATUS", text)
        self.assertRegex(text, r"--budget TIME")
        self.assertNotIn("\\", text)

    def test_lines_that_begin_with_a_point_are_text(self):
        # .zshrc in an example would be a request if it stood at the beginning of a line.
        for line in self.page.splitlines():
            if line.startswith((".", "'")):
                self.assertRegex(line, r"^\.(TH|SH|SS|PP|TP|EX|EE)\b")


if __name__ == "__main__":
    program.main()
