"""`--where MASK`: the same inside, background outside, and nothing computed for the rest."""
import os
import unittest

import pictures
import program
from program import ProgramTest

EDGE = 300
FLAGS = ["--tile", 64, "--threads", 1]


class Where(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_data()
        self.train()
        pictures.write_tiff_stack(self.here / "slide.tif", [pictures.slanted(EDGE, EDGE)])
        self.mask = [[9 if 60 < y < 150 and 100 < x < 110 + y else 0 for x in range(EDGE)] for y in range(EDGE)]
        pictures.write_png(self.here / "mask.png", self.mask)

    def predict(self, out, *arguments, **options):
        return self.run_unet("predict", "run", "slide.tif", "--out", out, *FLAGS, *arguments, **options)

    def result(self, out):
        """Rows of each page."""
        return [[list(page.values[y * page.width:(y + 1) * page.width]) for y in range(page.height)]
                for page in pictures.read_tiff(self.here / out / "slide.tif")]

    def test_inside_nothing_changes_and_outside_is_background(self):
        self.predict("labels", "--what", "labels")
        self.predict("masked", "--what", "labels", "--where", "mask.png")
        whole, = self.result("labels")
        expected = [[v if m else 0 for v, m in zip(*rows)] for rows in zip(whole, self.mask)]
        self.assertNotEqual(whole, expected)
        self.assertTrue(any(map(any, expected)))
        self.assertEqual(self.result("masked"), [expected])
        self.predict("plain", "--what", "probabilities", "--bits", 8)
        self.predict("classes", "--what", "probabilities", "--bits", 8, "--where", "mask.png")
        self.assertEqual(self.result("classes"), [
            [[v if m else outside for v, m in zip(*rows)] for rows in zip(page, self.mask)]
            for page, outside in zip(self.result("plain"), (255, 0))])

    def test_any_kind_of_mask_means_its_stored_values(self):
        self.predict("out", "--what", "labels", "--where", "mask.png")
        expected = self.files("out")
        pictures.write_png(self.here / "table.png", [[int(v > 0) for v in row] for row in self.mask],
                           palette=[(255, 255, 255), (0, 0, 0)])
        pictures.write_tiff_stack(self.here / "inverting.tif", [[[255 * (v > 0) for v in row] for row in self.mask]],
                                  photometric=0)
        pictures.write_tiff_stack(self.here / "floats.tif", [[[v / 100 for v in row] for row in self.mask]], form="f")
        pictures.write_tiff_stack(self.here / "rgb.tif", [[[(v, v, v) for v in row] for row in self.mask]], photometric=2)
        for name in ("table.png", "inverting.tif", "floats.tif", "rgb.tif"):
            with self.subTest(name):
                self.predict(f"out {name}", "--what", "labels", "--where", name)
                self.assertEqual(self.files(f"out {name}"), expected)

    def test_stacks_take_one_slice_for_all_or_as_many(self):
        row = bytes(x * 7 % 251 for x in range(90))
        pictures.write_tiff_stack(self.here / "slide.tif", [[row[y + z:] + row[:y + z] for y in range(80)] for z in (0, 5)])
        halves = [[[int(x > 40) ^ z for x in range(90)] for _ in range(80)] for z in (0, 1)]
        self.predict("whole", "--what", "labels")
        whole = self.result("whole")
        for name, pages, slices in (("one.tif", halves[:1], [0, 0]), ("two.tif", halves, [0, 1])):
            pictures.write_tiff_stack(self.here / name, pages)
            self.predict(f"out {name}", "--what", "labels", "--where", name)
            self.assertEqual(self.result(f"out {name}"), [
                [[v if m else 0 for v, m in zip(*rows)] for rows in zip(page, halves[z])]
                for page, z in zip(whole, slices)])

    def test_it_is_planned_and_bounded(self):
        whole, = self.json_of("plan", "run", "slide.tif", *FLAGS)["images"]
        masked, = self.json_of("plan", "run", "slide.tif", *FLAGS, "--where", "mask.png")["images"]
        (whole_kind,), (kind,) = whole["kinds"], masked["kinds"]
        self.assertEqual(kind["tiles"] + kind["skipped_tiles"], whole_kind["tiles"])
        self.assertGreater(kind["skipped_tiles"], kind["tiles"])
        self.assertRegex(self.run_unet("plan", "run", "slide.tif", *FLAGS, "--where", "mask.png").stdout,
                         rf"{kind['tiles']} tile.s. of .*, {kind['skipped_tiles']} outside the mask\n")
        for form in ("tif", "ome-tif", "ome-zarr"):
            flags = ["--what", "labels", "--where", "mask.png", "--format", form]
            self.run_unet("predict", "run", "slide.tif", "--out", f"free {form}", *flags)
            self.predict(f"bounded {form}", *flags, "--max-ram", "2GB" if program.SANITIZED else "100MB")
            self.assertEqual(self.files(f"bounded {form}"), self.files(f"free {form}"))

    def test_shares_and_going_on_need_the_same_mask(self):
        flags = ["--what", "labels", "--where", "mask.png"]
        self.predict("whole", *flags)
        self.predict("out", *flags, "--part", "1/2")
        mask = self.here / "mask.png"
        time = mask.stat().st_mtime_ns
        os.utime(mask, ns=(time, time + 10**9))
        self.assertRegex(self.predict("out", *flags, "--part", "2/2", status=1).stderr, "was begun with other flags")
        os.utime(mask, ns=(time, time))
        self.predict("out", *flags, "--part", "2/2")
        self.assertEqual(self.files("out"), self.files("whole"))

    def test_what_does_not_fit_is_refused(self):
        pictures.write_png(self.here / "small.png", [row[:-1] for row in self.mask])
        pictures.write_png(self.here / "colours.png", [[(v, 0, 0) for v in row] for row in self.mask])
        for name, words in (("small.png", "the mask has 1 slice.s. of 300 x 299 pixels, expected 1 of 300 x 300"),
                            ("colours.png", "the mask has 3 channels, expected one"), ("none.png", "no such file")):
            with self.subTest(name):
                for verb in (["predict", "--out", "out"], ["plan"]):
                    self.assertRegex(self.run_unet(*verb[:1], "run", "slide.tif", *verb[1:], "--where", name,
                                                   status=1).stderr, f"^unet: .*{words}")
        self.refused("logits have no background", "predict", "run", "slide.tif", "--out", "out", "--what", "logits",
                     "--where", "mask.png", status=2)
        self.refused("is the mask of one image, found 4", "predict", "run", "data/images", "--out", "out", "--where",
                     "mask.png", status=2)
        (self.here / "masks").mkdir()
        (self.here / "mask.png").rename(self.here / "masks/mask.png")
        self.refused("mask.png is read from this folder", "predict", "run", "slide.tif", "--out", "masks", "--where",
                     "masks/mask.png")
        self.assertFalse(any(name.endswith(".tif") for name in self.files("out")))

    def test_nan_outside_does_not_matter(self):
        rows = [[float(value) for value in row] for row in pictures.slanted(EDGE, EDGE)]
        pictures.write_tiff_stack(self.here / "slide.tif", [rows], form="f")
        self.predict("whole", "--where", "mask.png", "--what", "probabilities", "--normalise", "0:255")
        for y in range(EDGE):
            for x in range(250, EDGE):
                rows[y][x] = float("nan")
        pictures.write_tiff_stack(self.here / "slide.tif", [rows], form="f")
        self.assertRegex(self.predict("refused", status=1).stderr,
                         "holds nan in page 0, row 0, column 250.*leave them out by a mask .--where.")
        with_nan = [[0 if x >= 245 else value for x, value in enumerate(row)] for row in self.mask]
        pictures.write_png(self.here / "mask.png", with_nan)
        done = self.predict("part", "--where", "mask.png", "--what", "probabilities", "--normalise", "0:255")
        self.assertIn("where nothing is wanted (--where) it holds values that are no numbers", done.stderr)
        reach = 60  # further from the hole no wanted pixel sees it
        for whole, part in zip(self.result("whole"), self.result("part")):
            for y in range(EDGE):
                self.assertEqual(part[y][:250 - reach], whole[y][:250 - reach])
        # A mask of floats with NaN outside is the same mask.
        rows = [[float(value) if value else float("nan") for value in row] for row in with_nan]
        pictures.write_tiff_stack(self.here / "mask.tif", [rows], form="f")
        self.predict("by_nan", "--where", "mask.tif", "--what", "probabilities", "--normalise", "0:255")
        self.assertEqual(self.files("by_nan"), self.files("part"))
        # By the percentiles of the rest, for any cut.
        self.predict("cut", "--where", "mask.png", "--what", "labels", "--normalise", "image")
        cut = self.files("cut")["slide.tif"]
        self.run_unet("predict", "run", "slide.tif", "--out", "cut2", "--tile", 128, "--threads", 2, "--where", "mask.png",
                      "--what", "labels", "--normalise", "image")
        self.assertEqual(self.files("cut2")["slide.tif"], cut)


if __name__ == "__main__":
    program.main()
