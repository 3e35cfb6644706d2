"""What the default recipe adds for numbered objects: a class of boundaries, images of one size of objects."""
import unittest

import pictures
import program
from program import PLAIN, ProgramTest

TINY = ["--levels", 2, "--base-channels", 8, "--patch", 48, "--batch-size", 2, "--threads", 1]


class Boundary(ProgramTest):
    def setUp(self):
        super().setUp()
        for folder in ("images", "labels"):
            (self.here / "data" / folder).mkdir(parents=True)
        for i in range(4):
            # Pairs of discs that touch, and single ones.
            centres = [(20, 20 + i), (20, 41 + i), (60, 30), (60, 75 - i), (95, 50 + i), (95, 70 + i)]
            image, labels = pictures.discs(120, 100, centres, 10)
            pictures.write_png(self.here / "data/images" / f"{i}.png", image)
            pictures.write_png(self.here / "data/labels" / f"{i}.png", labels)

    def trained(self, *flags, out="run", steps=60):
        return self.json_of("train", "data", "--labels", "instances", "--out", out, "--steps", steps, *TINY, *flags)

    def test_objects_come_from_interiors_whatever_the_way(self):
        plain = PLAIN.copy()
        plain[plain.index("--boundary") + 1] = "0.45"
        self.trained(*plain)
        self.assertIn("background, interior, boundary", self.run_unet("info", "run/model.safetensors").stdout)
        image = self.here / "data/images/0.png"
        entry, = self.json_of("predict", "run", image, "--out", "whole", "--diameter", "off")["outputs"]
        whole = pictures.read_tiff(self.here / "whole/0.tif")[0].values
        self.json_of("predict", "run", image, "--out", "tiled", "--diameter", "off", "--tile", 16, "--threads", 2)
        self.assertEqual(pictures.read_tiff(self.here / "tiled/0.tif")[0].values, whole)
        self.run_unet("predict", "run", image, "--out", "maps", "--diameter", "off", "--what", "probabilities")
        planes = [page.values for page in pictures.read_tiff(self.here / "maps/0.tif")]
        self.assertEqual(len(planes), 3)
        self.assertTrue(all(abs(sum(pixel) - 1) < 1e-5 for pixel in zip(*planes)))
        again = self.json_of("objects", "maps", "--model", "run", "--out", "found")
        self.assertEqual(pictures.read_tiff(self.here / "found/0.tif")[0].values, whole)
        self.assertEqual(again["found"][0]["objects"], entry["count"])
        self.assertIn("`--model` says how objects are made of them".replace("`", ""),
                      self.run_unet("objects", "maps", "--out", "none", status=1).stderr.replace("`", ""))
        # A colour image is no probability, though it has three channels.
        colours = [[(200, 100, 50)] * 8] * 8
        pictures.write_png(self.here / "rgb.png", colours)
        self.refused("rgb.png: found 3 channels", "objects", "rgb.png", "--model", "run", "--out", "none", status=1)
        self.run_unet("predict", "run", image, "--out", "labels", "--diameter", "off", "--what", "labels")
        labels = pictures.read_tiff(self.here / "labels/0.tif")[0].values
        self.assertLessEqual(set(labels), {0, 1, 2})
        self.assertEqual(self.json_of("evaluate", "run", "data", "--diameter", "off")["kind"], "instances")

    def test_images_are_brought_to_one_size(self):
        large, labels = pictures.discs(240, 200, [(60, 60), (60, 140), (180, 60), (180, 140)], 31)
        for i in (4, 5):
            pictures.write_png(self.here / "data/images" / f"{i}.png", large)
            pictures.write_png(self.here / "data/labels" / f"{i}.png", labels)
        told = self.trained("--diameter", 20, "--boundary", 0, steps=1)
        self.assertTrue(any("2 of 6 images are resized, so that the median object of each is 20.0 pixels wide (--diameter)"
                            in line for line in told["notices"]), told["notices"])
        told = self.trained("--diameter", "off", out="off", steps=1)
        self.assertFalse(any("resized" in line for line in told["notices"]))
        for value in ("0", "-3", "wide", "20um", "1e9"):
            self.refused("--diameter: found '.*', expected auto, off, or a number of pixels from 2 to 1000", "train", "data",
                         "--out", "none", "--steps", 1, f"--diameter={value}", status=None)
        self.refused("--boundary", "train", "data", "--out", "none", "--steps", 1, "--boundary", 0.95, status=2)


if __name__ == "__main__":
    program.main()
