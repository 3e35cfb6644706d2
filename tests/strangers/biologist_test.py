"""A cell biologist with five annotated images: look, train, predict, judge, go on."""
import unittest

import nuclei
import pictures
import program
from program import ProgramTest


class Biologist(ProgramTest):
    def test_from_five_images_to_a_table(self):
        nuclei.copy_pairs(self.here / "mydata", count=5)
        nuclei.copy_pairs(self.here / "others", part="val", count=3)
        told = self.run_unet("info", "mydata").stdout
        self.assertRegex(told, "instances")
        self.run_unet("data", "show", "mydata", "--out", "look", "--count", 2)
        self.assertEqual(len(list((self.here / "look").glob("*.png"))), 2)

        done = self.run_unet("train", "mydata", "--grey", "--steps", 40, "--patch", 128)
        self.assertRegex(done.stderr, "5 images")
        self.assertRegex(done.stderr, "network: 4 levels")
        self.assertRegex(done.stderr, "memory: ")
        self.assertIn("unet predict runs/mydata", done.stdout)
        self.assertIn("unet train --resume runs/mydata", done.stdout)
        self.assertTrue(list((self.here / "runs/mydata/previews").glob("*.png")))

        self.run_unet("predict", "runs/mydata", "others/images", "--out", "results", "--overlay",
                      "--table", "counts.csv")
        self.assertEqual(len(list((self.here / "results").glob("*.tif"))), 3)
        self.assertEqual(len(list((self.here / "results/overlay").glob("*.png"))), 3)
        self.assertEqual(len((self.here / "counts.csv").read_text().splitlines()), 4)
        scores = self.json_of("evaluate", "runs/mydata", "others")
        self.assertEqual(len(scores["images"]), 3)

        longer = self.run_unet("train", "--resume", "runs/mydata", "--steps", "+5")
        self.assertRegex(longer.stdout, "finished after 45 steps")

    def test_one_annotated_image(self):
        name, = nuclei.copy_pairs(self.here / "one", count=1)
        done = self.run_unet("train", "one", "--grey", "--steps", 5, "--patch", 64, "--out", "run")
        self.assertRegex(done.stderr, "validat")
        self.run_unet("predict", "run", f"one/images/{name}.png", "--out", "results")

    def test_beginning_from_the_model_that_comes_along_beats_beginning_from_nothing(self):
        nuclei.copy_pairs(self.here / "mydata", count=5)
        nuclei.copy_pairs(self.here / "others", part="val", count=6)
        scores = {}
        for run, extra in (("anew", []), ("from it", ["--init", "nuclei"])):
            self.run_unet("train", "mydata", "--grey", "--steps", 25, "--patch", 128, "--normalise", "range",
                          "--learning-rate", "1e-3", "--out", run, *extra)
            scores[run] = self.json_of("evaluate", run, "others")["f1"]
        self.assertGreater(scores["from it"], scores["anew"] + 0.1)


if __name__ == "__main__":
    program.main()
