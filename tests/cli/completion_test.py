"""Completion: the scripts run in the shells that they are for, and the Tab key is really pressed."""
import os
import pty
import re
import select
import shutil
import subprocess
import time
import unittest

import pictures
import program
from program import ProgramTest


class Terminal:
    """A shell on a terminal of its own."""

    def __init__(self, command, folder, environment):
        try:
            self.process, self.terminal = pty.fork()
        except OSError as error:  # a container without /dev/pts
            raise unittest.SkipTest(f"no terminal to press a key on: {error}")
        if self.process == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, environment)

    def read_until(self, pattern, seconds=30):
        """What the shell writes until it matches; the seconds only bound a test that fails."""
        text, end = "", time.monotonic() + seconds
        while not re.search(pattern, text):
            if time.monotonic() > end:
                raise AssertionError(f"waited for {pattern!r}, found {text!r}")
            if select.select([self.terminal], [], [], 1)[0]:
                text += os.read(self.terminal, 65536).decode(errors="replace")
        return text

    def type(self, text):
        os.write(self.terminal, text.encode())

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.process, 0)


class InTerminal(ProgramTest):
    def start(self, command, *lines):
        folder = program.PROGRAM.parent
        environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "PS1": "> ", "TERM": "dumb",
                       "LC_ALL": "C.UTF-8", "HOME": str(self.here)}
        self.terminal = Terminal(command, self.here, environment)
        self.addCleanup(self.terminal.close)
        for i, line in enumerate(lines):
            self.terminal.type(f"{line}; echo line-$(({i} + 0))-done\n")
            self.terminal.read_until(f"line-{i}-done")

    def check_what_is_completed(self):
        """The same in every shell."""
        (self.here / "my pictures").mkdir()
        (self.here / "my file.safetensors").write_text("")
        for line, last in (("unet tra", "train"), ("unet --vers", "--version"), ("unet data sh", "show"),
                           ("unet train d --bud", "--budget"), ("unet train d --padding va", "valid"),
                           ("unet predict m i --normalise ra", "range"), ("unet predict m i --til", "--tile"),
                           ("unet predict my\\ f", "my file.safetensors"), ("unet predict m my\\ p", "my pictures"),
                           ("unet predict m i --out my", "my pictures"),
                           ("unet train --init my\\ f", "my file.safetensors"),
                           ("unet completion zs", "zsh"), ("unet bench net", "network")):
            self.assertEqual(self.tab(line).rstrip("/"), last, line)

    def tab(self, line):
        """The last word after Tab, as the program would get it."""
        self.terminal.type(f"{line}\t\n")
        text = self.terminal.read_until(r"\[\[.*\]\]")
        return re.search(r"\[\[(.*)\]\]", text).group(1).split("|")[-1]


class Bash(InTerminal):
    def offered(self, *words):
        """What the script offers for the last word."""
        done = subprocess.run(
            ["bash", "--norc", "-c", 'source <("$0" completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
             '_unet; printf "%s\\n" "${COMPREPLY[@]}"', program.PROGRAM, *words],
            capture_output=True, text=True, check=True)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_verbs(self):
        self.assertEqual(self.offered("unet", "tr"), ["train"])
        listed = re.findall(r"^  (\w+) ", self.run_unet("--help").stdout.split("examples")[0], re.MULTILINE)
        self.assertEqual(self.offered("unet", ""), [*listed, "--help", "--version"])

    def test_every_flag_of_every_verb(self):
        for verb in self.offered("unet", "")[:-2]:
            text = self.run_unet(verb, "--help").stdout.split("examples:")[1]
            flags = re.findall(r"^  (--[a-z0-9-]+)", text, re.MULTILINE)
            self.assertEqual(self.offered("unet", verb, "--"), flags, verb)

    def test_values(self):
        self.assertEqual(self.offered("unet", "train", "data", "--padding", ""), ["valid", "same"])
        self.assertEqual(self.offered("unet", "train", "data", "--padding", "=", "va"), ["valid"])
        self.assertEqual(self.offered("unet", "train", "data", "--padding", "="), ["valid", "same"])
        self.assertEqual(self.offered("unet", "predict", "m", "i", "--tile", ""), ["auto"])
        self.assertEqual(self.offered("unet", "train", "data", "--budget", ""), [])

    def test_words_that_a_verb_begins_with(self):
        self.assertEqual(self.offered("unet", "data", ""), ["show", "import", "export"])
        self.assertEqual(self.offered("unet", "completion", ""), ["bash", "zsh"])
        self.assertEqual(self.offered("unet", "completion", "zs"), ["zsh"])

    def test_the_tab_key(self):
        self.start(["bash", "--norc", "--noprofile", "-i"], "bind 'set enable-bracketed-paste off'",
                   "source <(unet completion bash)", "unet() { local IFS='|'; echo \"[[$*]]\"; }")
        self.check_what_is_completed()


@unittest.skipUnless(shutil.which("zsh"), "no zsh here")
class Zsh(InTerminal):
    def test_the_tab_key(self):
        self.start(["zsh", "-f", "-i"], "unsetopt zle_bracketed_paste prompt_sp; PS1='> '",
                   "autoload -U compinit; compinit -u -D; zstyle ':completion:*' insert-tab false", "source <(unet completion zsh)",
                   "unet() { local IFS='|'; echo \"[[$*]]\"; }")
        self.check_what_is_completed()

    def test_as_a_file_of_completions(self):
        (self.here / "functions").mkdir()
        (self.here / "functions/_unet").write_text(self.run_unet("completion", "zsh").stdout)
        self.start(["zsh", "-f", "-i"], "unsetopt zle_bracketed_paste prompt_sp; PS1='> '",
                   "fpath=(~/functions $fpath); autoload -U compinit; compinit -u -D; zstyle ':completion:*' insert-tab false",
                   "unet() { local IFS='|'; echo \"[[$*]]\"; }")
        self.check_what_is_completed()


class Usage(ProgramTest):
    def test_another_shell(self):
        self.refused("found 'fish', expected bash or zsh", "completion", "fish", status=2)


if __name__ == "__main__":
    program.main()
