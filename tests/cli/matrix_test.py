"""Every verb that takes an image, a label map or a probability image, with every kind of file of tests/image/files.

What each file holds is in files/expected.json (from numpy, tifffile, Pillow, nibabel, zarr-python). Here a verb is right
with a file if it does with it what it does with every other file of the same values, or ends with one error that names
the file; and it may only end so where expected.json says that the file cannot be read as what the verb wants.
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import struct
import subprocess
import unittest

import pictures
import program
from program import ProgramTest

FILES = pathlib.Path(__file__).resolve().parents[1] / "image/files"
EXPECTED = json.loads((FILES / "expected.json").read_text())
if program.SANITIZED:  # readers are looked at by tests/image; here it is the verbs
    EXPECTED = dict(list(EXPECTED.items())[::8])
IMAGE = "neighbouring pixels hold different values, as in an image"
MODELS = pathlib.Path(__file__).resolve().parents[2] / "models"


def shape_of(entry):
    return entry.get("shape", [1, 1, 17, 23])


class Matrix(ProgramTest):
    def setUp(self):
        super().setUp()
        self.model = MODELS / "nuclei.safetensors"
        self.partners = {}
        for entry in EXPECTED.values():
            _, depth, height, width = shape_of(entry)
            if (depth, height, width) in self.partners:
                continue
            _, labels = pictures.discs(height, width, [(4, 4), (height - 3, width - 4)], 2)
            path = self.here / f"labels{depth}x{height}x{width}.tif"
            pictures.write_tiff_stack(path, [labels] * depth)
            self.partners[depth, height, width] = path

    def partner(self, name):
        """Two objects in each slice of an image as large."""
        return self.partners[tuple(shape_of(EXPECTED[name])[1:])]

    @staticmethod
    def whole():
        """Files whose faults, if any, are found before their pixels are read."""
        return [name for name, entry in EXPECTED.items() if not entry.get("late")]

    @staticmethod
    def one_of_a_kind():
        """One file of those of one format that hold the same."""
        kinds = {(pathlib.Path(name).suffix, entry.get("image", name)): name for name, entry in EXPECTED.items()}
        return list(kinds.values())

    def run_each(self, verb, command, names=None):
        """Runs `command(name, folder)` for every file; {name: (status, stdout, stderr, folder)}."""
        def one(name):
            folder = self.here / verb / re.sub(r"\W", "_", name)
            folder.mkdir(parents=True)
            done = subprocess.run([program.PROGRAM, *map(str, command(name, folder))], text=True, capture_output=True,
                                  cwd=folder, stdin=subprocess.DEVNULL, timeout=300)
            return name, (done.returncode, done.stdout, done.stderr, folder)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            return dict(pool.map(one, names or EXPECTED))

    def check(self, verb, command, readable, result, group, unlike=None, names=None):
        """`readable(entry)`: None where the verb can take the file, else words of its error. Files of one
        `group(entry)` give one `result(stdout, folder)`. `unlike`: words of a refusal of what can be read, but is
        not what the verb is for."""
        groups = collections.defaultdict(dict)
        for name, (status, out, err, folder) in self.run_each(verb, command, names).items():
            entry, told = EXPECTED[name], f"{verb} {name}: status {status}\n{out}{err}"
            with self.subTest(verb=verb, file=name):
                words = readable(entry)
                if words is None and unlike and status != 0:
                    words = unlike
                if words is None:
                    self.assertEqual(status, 0, told)
                    groups[group(entry)][name] = result(out, folder)
                else:
                    self.assertIn(status, (1, 2), told)
                    errors = [line for line in err.splitlines() if line.startswith("unet")]
                    self.assertEqual(len({re.sub(r"^unet[^:]*: ", "", line) for line in errors}), len(errors), told)
                    self.assertTrue(any(name in line for line in errors) or name in out, told)
                    self.assertRegex(out + err, re.escape(words), told)
        for members in groups.values():
            first = next(iter(members.values()))
            for name, found in members.items():
                with self.subTest(verb=verb, file=name, like=next(iter(members))):
                    self.assertEqual(found, first)
        return groups

    # What a verb asks of a file.

    @staticmethod
    def as_image(entry):
        return entry.get("image_error")

    @staticmethod
    def as_colours(entry):
        """One channel, or the three that the model has."""
        if "image_error" in entry:
            # What is found out late may be found after something else.
            return ":" if entry.get("late") else entry["image_error"]
        return None if entry["shape"][0] in (1, 3) else "channel"

    @staticmethod
    def as_mask(entry):
        """A file with a colour table is read as its indices."""
        if "JPEG" in entry.get("labels_error", ""):
            return "JPEG"
        if "image_error" in entry:
            return "channels" if "2 channels" in entry.get("labels_error", "") else entry["image_error"]
        return None if entry["shape"][0] == 1 or "labels" in entry else "channels"

    @staticmethod
    def as_labels(entry):
        return entry.get("labels_error", "").replace("`axes`", "--axes") or None

    # Of a file's results what does not speak of its name, its unit or its pixels' size.

    def pixels_in(self, folder, suffix=".tif"):
        path, = folder.rglob(f"*{suffix}")
        return [(page.width, page.height, list(page.values)) for page in pictures.read_tiff(path)]

    @staticmethod
    def table_in(folder):
        rows = [line.split(",") for line in (folder / "t.csv").read_text().splitlines()]
        plain = [i for i, name in enumerate(rows[0]) if i > 0 and not name.endswith(("_um", "_um2", "_um3")) and not
                 re.search(r"_(nm|mm|cm|unit)[23]?$|^unit$|^labels$|^image", name)]
        return [[row[i] for i in plain] for row in rows]

    def test_info(self):
        def result(out, _):
            told = json.loads(out)
            return told["size"]
        groups = self.check("info", lambda name, _: ("info", FILES / name, "--json"),
                            lambda entry: None if entry.get("late") else self.as_image(entry), result,
                            lambda entry: tuple(entry["shape"][1:]) if "shape" in entry else entry["image_error"])
        self.assertGreater(len(groups), 2 if program.SANITIZED else 5)

    def test_plan(self):
        self.check("plan", lambda name, _: ("plan", self.model, FILES / name, "--json"),
                   self.as_colours, lambda *_: None, str, names=self.whole())

    def test_predict(self):
        self.check("predict", lambda name, folder: ("predict", self.model, FILES / name, "--out", folder, "--what",
                                                    "probabilities", "--bits", 8, "--normalise", "0:255"),
                   self.as_colours, lambda _, folder: self.pixels_in(folder), lambda entry: entry["image"])

    def test_predict_where(self):
        """What is not 0 says where."""
        self.check("where", lambda name, folder: ("predict", self.model, self.partner(name), "--where", FILES / name,
                                                  "--out", folder), self.as_mask,
                   lambda _, folder: self.pixels_in(folder), lambda entry: entry["image"])

    def test_measure_intensities(self):
        """Of the stored values, which an image with a colour table or an inverting one does not show."""
        self.check("intensities", lambda name, folder: ("measure", self.partner(name), "--image", FILES / name, "--out",
                                                        folder / "t.csv"), self.as_image,
                   lambda _, folder: self.table_in(folder),
                   lambda entry: (entry["image"], entry.get("white_is_zero", False), entry.get("palette", False) and
                                  "bits" in entry))

    def test_objects_of_probabilities(self):
        """What holds no probabilities is refused: fractions above 1, negative ones, 32 bits, several channels."""
        results = self.run_each("objects", lambda name, folder: ("objects", FILES / name, "--out", folder))
        groups = collections.defaultdict(dict)
        for name, (status, out, err, folder) in results.items():
            with self.subTest(file=name):
                entry, told = EXPECTED[name], f"{name}: status {status}\n{out}{err}"
                if status == 0:
                    self.assertNotIn("image_error", entry, told)
                    self.assertIn(entry["type"], ("u8", "u16"), told)
                    groups[entry["image"], entry["type"]][name] = self.pixels_in(folder)
                else:
                    self.assertIn(name, err, told)
        for members in groups.values():
            self.assertEqual(len({str(found) for found in members.values()}), 1, list(members))

    def test_import_onto_an_image(self):
        """The outline of an object 3 x 2 pixels large on an image that is one plane."""
        square = struct.pack(">4sHBBhhhhH", b"Iout", 227, 1, 0, 2, 3, 4, 6, 0).ljust(64, b"\0")
        (self.here / "rois").mkdir()
        def command(name, folder):
            rois = folder / "rois"
            rois.mkdir()
            (rois / f"{pathlib.Path(name.removesuffix('.gz').removesuffix('.tif')).stem}.roi").write_bytes(square)
            return "data", "import", rois, "--images", FILES / name, "--out", folder / "out", "--json"
        self.check("import", command, lambda entry: None if entry.get("late") else self.as_image(entry),
                   lambda *_: None, str)

    def test_train(self):
        """A step on the file and two objects in each slice of it."""
        self.check("train", lambda name, folder: ("train", FILES / name, self.partner(name), "--labels", "instances",
                                                  "--out", folder / "run", "--steps", 1, *program.SMALL),
                   self.as_image, lambda *_: None, str, names=self.one_of_a_kind())

    def test_measure_labels(self):
        self.check("measure", lambda name, folder: ("measure", FILES / name, "--out", folder / "t.csv"), self.as_labels,
                   lambda _, folder: self.table_in(folder), lambda entry: entry["labels"])

    def test_evaluate(self):
        def result(out, _):
            told = json.loads(out)
            self.assertEqual(told["dice"], 1)
            return None
        self.check("evaluate", lambda name, _: ("evaluate", FILES / name, FILES / name, "--json"), self.as_labels,
                   result, str, IMAGE)

    def test_report_of_a_prediction(self):
        self.check("report", lambda name, folder: ("report", FILES / name, "--labels", FILES / name, "--out",
                                                   folder / "r.html"), self.as_labels, lambda *_: None, str, IMAGE)

    def test_export_of_labels(self):
        def result(_, folder):
            path, = folder.rglob("*.geojson")
            return json.loads(path.read_text())
        self.check("export", lambda name, folder: ("data", "export", FILES / name, "--format", "geojson", "--out",
                                                   folder / "out"), self.as_labels, result,
                   lambda entry: entry["labels"])

    def test_check_as_image_and_as_labels(self):
        self.check("check image", lambda name, _: ("check", FILES / name, self.partner(name), "--labels", "instances"),
                   self.as_image, lambda *_: None, str)
        self.check("check labels", lambda name, _: ("check", self.partner(name), FILES / name, "--labels", "instances"),
                   self.as_labels, lambda *_: None, str, IMAGE)


if __name__ == "__main__":
    program.main()
