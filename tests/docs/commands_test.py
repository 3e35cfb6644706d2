"""Every command in README, docs and help is run, in order, in a folder that holds what it names.

Only what would take long is changed: training is cut to a few steps of a small network (`shortened`).
"""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import pages
import pictures
import program
from program import ProgramTest, SMALL

# The paper's network, thin: unpadded convolutions need patches of 188 pixels or more.
THIN = ["--base-channels", "2", "--patch", "188", "--batch-size", "1"]
STEPS = 3
# Names that pages use for what a reader has.
DATA = ["mydata", "DATA", "examples/nuclei/train", "examples/nuclei/val", "moredata"]
IMAGES = ["images", "test/images", "INPUT...", "IMAGE...", "IMAGES"]
HAS_AMX = "amx_bf16" in pathlib.Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
LABELS = ["truth", "test/labels", "TRUTH", "PREDICTED", "LABELS", "OTHER", "PROBABILITIES", "other_results", "results_a",
          "results_b"]
FILES = ["image.tif", "IMAGE.png", "MORE.tif", "a.png", "b.tif", "a.tif", "IMAGE.tif", "slide.tif",
         "images/a.tif"]
STACKS = {"images.tif": 0, "IMAGES.tif": 0, "stack.tif": 0, "labels.tif": 1, "LABELS.tif": 1, "truth.tif": 1,
          "probabilities.tif": 1}
RUNS = ["runs/mydata", "runs/wide", "runs/a", "runs/b", "demo-output/run", "MODEL", "RUN"]
SLICES = 24


def shortened(words):
    """The command with few steps of a small network, and a small size where a network is timed."""
    result, verb = list(words), words[1] if len(words) > 1 else ""
    for i, word in enumerate(result[:-1]):
        if word == "--budget":
            if not re.fullmatch(r"\+?(\d+[smh])+", result[i + 1]):
                raise AssertionError(f"{words}: {result[i + 1]} is no time")
            result[i:i + 2] = ["--steps", ("+" if result[i + 1][0] == "+" else "") + str(STEPS)]
        elif word == "--steps":
            more = "+" if result[i + 1][0] == "+" else ""
            result[i + 1] = more + str(min(int(result[i + 1].lstrip("+")), STEPS))
        elif word == "--size" and verb == "bench":
            result[i + 1] = str(min(int(result[i + 1]), 188 if "ronneberger2015" in result else 64))
    if verb == "train" and "--resume" in result and "--steps" not in result:
        result += ["--steps", f"+{STEPS}"]  # the run of the reader was stopped, this one is finished
    thin = "ronneberger2015" in result
    if verb == "train" and "--resume" not in result and "--config" not in result:
        result += [] if "--steps" in result else ["--steps", str(STEPS)]
        size = THIN if thin else SMALL
        for flag, value in zip(size[::2], size[1::2]):
            if flag in result:
                place = result.index(flag) + 1
                if value.isdigit() and result[place].isdigit():
                    result[place] = str(min(int(result[place]), int(value)))
            else:
                result += [flag, value]
    if verb == "bench":
        if "--repeat" in result:
            result[result.index("--repeat") + 1] = "1"
        else:
            result += ["--repeat", "1"]
    return result


