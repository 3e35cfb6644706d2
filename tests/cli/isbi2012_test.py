"""--metrics isbi2012 against what the challenge's own program made of nine proposals, to 1e-9.

The images may not be passed on: UNET_ISBI2012_VECTORS names a folder that holds them (gt.tif, NAME.tif of the cases
in expected.json); otherwise they are looked for beside the source, and without them the test is skipped.
"""
import json
import os
import pathlib
import unittest

import pictures
import program
from program import ProgramTest

BESIDE = pathlib.Path(__file__).resolve().parents[3] / "shared/data/isbi2012_metric_vectors"
FOLDER = pathlib.Path(os.environ.get("UNET_ISBI2012_VECTORS", BESIDE))


@unittest.skipUnless((FOLDER / "expected.json").exists(), f"no vectors in {FOLDER}")
class Vectors(ProgramTest):
    def setUp(self):
        super().setUp()
        self.cases = json.loads((FOLDER / "expected.json").read_text())["cases"]

    def scores(self, name, *arguments):
        return self.json_of("evaluate", FOLDER / f"{name}.tif", FOLDER / "gt.tif", "--metrics", "isbi2012", *arguments)

    def near(self, found, expected, what):
        if expected is not None:
            self.assertAlmostEqual(found, expected, delta=1e-9, msg=what)

    def test_every_case(self):
        self.assertEqual(len(self.cases), 9)
        for name, expected in self.cases.items():
            with self.subTest(name):
                scores = self.scores(name)
                by_threshold = {entry["threshold"]: entry for entry in scores["by_threshold"]}
                # Where there is nothing to threshold there is one entry, and that program was run at 0.
                binary = expected["proposal"] == "bin"
                self.assertEqual(len(by_threshold), 1 if binary else 11)
                self.pixels_and_pairs(by_threshold[0.5], expected)
                for threshold, v_rand in expected["vrand_thin_per_threshold"].items():
                    self.after_thinning(by_threshold[0.5 if binary else float(threshold)], v_rand,
                                        expected["vinfo_thin_per_threshold"][threshold], threshold)
                self.near(scores["v_rand"], expected["vrand_thin_max"], "v_rand")
                self.near(scores["v_info"], expected["vinfo_thin_max"], "v_info")
                self.near(1 - scores["pixel_error"], expected["pixel_max_fscore_0_1_0.1"], "pixel F1")

    def pixels_and_pairs(self, half, expected):
        pairs = expected["fg_rand_stats_0.5_micro"]
        for key, value in (("wrong_pixels", expected["pixel_error_at_0.5"]),
                           ("pixel_precision", expected["pixel_precision_0.5"]),
                           ("pixel_recall", expected["pixel_recall_0.5"]),
                           ("pixel_f1", expected["pixel_fscore_0.5"]),
                           ("wrong_pairs", expected["fg_rand_error_at_0.5"]),
                           ("rand_precision", pairs["precision"]), ("rand_recall", pairs["recall"]),
                           ("rand_f1", pairs["fscore"]),
                           ("variation_of_information", expected["fg_vi_at_0.5"]),
                           ("warping_error_all", expected["warping_error_at_0.5"])):
            self.near(half[key], value, key)

    def after_thinning(self, found, v_rand, v_info, threshold):
        merge, split, score = v_rand  # not defined at 1, where that program sees no true object
        self.near(found["v_rand_merge"], merge, f"merge at {threshold}")
        self.near(found["v_rand_split"], split, f"split at {threshold}")
        self.near(found["v_rand"], score, f"v_rand at {threshold}")
        self.near(found["v_info"], v_info, f"v_info at {threshold}")

    def test_the_rand_index_that_counts_a_pixel_with_itself(self):
        # n^2 pairs instead of n (n - 1), slice by slice.
        inside = [sum(value > 0 for value in page.values) for page in pictures.read_tiff(FOLDER / "gt.tif")]
        for name in ("shift_3px", "noisy_prob"):
            index = 0
            for z, n in enumerate(inside):
                half = next(entry for entry in self.scores(name, "--pages", z)["by_threshold"]
                            if entry["threshold"] == 0.5)
                index += (1 - half["wrong_pairs"] * (n - 1) / n) / len(inside)
            self.near(index, self.cases[name]["fg_rand_stats_0.5_micro"]["metric"], name)


if __name__ == "__main__":
    program.main()
