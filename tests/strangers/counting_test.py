"""Someone who only wants nuclei counted, and has trained nothing."""
import csv

import nuclei
import program
from program import ProgramTest


class Counting(ProgramTest):
    def test_the_model_that_comes_along_counts_at_once(self):
        names = nuclei.copy_pairs(self.here / "val", part="val", count=18)
        listed = self.json_of("info", "--models")
        self.assertIn("nuclei", str(listed))
        self.run_unet("predict", "nuclei", "val/images", "--out", "results", "--table", "counts.csv")
        with open(self.here / "counts.csv", newline="") as table:
            found = {row["image"]: int(row["objects"]) for row in csv.DictReader(table)}
        true = {name: len({v for row in nuclei.read_png(self.here / "val/labels" / f"{name}.png")[0] for v, in row} - {0})
                for name in names}
        self.assertEqual(len(found), len(true))
        wrong = sum(abs(n - next(count for image, count in found.items() if name in image))
                    for name, n in true.items())
        # Six in ten of a beginner's counts within a third would be luck; here the sum of all errors stays below it.
        self.assertLess(wrong, sum(true.values()) / 3)
        scores = self.json_of("evaluate", "nuclei", "val")
        self.assertGreater(scores["f1"], 0.7)


if __name__ == "__main__":
    program.main()
