"""Objects of any size without a flag, and what --diameter says of them."""
import pathlib
import unittest

import pictures
import program
from program import ProgramTest

MODEL = pathlib.Path(__file__).parents[2] / "models" / "nuclei.safetensors"
LEARNED = 18.948708441878455  # middle diameter of the objects that the model was trained on, as `unet info` says
# Objects are seen some 6 or 12 times smaller than they are, and an edge is half a pixel more or less on each side.
ABOUT = 0.17


class Diameter(ProgramTest):
    def setUp(self):
        super().setUp()
        centres = [(60 + 120 * row, 60 + 130 * column) for row in range(3) for column in range(3)]
        image, _ = pictures.discs(360, 400, centres, 45)
        pictures.write_png(self.here / "large.png", image)
        small, _ = pictures.discs(120, 130, [(15 + 30 * row, 20 + 30 * column) for row in range(4) for column in range(4)], 11)
        pictures.write_png(self.here / "usual.png", small)

    def predicted(self, image, *flags, out="out"):
        entry, = self.json_of("predict", MODEL, image, "--out", out, "--format", "png", *flags)["outputs"]
        return entry, (self.here / out / image).read_bytes()

    def test_large_objects_are_found_without_a_flag(self):
        entry, objects = self.predicted("large.png")
        self.assertLess(abs(entry["diameter"] / 91 - 1), ABOUT)
        self.assertAlmostEqual(entry["scale"], LEARNED / entry["diameter"], places=5)
        self.assertEqual(entry["count"], 9)
        self.assertRegex("\n".join(entry["notes"]),
                         r"objects about \d+.* pixels wide, where the model learned those of 18.9: "
                         r"shown to the network 0.2\d* times as large \(--diameter off: as it is\)")
        self.assertEqual(self.predicted("large.png", "--tile", 64, "--threads", 1, out="tiled")[1], objects)
        self.assertEqual(self.predicted("large.png", "--diameter", entry["diameter"], out="told")[1], objects)
        self.assertEqual(self.predicted("large.png", "--scale", entry["scale"], out="scaled")[1], objects)
        as_it_is, other = self.predicted("large.png", "--diameter", "off", out="off")
        self.assertEqual((as_it_is["scale"], "diameter" in as_it_is), (1, False))
        self.assertNotEqual(other, objects)

    def test_objects_of_the_size_that_was_learned_are_shown_as_they_are(self):
        entry, objects = self.predicted("usual.png")
        self.assertLess(abs(entry["diameter"] / 23 - 1), ABOUT)
        self.assertEqual((entry["scale"], entry["count"]), (1, 16))
        self.assertNotIn("objects about", "\n".join(entry["notes"]))
        self.assertEqual(self.predicted("usual.png", "--diameter", "off", out="off")[1], objects)

    def test_sizes_in_micrometres_need_pixels_that_have_one(self):
        by_pixels, _ = self.predicted("large.png", "--diameter", 91)
        self.assertEqual(by_pixels["diameter"], 91)
        by_unit, _ = self.predicted("large.png", "--diameter", "45.5um", "--spacing", "0.5um", out="unit")
        self.assertEqual((by_unit["diameter"], by_unit["count"]), (91, by_pixels["count"]))
        self.assertEqual(*[pictures.read_png(self.here / out / "large.png") for out in ("out", "unit")])
        self.assertIn("large.png: --diameter: 20 um for an image that does not say how large its pixels are",
                      self.run_unet("predict", MODEL, "large.png", "--out", "none", "--diameter", "20um", status=1).stderr)

    @unittest.skipIf(program.SANITIZED, "memory means nothing there")
    def test_a_plan_looks_and_a_limit_is_kept(self):
        planned, = self.json_of("plan", MODEL, "large.png", "--max-ram", "80MB")["images"]
        done = self.json_of("predict", MODEL, "large.png", "--out", "out", "--max-ram", "80MB")
        entry, = done["outputs"]
        self.assertEqual((planned["diameter"], planned["scale"]), (entry["diameter"], entry["scale"]))
        self.assertLessEqual(done["peak_bytes"], 80e6)
        self.assertRegex(self.run_unet("plan", MODEL, "large.png").stdout,
                         r"object size +about \d+.* pixels; the network is shown the image 0.2\d+ times as large")

    def test_evaluate_sees_what_predict_sees(self):
        for folder, image in (("images", "large.png"), ("labels", "large.png")):
            (self.here / "set" / folder).mkdir(parents=True)
        self.predicted("large.png")
        (self.here / "set/images/large.png").write_bytes((self.here / "large.png").read_bytes())
        (self.here / "set/labels/large.png").write_bytes((self.here / "out/large.png").read_bytes())
        self.assertEqual(self.json_of("evaluate", MODEL, "set")["f1"], 1.0)
        self.assertLess(self.json_of("evaluate", MODEL, "set", "--diameter", "off")["f1"], 1.0)

    def test_bad_sizes_are_refused(self):
        for value in ("0", "-3", "abc", "5 apples", "inf", "20 seconds"):
            self.refused("--diameter: found '.*', expected auto, off, or a number above 0", "predict", MODEL, "large.png",
                         "--out", "none", f"--diameter={value}")
        for value, words in (("0.001", "objects of 0.001 pixels would be shown 18948.7 times as large"),
                             ("1e-15", "times as large, expected 0.01 to 100 times")):
            self.assertIn(words, self.run_unet("predict", MODEL, "large.png", "--out", "none", "--diameter", value,
                                               status=1).stderr)
        self.assertIn("large.png: --diameter: objects of 900 pixels in an image of 360x400; expected less than its edge",
                      self.run_unet("predict", MODEL, "large.png", "--out", "none", "--diameter", 900, status=1).stderr)
        self.refused("--diameter 30 and --scale 2 both say how large", "predict", MODEL, "large.png", "--out", "none",
                     "--diameter", 30, "--scale", 2)
        self.assertEqual(self.files("none"), {})

    def test_a_model_that_does_not_know_sizes_says_so(self):
        self.make_run_of_classes()
        entry, = self.json_of("predict", "run", "large.png", "--out", "out")["outputs"]
        self.assertEqual((entry["scale"], "diameter" in entry), (1, False))
        self.refused("--diameter: the model does not know how large the objects were", "predict", "run", "large.png",
                     "--out", "none", "--diameter", 30, status=2)

    def make_run_of_classes(self):
        self.make_data()
        self.change_labels(lambda path, rows: pictures.write_png(path, [[min(value, 1) for value in row] for row in rows]))
        self.train("--labels", "classes")


if __name__ == "__main__":
    program.main()
