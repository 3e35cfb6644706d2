"""Evaluation beyond the standard figures: ISBI 2012, surfaces, sizes, intervals, comparison, challenge names."""
import math

import pictures
import program
from program import SMALL, ProgramTest


def cells(gap=None, value=255):
    """Two cells and a membrane between them, 20 x 21; `gap`: rows in which the membrane is missing."""
    return [[0 if x == 10 and not (gap and y in gap) else value for x in range(21)] for y in range(20)]


class Isbi2012(ProgramTest):
    def setUp(self):
        super().setUp()
        pictures.write_tiff_stack(self.here / "truth.tif", [cells(), cells()])

    def scores(self, *arguments):
        return self.json_of("evaluate", *arguments, "--metrics", "isbi2012")

    def test_truth_against_itself(self):
        scores = self.scores("truth.tif", "truth.tif")
        self.assertEqual((scores["kind"], scores["slices"], len(scores["by_threshold"])), ("isbi2012", 2, 1))
        self.assertEqual([scores[key] for key in ("v_rand", "v_info", "v_rand_split", "v_rand_merge")], [1, 1, 1, 1])
        self.assertEqual([scores[key] for key in ("pixel_error", "rand_error", "warping_error")], [0, 0, 0])
        self.assertEqual([image["name"] for image in scores["images"]], ["truth"])
        text = self.run_unet("evaluate", "truth.tif", "truth.tif", "--metrics", "isbi2012").stdout
        self.assertRegex(text, r"(?m)^v_rand +1\.000000 +after thinning")
        self.assertRegex(text, r"(?m)^warping error +0\.000000 ")

    def test_a_gap_merges_and_a_line_splits(self):
        pictures.write_tiff_stack(self.here / "gap.tif", [cells(gap=[7]), cells()])
        merged = self.scores("gap.tif", "truth.tif")
        self.assertEqual(merged["v_rand_split"], 1)
        self.assertLess(merged["v_rand_merge"], 0.8)
        self.assertEqual(merged["by_threshold"][0]["warping_pixels"]["mergers"], 1)
        self.assertAlmostEqual(merged["warping_error"], 1 / (2 * 20 * 21))
        split = self.scores("truth.tif", "gap.tif")
        self.assertLess(split["v_rand_split"], 1)
        self.assertEqual(split["by_threshold"][0]["warping_pixels"]["splits"], 1)

    def test_probabilities_are_swept(self):
        # The membrane is at 0.45 in a gap: thresholds from 0.5 on close it.
        rows = [[0.45 if x == 10 and y == 7 else 0.05 if x == 10 else 0.95 for x in range(21)] for y in range(20)]
        pictures.write_tiff_stack(self.here / "p.tif", [rows, rows], form="f")
        scores = self.scores("p.tif", "truth.tif")
        self.assertEqual([entry["threshold"] for entry in scores["by_threshold"]], [i / 10 for i in range(11)])
        self.assertEqual((scores["v_rand"], scores["v_rand_threshold"], scores["warping_error"]), (1, 0.5, 0))
        self.assertLess(scores["by_threshold"][4]["v_rand"], 0.8)
        # 8 bits hold probabilities times 255.
        bytes_ = [[round(255 * p) for p in row] for row in rows]
        pictures.write_tiff_stack(self.here / "p8.tif", [bytes_, bytes_])
        self.assertEqual(self.scores("p8.tif", "truth.tif")["v_rand_threshold"], 0.5)

    def test_ids_are_segments(self):
        touching = [[1 if x < 10 else 2 if x < 20 else 7 for x in range(21)] for _ in range(20)]
        pictures.write_tiff_stack(self.here / "ids.tif", [touching, touching], form="H")
        scores = self.scores("ids.tif", "truth.tif")
        self.assertEqual(len(scores["by_threshold"]), 1)
        self.assertEqual(scores["v_rand_merge"], 1)

    def test_pages(self):
        pictures.write_tiff_stack(self.here / "long.tif", [cells(gap=[7]), cells(), cells()])
        scores = self.scores("truth.tif", "long.tif", "--pages", "1-2")
        self.assertEqual((scores["slices"], scores["v_rand"]), (2, 1))

    def test_a_model_is_evaluated(self):
        image, labels = pictures.discs(48, 48, [(12, 12), (14, 34), (34, 14), (35, 36)], 8)
        for folder in ("data/images", "data/labels"):
            (self.here / folder).mkdir(parents=True)
        for i in range(2):
            pictures.write_png(self.here / f"data/images/{i}.png", image)
            pictures.write_png(self.here / f"data/labels/{i}.png", [[255 * (v > 0) for v in row] for row in labels])
        self.run_unet("train", "data", "--out", "run", "--steps", 20, "--learning-rate", "0.01", *SMALL)
        scores = self.scores("run", "data")
        self.assertEqual((scores["slices"], len(scores["by_threshold"])), (2, 11))
        self.assertIn("run", scores["model"])

    def test_bad_input_is_one_clear_error(self):
        for name, rows in (("nan", math.nan), ("logits", 3.5), ("negative", -0.25)):
            page = [[rows if (y, x) == (3, 4) else 0.5 for x in range(21)] for y in range(20)]
            pictures.write_tiff_stack(self.here / f"{name}.tif", [page, page], form="f")
            self.refused(f"{name}.tif: found .* row 3, column 4, expected probabilities from 0 to 1",
                         "evaluate", f"{name}.tif", "truth.tif", "--metrics", "isbi2012", status=1)
        pictures.write_tiff_stack(self.here / "small.tif", [[[0, 255]] * 20] * 2)
        self.refused("small.tif: predicted .* the truth is", "evaluate", "small.tif", "truth.tif", "--metrics",
                     "isbi2012", status=1)
        # Probabilities are no truth.
        self.refused("nan.tif", "evaluate", "truth.tif", "nan.tif", "--metrics", "isbi2012", status=1)
        for flag in (["--ignore", 3], ["--labels", "binary"], ["--compare", "truth.tif"], ["--volume"]):
            self.refused(f"{flag[0]} does not go with --metrics isbi2012", "evaluate", "truth.tif", "truth.tif",
                         "--metrics", "isbi2012", *flag, status=2)
        self.refused("--metrics", "evaluate", "truth.tif", "truth.tif", "--metrics", "isbi")