class Commands(ProgramTest):
    prepared = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="unet docs ")
        cls.addClassCleanup(folder.cleanup)
        cls.prepared = pages.pathlib.Path(folder.name) / "prepared"
        cls.prepared.mkdir()
        cls.prepare()

    @classmethod
    def prepare(cls):
        here = cls.prepared

        def write(path, rows, **options):
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".png":
                pictures.write_png(path, rows, **options)
            else:
                pictures.write_tiff_stack(path, [rows])

        for number in (1, 2, 3, 0):
            centres = [(20, 20 + 5 * number), (22, 60), (60, 40 - 3 * number)][:3 - number % 2]
            image, labels = pictures.discs(80, 80 + 4 * number, centres, 8)
            name = "abcd"[number] + ".png"
            for data in DATA:
                write(here / data / "images" / name, image)
                write(here / data / "labels" / name, labels, bits=16)
            for folder in IMAGES:
                write(here / folder / name, image)
            for folder in LABELS:
                write(here / folder / name, labels, bits=16)
        for name in FILES:
            write(here / name, image)
        (here / "images/a.png").unlink()  # images/a.tif stands for it
        write(here / "a_truth.png", labels, bits=16)
        stack = [pictures.discs(64, 64, [(20 + i, 20), (40, 40)][:1 + i % 2], 8) for i in range(SLICES)]
        for name, which in STACKS.items():
            pages_of = [[[255 if value and which else value for value in row] for row in slice_[which]]
                        for slice_ in stack]
            pictures.write_tiff_stack(here / name, pages_of)
        data = str(here / "mydata")
        cls.run_in(here, ["unet", "train", data, "--steps", "2", "--out", "runs/nuclei", *SMALL])
        for run in RUNS:
            shutil.copytree(here / "runs/nuclei", here / run, dirs_exist_ok=True)
        shutil.copy(here / "runs/nuclei/model.safetensors", here / "model.safetensors")
        for folder in ("results", "predicted"):
            cls.run_in(here, ["unet", "predict", "MODEL", "truth", "stack.tif", "--out", folder])
        cls.run_in(here, ["unet", "data", "export", "truth", "--format", "imagej", "--out", "drawn"])
        cls.run_in(here, ["unet", "train", data, "--steps", "1", "--out", "paper", "--preset", "ronneberger2015",
                          *THIN])
        shutil.move(here / "paper/model.safetensors", here / "weights.safetensors")
        shutil.rmtree(here / "paper")

    @staticmethod
    def run_in(folder, words):
        done = subprocess.run([program.PROGRAM, *words[1:]], cwd=folder, text=True, capture_output=True)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(words)}\n{done.stdout}{done.stderr}")

    def run_page(self, title, commands):
        """All commands of a page, one after the other; each failure is told."""
        folder = self.here / "page"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.prepared, folder)
        programs = self.here / "bin"
        programs.mkdir(exist_ok=True)
        if not (programs / "unet").exists():
            (programs / "unet").symlink_to(program.PROGRAM)
        environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(self.here)}
        (self.here / ".local/share/bash-completion/completions").mkdir(parents=True, exist_ok=True)
        made, faults = set(), []
        for number, command in commands:
            command = command.replace("build/release/bin/unet", "unet")
            kernels = environment
            if "--precision bf16" in command:
                if not HAS_AMX:
                    continue  # refused there, as the page says
                kernels = {name: value for name, value in environment.items() if name != "UNET_KERNELS"}
            line = self.line_of(command, folder, made)
            done = subprocess.run(["bash", "-c", line], cwd=folder, text=True, capture_output=True,
                                  stdin=subprocess.DEVNULL, env=kernels)
            if done.returncode != 0:
                faults.append(f"{title}:{number}: {command}\n  run as: {line}\n  {done.stderr.strip()}")
        return faults

    def line_of(self, command, folder, made):
        """What is run for a command; runs that were only prepared make room for it."""
        if re.search(r"[|<>]", command):
            return command
        environment = re.match(r"(?:[A-Z_]+=\S+ )?", command).group()
        words = shortened(pages.words_of(command[len(environment):]))
        if words[1:2] == ["train"] and "--resume" not in words:
            out = words[words.index("--out") + 1] if "--out" in words else "runs/" + words[2]
            if out not in made:
                shutil.rmtree(folder / out, ignore_errors=True)
            made.add(out)
        return environment + " ".join(pages.shlex.quote(word) for word in words)

    def test_pages(self):
        faults, count = [], 0
        for page in pages.pages():
            commands = [(number, command) for number, command in pages.commands(page.read_text())
                        if not command.startswith("scripts/")]
            count += len(commands)
            if commands:
                faults += self.run_page(page.relative_to(pages.ROOT), commands)
        self.assertEqual(faults, [], "\n" + "\n".join(faults))
        self.assertGreater(count, 25)  # they were found at all

    def test_examples_of_the_help(self):
        faults = []
        verbs = re.findall(r"^  (\w+) ", self.run_unet("--help").stdout.split("examples")[0], re.MULTILINE)
        for verb in ["", *verbs]:
            text = self.run_unet(*([verb] if verb else []), "--help").stdout
            examples = re.split(r"\nexamples[^\n]*:\n", text)[1].split("\n\n")[0]
            commands = [(number, pages.without_remark(line)) for number, line
                        in enumerate(examples.splitlines(), 1)]
            faults += self.run_page(f"unet {verb} --help", [(n, c) for n, c in commands
                                                            if pages.PROGRAM.match(c + " ")])
        self.assertEqual(faults, [], "\n" + "\n".join(faults))


if __name__ == "__main__":
    program.main()
