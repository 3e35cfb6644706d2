"""What `unet plan` says is what `unet predict` does."""
import unittest

import pictures
import program
from program import SMALL, ProgramTest

EDGE = 1200


class Plan(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_data()
        self.train()
        pictures.write_tiff_stack(self.here / "slide.tif", [pictures.slanted(EDGE, EDGE)])

    @unittest.skipIf(program.SANITIZED, "memory means nothing there")
    def test_memory_tiles_and_output_are_those_of_the_prediction(self):
        for flags in (["--what", "probabilities"], ["--what", "labels", "--format", "ome-zarr", "--max-ram", "60MB"]):
            with self.subTest(flags):
                planned, = self.json_of("plan", "run", "slide.tif", *flags)["images"]
                done = self.json_of("predict", "run", "slide.tif", "--out", "out", *flags)
                # Allocators and decoders take a little that nobody asks for.
                self.assertLess(abs(done["peak_bytes"] / planned["memory_bytes"] - 1), 0.15)
                kind, = planned["kinds"]
                self.assertGreaterEqual(min(kind["window"]), min(kind["tile"]))
                self.assertGreater(planned["seconds"], 0)
        planned, = self.json_of("plan", "run", "slide.tif", "--what", "probabilities", "--tile", 300)["images"]
        kind, = planned["kinds"]
        self.assertEqual((kind["tiles"], kind["output_bytes"]), (16, 2 * 4 * EDGE * EDGE))
        # The first and the last tile also take what they need no context for.
        self.assertTrue(all(300 <= edge <= 300 + kind["halo"] for edge in kind["tile"]), kind)
        self.assertLessEqual(planned["least_memory_bytes"], planned["memory_bytes"] + 2**24)

    def test_of_objects_it_says_what_is_set_aside(self):
        kinds = {}
        for what in ("labels", "objects"):
            planned, = self.json_of("plan", "run", "slide.tif", "--what", what, "--tile", 300)["images"]
            kinds[what] = planned["kinds"][0]["object_bytes"], planned["memory_bytes"]
        self.assertEqual(kinds["labels"][0], 0)
        # 16 bytes for every 64 pixels, 8 for every row; labels of a row of tiles are a byte each.
        aside = EDGE * EDGE // 4 + 8 * (EDGE + 1)
        self.assertEqual(kinds["objects"][0], aside)
        self.assertLess(kinds["objects"][1] - kinds["labels"][1] - aside, 2**20 + 330 * EDGE)
        self.assertRegex(self.run_unet("plan", "run", "slide.tif", "--what", "objects").stdout,
                         r"  of it +369.6 kB for objects, which take more where they are many")

    def test_it_is_read_by_people_and_refuses_as_predict_does(self):
        told = self.run_unet("plan", "run", "slide.tif", "data/images").stdout
        self.assertRegex(told, r"slide.tif  1 slice.s. of 1200 x 1200\n  objects +\d+ tile.s. of .*halo \d+")
        self.assertRegex(told, r"  memory +\d.*\n  of it +\d.*\n  output +2.9 MB before packing\n  time +\d")
        self.assertIn("all 5 images", told)
        self.refused("--max-ram: slide.tif needs at least", "plan", "run", "slide.tif", "--max-ram", "5MB")
        self.refused("there is no flag --out", "plan", "run", "slide.tif", "--out", "a", status=2)


if __name__ == "__main__":
    program.main()