class Surfaces(ProgramTest):
    def setUp(self):
        super().setUp()
        self.square("truth.tif", 5)
        self.square("shifted.tif", 8)

    def square(self, name, left, micrometres=None):
        """A square of 10 x 10 pixels from column `left` on."""
        rows = [[255 * (5 <= y < 15 and left <= x < left + 10) for x in range(30)] for y in range(30)]
        pictures.write_tiff_stack(self.here / name, [rows], micrometres=micrometres)

    def scores(self, *arguments):
        return self.json_of("evaluate", *arguments, "--metrics", "surface")

    def test_distances_in_pixels(self):
        scores = self.scores("shifted.tif", "truth.tif")
        self.assertEqual((scores["hd95"], scores["surface"]["unit"]), (3, "pixels"))
        self.assertLess(scores["surface_dice"], 1)
        self.assertEqual(self.scores("shifted.tif", "truth.tif", "--tolerance", 3)["surface_dice"], 1)
        self.assertEqual(scores["classes"][1]["pictures_measured"], 1)
        text = self.run_unet("evaluate", "shifted.tif", "truth.tif", "--metrics", "surface").stdout
        self.assertRegex(text, r"(?m)^hd95 +3\.0000 +pixels$")
        self.assertNotIn("hd95", self.run_unet("evaluate", "shifted.tif", "truth.tif").stdout)

    def test_spacing_of_the_file_or_of_the_flag(self):
        self.square("truth_um.tif", 5, micrometres=0.5)
        scores = self.scores("shifted.tif", "truth_um.tif")
        self.assertAlmostEqual(scores["hd95"], 1.5)
        self.assertEqual((scores["surface"]["unit"], scores["surface"]["tolerance"]), ("um", 0.5))
        self.assertAlmostEqual(self.scores("shifted.tif", "truth_um.tif", "--spacing", "1,2")["hd95"], 6)

    def test_one_side_without_the_structure(self):
        pictures.write_tiff_stack(self.here / "empty.tif", [[[0] * 30] * 30])
        scores = self.scores("empty.tif", "truth.tif", "--labels", "binary")
        self.assertEqual((scores["hd95"], scores["assd"], scores["surface_dice"]), (None, None, 0))

    def test_volumes(self):
        empty = [[0] * 12 for _ in range(12)]
        full = [[255 * (2 <= y < 10 and 2 <= x < 10) for x in range(12)] for y in range(12)]
        pictures.write_tiff_stack(self.here / "t.tif", [empty, full, full, full, empty])
        pictures.write_tiff_stack(self.here / "p.tif", [empty, empty, full, full, empty])
        volume = self.scores("p.tif", "t.tif", "--volume", "--spacing", "4,1,1")
        self.assertEqual(volume["hd95"], 4)
        self.assertEqual(volume["classes"][1]["pictures_measured"], 1)
        slices = self.scores("p.tif", "t.tif")
        self.assertEqual((slices["hd95"], slices["classes"][1]["pictures_one_sided"]), (0, 1))

    def test_bad_numbers(self):
        for text in ("0,1", "1,2,3,4", "a", "1,,2", "1,-2", "nan"):
            self.refused("--spacing", "evaluate", "shifted.tif", "truth.tif", "--metrics", "surface", "--spacing", text)
        self.refused("--spacing is for --metrics surface", "evaluate", "shifted.tif", "truth.tif", "--spacing", "1,1",
                     status=2)
        self.refused("--tolerance", "evaluate", "shifted.tif", "truth.tif", "--metrics", "surface", "--tolerance", -1)


