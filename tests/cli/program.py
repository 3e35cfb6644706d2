"""Runs the built program as a user would, in a folder of its own."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import pictures

PROGRAM = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
SANITIZED = os.environ.get("UNET_SANITIZED") == "1"  # times and memory mean nothing there
# A network and a recipe small enough that a step takes milliseconds, which learns as much as it can in a few of them:
# images as they are, two classes, and little variation. tests/cli/boundary_test.py has what the default recipe adds.
PLAIN = ["--diameter", "off", "--boundary", "0", "--kind-balance", "0", "--scale-min", "0.8", "--scale-max", "1.25",
         "--contrast-min", "0.7", "--contrast-max", "1.3", "--gamma-min", "1", "--gamma-max", "1", "--noise", "0",
         "--stain", "0", "--grey-patches", "0", "--illumination", "0", "--blur", "0", "--low-resolution", "1", "--hot-pixels", "0"]
SMALL = ["--levels", "2", "--base-channels", "4", "--patch", "32", "--batch-size", "2", *PLAIN]


class ProgramTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="unet test é ")  # a blank and no ASCII, on purpose
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)

    def run_unet(self, *arguments, status=0, **options):
        """Runs the program and checks its exit status; a crash shows as a negative one."""
        done = subprocess.run([PROGRAM, *map(str, arguments)], text=True, capture_output=True, cwd=self.here,
                              stdin=subprocess.DEVNULL, timeout=300, **options)
        self.assertEqual(done.returncode, status,
                         f"unet {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}")
        return done

    def json_of(self, *arguments, **options):
        return json.loads(self.run_unet(*arguments, "--json", **options).stdout)

    def refused(self, words, *arguments, status=None, **options):
        """The program ends with one clear error that matches `words`, and nothing on stdout."""
        done = subprocess.run([PROGRAM, *map(str, arguments)], text=True, capture_output=True, cwd=self.here,
                              stdin=subprocess.DEVNULL, timeout=300, **options)
        told = f"unet {' '.join(map(str, arguments))}\nstatus {done.returncode}\n{done.stdout}{done.stderr}"
        self.assertIn(done.returncode, (1, 2) if status is None else (status,), told)
        self.assertRegex(done.stderr, re.compile(words, re.DOTALL), told)
        self.assertEqual(done.stdout, "", told)
        self.assertEqual(len(re.findall(r"^unet", done.stderr, re.MULTILINE)), 1, told)
        return done

    def make_data(self, name="data", count=4, size=48):
        """A data set of bright discs: NAME/images, NAME/labels."""
        for folder in ("images", "labels"):
            (self.here / name / folder).mkdir(parents=True, exist_ok=True)
        for i in range(count):
            centres = [(12 + i, 12), (14, 34 - i), (34, 20 + 2 * i)]
            # Numbers of discs that differ say that labels are objects, not classes.
            image, labels = pictures.discs(size, size + 2 * i, centres[:3 - i % 2], 6)
            pictures.write_png(self.here / name / "images" / f"disc {i}.png", image)
            pictures.write_png(self.here / name / "labels" / f"disc {i}.png", labels, bits=16)
        return self.here / name

    def change_labels(self, change, suffix=".png", name="data"):
        """Writes every label map of make_data anew: change(path, rows)."""
        for i, path in enumerate(sorted((self.here / name / "labels").iterdir())):
            width, height = pictures.png_size(path)
            centres = [(12 + i, 12), (14, 34 - i), (34, 20 + 2 * i)][:3 - i % 2]
            rows = pictures.discs(height, width, centres, 6)[1]
            path.unlink()
            change(path.with_suffix(suffix), rows)

    def train(self, *arguments, out="run", steps=1):
        """A training of one step; returns what it told."""
        return self.run_unet("train", "data", "--out", out, "--steps", steps, *SMALL, *arguments).stderr

    def make_run(self, steps=10, out="run", *extra):
        """A short training on the discs; returns its folder."""
        data = self.make_data()
        self.run_unet("train", data, "--out", out, "--steps", steps, *SMALL, *extra)
        return self.here / out

    def files(self, folder="."):
        """All files below a folder, with their bytes."""
        root = self.here / folder
        return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def tensors_of(data):
    """Names, shapes and bytes of a safetensors file: all but the metadata, which holds times."""
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:end])
    header.pop("__metadata__")
    return header, data[end:]


def main():
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
