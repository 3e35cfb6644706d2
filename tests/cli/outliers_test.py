"""Hot pixels, borders of one value and infinities: training and prediction hardly move, or say so."""
import json
import math

import pictures
import program
from program import PLAIN, SMALL, ProgramTest

NEAR = 0.02  # of F1


class Outliers(ProgramTest):
    def make_floats(self, name, value=None, first=0):
        """Four images of discs as floats, with one pixel of `value` an image."""
        for folder in ("images", "labels"):
            (self.here / name / folder).mkdir(parents=True, exist_ok=True)
        for i in range(4):
            shift = i + first
            image, labels = pictures.discs(64, 64, [(16 + shift, 14), (18, 50 - shift), (46, 24 + 2 * shift)], 7)
            # A ground that is not flat, of whole numbers.
            rows = [[v + (7 * y + 3 * x) % 11 for x, v in enumerate(row)] for y, row in enumerate(image)]
            if value is not None:
                rows[5 + i][40] = value
            pictures.write_tiff_stack(self.here / name / "images" / f"{i}.tif", [rows], "f")
            pictures.write_tiff_stack(self.here / name / "labels" / f"{i}.tif", [labels])
        return name

    def trained(self, data, *arguments, out=None, steps=20):
        return self.json_of("train", data, "--labels", "instances", "--out", out or f"run_{data}", "--steps", steps, "--levels", 2,
                            "--base-channels", 8, "--patch", 48, "--dropout", 0, "--threads", 1, *PLAIN, *arguments)

    def test_a_training_hardly_moves(self):
        self.make_floats("clean")
        self.make_floats("val", first=4)
        clean = self.trained("clean", "--val", "val", steps=200)
        self.assertGreater(clean["f1"], 0.9)
        for value in (65535.0, 3e38):
            self.make_floats(f"hot{value:g}", value)
            self.make_floats(f"val{value:g}", value, first=4)
            hot = self.trained(f"hot{value:g}", "--val", f"val{value:g}", steps=200)
            self.assertAlmostEqual(hot["f1"], clean["f1"], delta=NEAR, msg=value)
            for data in ("val", f"val{value:g}"):
                found = self.json_of("evaluate", f"run_hot{value:g}", data)["f1"]
                self.assertAlmostEqual(found, clean["f1"], delta=NEAR, msg=(value, data))

    def test_the_limit_is_told_and_kept(self):
        self.make_floats("clean")
        told = self.run_unet("train", "clean", "--labels", "instances", "--out", "run", "--steps", 1, *SMALL).stderr
        self.assertIn("; limited to -2 .. 3", told)
        self.assertEqual(self.json_of("info", "run/model.safetensors")["normalisation"]["clip"], 2)
        self.assertIn("limited to -2 .. 3", self.run_unet("info", "run/model.safetensors").stdout)
        for clip, kept in (("none", 0), ("2.5", 2.5)):
            self.run_unet("train", "clean", "--labels", "instances", "--out", clip, "--steps", 1, *SMALL, "--clip", clip)
            normalisation = self.json_of("info", f"{clip}/model.safetensors")["normalisation"]
            self.assertEqual(normalisation.get("clip", 0), kept)  # no limit is not written
        self.refused("--clip: found '0', expected none or a number above 0", "train", "clean", "--labels", "instances", "--out",
                     "x", "--steps", 1, "--clip", 0)
        self.refused("--clip: found 'some'", "predict", "run", "clean/images", "--out", "x", "--clip", "some")

    def test_nothing_beyond_the_limit_same_bits(self):
        self.make_floats("clean")
        self.trained("clean", out="with")
        self.trained("clean", "--clip", "none", out="without")
        for run, clip in (("with", []), ("without", []), ("without", ["--clip", 2])):
            self.run_unet("predict", run, "clean/images", "--what", "logits", "--out", f"{run}{len(clip)}", *clip)
        self.assertEqual(self.files("with0"), self.files("without0"))
        self.assertEqual(self.files("with0"), self.files("without2"))

    def test_a_model_without_a_limit_says_where_one_would_help(self):
        self.make_floats("clean")
        self.trained("clean", "--clip", "none", out="old")
        self.make_floats("hot", 1e6)
        note = "it holds 1e+06, far beyond its other values"
        done = self.json_of("predict", "old", "hot/images", "--out", "hot_out")
        for image in done["outputs"]:
            self.assertIn(note, " ".join(image["notes"]))
            self.assertIn("--clip 2 limits them", " ".join(image["notes"]))
        for arguments in (["old", "clean/images"], ["old", "hot/images", "--clip", 2]):
            self.assertNotIn("far beyond", self.run_unet("predict", *arguments, "--out", "quiet").stderr)

    def make_spotted(self, name, spots):
        """Six images of discs; 16 hot pixels of 9216, all in what a training keeps of them."""
        for folder in ("images", "labels"):
            (self.here / name / folder).mkdir(parents=True, exist_ok=True)
        for i in range(6):
            image, labels = pictures.discs(96, 96, [(20 + i, 20), (30, 60 - i), (70, 30 + 2 * i), (75, 78)], 9)
            rows = [[2 * v + 200 + (7 * y + 3 * x) % 11 for x, v in enumerate(row)] for y, row in enumerate(image)]
            for y in range(40, 44):
                rows[y][2:6] = [spots or v for v in rows[y][2:6]]
            pictures.write_tiff_stack(self.here / name / "images" / f"{i}.tif", [rows], "H")
            pictures.write_tiff_stack(self.here / name / "labels" / f"{i}.tif", [labels])
        return name

    def test_a_part_of_an_image_has_the_numbers_of_the_whole(self):
        # 16 of 9216 are fewer than the 0.2 % that are left out, 16 of the part that trains are more.
        iou = {}
        for name, spots in (("clean", 0), ("hot", 65535)):
            self.make_spotted(name, spots)
            self.trained(name, steps=150)
            iou[name] = self.json_of("evaluate", f"run_{name}", "clean")["iou"]
            seen = self.json_of("info", f"run_{name}/model.safetensors")
            self.assertEqual(seen["normalisation"].get("clip"), 2, name)
        self.assertGreater(iou["clean"], 0.8)
        self.assertGreater(iou["hot"], iou["clean"] - 2 * NEAR)

    def test_images_that_extremes_make_flat_are_told(self):
        self.make_spotted("clean", 0)
        self.trained("clean", out="run", steps=2)
        faults = {"border": lambda y, x: x < 22, "spots": lambda y, x: y % 15 == 0 and x % 15 == 0, "line": lambda y, x: x == 50}
        for name, at in faults.items():
            self.make_spotted(name, 0)
            path = self.here / name / "images/0.tif"
            image, _ = pictures.discs(96, 96, [(20, 20), (30, 60), (70, 30), (75, 78)], 9)
            pictures.write_tiff_stack(path, [[[65535 if at(y, x) else 2 * v + 200 + (7 * y + 3 * x) % 11
                                               for x, v in enumerate(row)] for y, row in enumerate(image)]], "H")
            note = "many of its pixels hold 65535 or near that, far beyond the others"
            told = self.json_of("predict", "run", path, "--out", f"{name}_out")["outputs"][0]["notes"]
            self.assertEqual(" ".join(told).count(note), 1, name)
            self.assertIn(note, self.run_unet("evaluate", "run", name, "--labels", "instances").stderr, name)
        self.assertNotIn("far beyond", self.run_unet("predict", "run", "clean/images", "--out", "quiet").stderr)

    def test_check_names_the_images(self):
        self.make_floats("hot", 1e6)
        found = json.loads(self.run_unet("check", "hot", "--labels", "instances", "--json").stdout)["findings"]
        self.assertEqual([each["kind"] for each in found], ["extreme"] * 4)
        self.assertEqual([each["where"]["file"] for each in found], [f"hot/images/{i}.tif" for i in range(4)])
        self.assertEqual(found[2]["where"]["place"], "row 7, column 40")
        self.assertRegex(found[2]["what"], r"^1 value\(s\) lie far beyond all others, the first is 1e\+06")
        self.make_floats("clean")
        self.assertEqual(json.loads(self.run_unet("check", "clean", "--labels", "instances", "--json").stdout)["findings"], [])

    def test_infinities_are_refused_with_their_place(self):
        self.make_floats("clean")
        self.trained("clean", out="run")
        for value in (math.inf, -math.inf):
            self.make_floats("bad", value)
            place = f"{value:g} in .*row 5, column 40"
            self.refused(f"0.tif.*{place}", "train", "bad", "--labels", "instances", "--out", "new", "--steps", 1, *SMALL)
            self.assertFalse((self.here / "new").exists())
            self.assertRegex(self.run_unet("predict", "run", "bad/images", "--out", "out", status=1).stderr, f"0.tif.*{place}")
            self.assertFalse((self.here / "out/0.tif").exists())
            found = self.json_of("check", "bad", "--labels", "instances", status=1)["findings"]
            self.assertRegex(found[0]["what"], place)
            self.assertEqual(found[0]["severity"], "error")


if __name__ == "__main__":
    program.main()