class Objects(ProgramTest):
    def setUp(self):
        super().setUp()
        for folder in ("truth", "good", "poor"):
            (self.here / folder).mkdir()
        for i in range(6):
            _, labels = pictures.discs(40, 40, [(10, 10), (12, 30), (30, 12 + i)], 4 + i % 3)
            pictures.write_png(self.here / f"truth/{i}.png", labels, bits=16)
            pictures.write_png(self.here / f"good/{i}.png", labels, bits=16)
            lost = [[0 if v == 1 + i % 3 else v for v in row] for row in labels]
            pictures.write_png(self.here / f"poor/{i}.png", lost, bits=16)

    def scores(self, *arguments):
        return self.json_of("evaluate", *arguments, "--labels", "instances")

    def test_figures_of_objects(self):
        scores = self.scores("poor", "truth")
        self.assertAlmostEqual(scores["det"], 12 / 18)
        self.assertAlmostEqual(scores["pq"], 2 * 12 / (18 + 12))
        self.assertEqual(scores["aji"], scores["aji_plus"])
        self.assertEqual(self.scores("good", "truth")["aji"], 1)

    def test_by_size(self):
        sizes = self.scores("poor", "truth")["by_size"]
        self.assertEqual([entry["size"] for entry in sizes], ["small", "medium", "large"])
        self.assertEqual([entry["n_true"] for entry in sizes], [6, 6, 6])
        self.assertEqual(sum(entry["found"] for entry in sizes), 12)
        sizes = self.scores("poor", "truth", "--sizes", "60,5000")["by_size"]
        self.assertEqual([entry["n_true"] for entry in sizes], [6, 12, 0])
        self.assertIsNone(sizes[2]["recall"])
        for text in ("100", "5,5", "9,3", "a,b", "0,5", "1.5,3"):
            self.refused("--sizes: found", "evaluate", "poor", "truth", "--labels", "instances", "--sizes", text)

    def test_intervals_are_repeatable_and_hold_the_figure(self):
        first, again = self.scores("poor", "truth"), self.scores("poor", "truth")
        self.assertEqual(first, again)
        low, high = first["intervals"]["seg"]
        self.assertLessEqual(low, first["seg"])
        self.assertGreaterEqual(high, first["seg"])
        self.assertNotIn("intervals", self.scores("poor/0.png", "truth/0.png"))
        text = self.run_unet("evaluate", "poor", "truth", "--labels", "instances").stdout
        self.assertRegex(text, r"(?m)^seg +0\.6667  \[0\.\d{4}, 0\.\d{4}\]")

    def test_comparison_in_words(self):
        def words(a, b):
            return self.json_of("evaluate", a, "truth", "--labels", "instances", "--compare", b)
        better = words("poor", "good")
        self.assertEqual((better["better"], better["figure"], better["n_images"]), ("b", "f1", 6))
        self.assertTrue(better["words"].startswith("B is better: f1 is 0.8000 for A and 1.0000 for B"), better["words"])
        self.assertEqual(words("good", "poor")["better"], "a")
        same = words("poor", "poor")
        self.assertEqual(same["better"], "undecided")
        self.assertIn("do not tell whether B is better", same["words"])
        by_name = {entry["figure"]: entry for entry in better["figures"]}
        self.assertEqual(by_name["pixel_error"]["better"], "b")
        text = self.run_unet("evaluate", "poor", "truth", "--labels", "instances", "--compare", "good").stdout
        self.assertRegex(text, r"(?m)^A poor\nB good\nB is better: f1 ")
        self.assertRegex(text, r"(?m)^f1 +0\.8000 +1\.0000 +\+0\.2000 .*B is better$")

    def test_comparison_that_cannot_be(self):
        self.refused("--compare: nowhere: there is no such", "evaluate", "good", "truth", "--compare", "nowhere",
                     status=1)
        self.refused("found 1 image, expected two or more", "evaluate", "good/0.png", "truth/0.png", "--labels",
                     "instances", "--compare", "poor/0.png")
        (self.here / "poor/3.png").unlink()
        self.refused("no prediction for 1 of 6", "evaluate", "good", "truth", "--labels", "instances", "--compare",
                     "poor")

    def test_names_of_the_cell_tracking_challenge(self):
        for folder in ("res", "seg"):
            (self.here / folder).mkdir()
        for i in range(2):
            (self.here / f"good/{i}.png").rename(self.here / f"res/mask00{i}.png")
            (self.here / f"truth/{i}.png").rename(self.here / f"seg/man_seg00{i}.png")
        scores = self.scores("res", "seg")
        self.assertEqual((scores["seg"], scores["det"]), (1, 1))
        self.assertEqual([image["name"] for image in scores["images"]], ["man_seg000", "man_seg001"])

    def test_labels_that_are_none(self):
        pictures.write_tiff_stack(self.here / "float.tif", [[[0.5] * 40] * 40], form="f")
        pictures.write_tiff_stack(self.here / "negative.tif", [[[-1.0] * 40] * 40], form="f")
        for name in ("float.tif", "negative.tif"):
            self.refused(name, "evaluate", name, "truth/0.png", "--labels", "instances", status=1)


if __name__ == "__main__":
    program.main()
