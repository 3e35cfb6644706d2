"""A ceiling on memory that holds, whatever the size of the picture."""
import json
import unittest

import pictures
import program
from program import SMALL, ProgramTest

LIMIT = 64  # MB
# Probabilities of two classes: 46 MB, read and computed 23 MB more. Where the limit cannot bind, some tiles do.
EDGE = 960 if program.SANITIZED else 2400


class MaxRam(ProgramTest):
    def setUp(self):
        super().setUp()
        self.run_unet("train", self.make_data("train data"), "--out", "run", "--steps", 2, *SMALL)
        self.rows = pictures.slanted(EDGE, EDGE)
        pictures.write_tiff_stack(self.here / "slide.tif", [self.rows])

    def predict(self, out, *arguments, slide="slide.tif"):
        """Predicts probabilities; what the process took at most, in MB."""
        done = self.json_of("predict", "run", slide, "--out", out, "--what", "probabilities", *arguments)
        return done["peak_bytes"] / 1e6

    def test_it_holds_and_the_bytes_are_the_same(self):
        free = self.predict("free")
        # Under a sanitizer the program alone takes more.
        bounded = self.predict("bounded", "--max-ram", "2GB" if program.SANITIZED else f"{LIMIT}MB", "--tile", 256)
        self.assertEqual((self.here / "free/slide.tif").read_bytes(),
                         (self.here / "bounded/slide.tif").read_bytes())
        if not program.SANITIZED:
            self.assertGreater(free, LIMIT, "else the limit says nothing")
            self.assertLessEqual(bounded, LIMIT)

    def test_of_ome_zarr_rows_of_chunks_are_read(self):
        pictures.write_zarr(self.here / "slide.zarr", self.rows)
        self.predict("tiff", "--tile", 256)
        bounded = self.predict("bounded", "--max-ram", "2GB" if program.SANITIZED else f"{LIMIT}MB", "--tile", 256,
                               slide="slide.zarr")
        self.assertEqual((self.here / "tiff/slide.tif").read_bytes(), (self.here / "bounded/slide.tif").read_bytes())
        if not program.SANITIZED:
            self.assertLessEqual(bounded, LIMIT)

    def test_training_goes_on_files_below_it(self):
        # Squares that have nothing to do with the picture: what is learnt does not matter here.
        truth = [bytes(255 if (x // 40 + y // 40) % 2 else 0 for x in range(EDGE)) for y in range(EDGE)]
        pictures.write_tiff_stack(self.here / "truth.tif", [truth])
        flags = ["slide.tif", "truth.tif", "--labels", "binary", "--steps", 3, *SMALL]
        free = self.json_of("train", *flags, "--out", "free")["peak_bytes"] / 1e6
        limit = "2GB" if program.SANITIZED else "145MB"
        done = self.run_unet("train", *flags, "--out", "bounded", "--json", "--max-ram", limit)
        self.assertEqual((self.here / "free/model.safetensors").read_bytes(),
                         (self.here / "bounded/model.safetensors").read_bytes())
        self.assertEqual(sorted(each.name for each in (self.here / "free").iterdir()),
                         sorted(each.name for each in (self.here / "bounded").iterdir()))
        if not program.SANITIZED:
            self.assertGreater(free, 150, "else the limit says nothing")
            self.assertLessEqual(json.loads(done.stdout)["peak_bytes"] / 1e6, 145)
            self.assertIn("check: left off", done.stderr)
        self.refused("--max-ram: the network alone needs .* MB, found 20 MB", "train", *flags, "--out", "refused",
                     "--max-ram", "20MB", status=1)
        self.assertFalse((self.here / "refused").exists())

    def test_objects_are_found_below_it(self):
        self.make_run(150, "discs run")
        rows = pictures.discs(48, 48, [(12, 12), (14, 34), (34, 20)], 6)[0]
        rows = [bytes(row) * (EDGE // 48) for row in rows] * (EDGE // 48)
        pictures.write_tiff_stack(self.here / "discs.tif", [rows])
        most = LIMIT + 8  # a row of chunks of the OME-Zarr is counted, too
        limit = "2GB" if program.SANITIZED else f"{most}MB"
        for form in ("tif", "ome-zarr"):
            flags = ["predict", "discs run", "discs.tif", "--what", "objects", "--format", form]
            free = self.json_of(*flags, "--out", f"free {form}")
            bounded = self.json_of(*flags, "--out", f"bounded {form}", "--max-ram", limit, "--tile", 256)
            self.assertEqual(self.files(f"bounded {form}"), self.files(f"free {form}"))
            self.assertGreater(free["outputs"][0]["count"], 1000)
            self.assertEqual(bounded["outputs"][0]["count"], free["outputs"][0]["count"])
            if not program.SANITIZED:
                self.assertLessEqual(bounded["peak_bytes"] / 1e6, most)

    def test_objects_of_stored_probabilities_too(self):
        flags = ["--threshold", 0.9, "--split-depth", 1, "--minimum-size", 3]
        free = self.json_of("objects", "slide.tif", "--out", "free", *flags)
        bounded = self.json_of("objects", "slide.tif", "--out", "bounded", *flags, "--max-ram",
                               "2GB" if program.SANITIZED else f"{LIMIT}MB")
        self.assertGreater(free["found"][0]["objects"], 100)
        self.assertEqual(self.files("bounded"), self.files("free"))
        if not program.SANITIZED:
            self.assertLessEqual(bounded["peak_bytes"] / 1e6, LIMIT)

    @unittest.skipIf(program.SANITIZED, "the program alone takes more")
    def test_a_piece_that_is_too_large_to_part_is_refused_with_what_would_do(self):
        pictures.write_tiff_stack(self.here / "full.tif", [[bytes([255]) * 1600] * 1600])
        flags = ["full.tif", "--out", "out", "--max-ram", f"{LIMIT}MB"]
        self.refused("connected piece of foreground of 1600 x 1600 pixels takes .* allow .* split depth of 0", "objects",
                     *flags, "--split-depth", 1, status=1)
        self.assertEqual(self.files("out"), {})
        found = self.json_of("objects", *flags)
        self.assertEqual(found["found"][0]["objects"], 1)
        self.assertLessEqual(found["peak_bytes"] / 1e6, LIMIT)
        self.refused("--max-ram: needs at least", "objects", "full.tif", "--out", "out", "--max-ram", "5MB", status=1)
        self.refused("--max-ram: found '5'", "objects", "full.tif", "--out", "out", "--max-ram", "5", status=2)

    @unittest.skipIf(program.SANITIZED, "the program alone takes more")
    def test_too_little_is_refused_with_what_would_do(self):
        for flags, limit, words in ((["--what", "probabilities"], 20,
                                     r"slide.tif needs at least \d+\.\d MB, found 20.0 MB\n"),
                                    (["--what", "objects"], 20, r"slide.tif needs at least \d+\.\d MB, found 20.0 MB\n"),
                                    (["--what", "objects", "--overlay"], 40,
                                     "--overlay and --table need the whole image in memory")):
            done = self.run_unet("predict", "run", "slide.tif", "--out", "out", *flags, "--max-ram",
                                 f"{limit}MB", status=1)
            self.assertRegex(done.stderr, "unet: --max-ram: .*" + words)
        self.assertEqual(self.files("out"), {})

    def test_sizes_are_said_with_a_unit(self):
        for size in ("12", "2 apples", "-1GB", "GB"):
            self.refused("--max-ram: found .*, expected a size such as 512MB or 2GB", "predict", "run",
                         "slide.tif", "--out", "out", f"--max-ram={size}", status=2)


if __name__ == "__main__":
    program.main()
