"""What `unet plan` says is what `unet predict` does."""
import pathlib
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
        self.assertTrue(all(300 <= edge <= window - kind["halo"] for edge, window in zip(kind["tile"], kind["window"])),
                        kind)
        # 8 MB are left for surprises, and as many for what a look for sizes leaves behind.
        self.assertLessEqual(planned["least_memory_bytes"], planned["memory_bytes"] + 2**24)

    @unittest.skipIf(program.SANITIZED, "memory means nothing there")
    def test_below_a_limit_memory_is_neither_less_nor_much_more_than_what_is_taken(self):
        self.make_run(150, "discs run")  # one whose objects are small
        tile, _ = pictures.discs(48, 48, [(12, 12), (14, 34), (34, 20)], 6)
        pictures.write_tiff_stack(self.here / "discs.tif", [[bytes(row) * (EDGE // 48) for row in tile] * (EDGE // 48)])
        for what, form in (("objects", "tif"), ("objects", "ome-tif"), ("labels", "tif"), ("labels", "ome-zarr")):
            with self.subTest(what=what, form=form):
                flags = ["--what", what, "--format", form, "--max-ram", "90MB"]
                planned, = self.json_of("plan", "discs run", "discs.tif", *flags)["images"]
                done = self.json_of("predict", "discs run", "discs.tif", "--out", f"{what} {form}", *flags)
                self.assertLessEqual(done["peak_bytes"], 90e6)
                # 5 % is what is promised of large pictures; of these 90 MB a thread's stack and the pages
                # that a system gives at a time are some hundredths more or less.
                self.assertLess(abs(planned["memory_bytes"] / done["peak_bytes"] - 1), 0.08)

    @unittest.skipIf(program.SANITIZED, "memory means nothing there")
    def test_the_smallest_limit_is_kept(self):
        planned, = self.json_of("plan", "run", "slide.tif", "--what", "labels")["images"]
        least = planned["least_memory_bytes"] / 1e6 + 1  # the program itself is not always equally large
        done = self.json_of("predict", "run", "slide.tif", "--out", "out", "--what", "labels", "--max-ram", f"{least}MB")
        self.assertLessEqual(done["peak_bytes"] / 1e6, least)

    def test_context_is_that_of_the_network(self):
        context = self.json_of("info", "run/model.safetensors")["context"]
        cut, = self.json_of("plan", "run", "slide.tif", "--tile", 300)["images"]
        whole, = self.json_of("plan", "run", "slide.tif", "--tile", 2 * EDGE)["images"]
        self.assertEqual([entry["kinds"][0]["halo"] for entry in (cut, whole)], [context, 0])
        self.assertEqual(whole["kinds"][0]["tile"], [EDGE, EDGE])

    def test_a_large_scale_is_planned_without_computing_it(self):
        # 100 times as large in each direction: hours of computing, which no test would wait for.
        planned, = self.json_of("plan", "run", "slide.tif", "--scale", 100)["images"]
        self.assertGreater(planned["seconds"], 1)

    def test_what_predict_refuses_is_refused(self):
        pages = [pictures.slanted(60, 50)] * 5
        pictures.write_tiff_stack(self.here / "five.tif", pages)
        tiles = bytearray((pathlib.Path(__file__).parent.parent / "image/files/rgb_tiles_deflate.tif").read_bytes())
        (self.here / "cut.tif").write_bytes(tiles[:-1])
        for words, flags in ((r"five.tif: the image has 5 channel\(s\), expected 1", ["five.tif", "--axes", "CYX"]),
                             ("PNG holds one plane .* found 5 slice", ["five.tif", "--format", "png"]),
                             ("cut.tif' has .* the pixels of its page 0 end at byte", ["cut.tif"])):
            self.refused(words, "plan", "run", *flags, status=1)
            done = self.run_unet("predict", "run", *flags, "--out", "out", status=1)
            self.assertRegex(done.stderr, words)
            self.assertEqual(self.files("out"), {})

    def test_of_objects_it_says_what_is_set_aside(self):
        kinds = {}
        for what in ("labels", "objects"):
            planned, = self.json_of("plan", "run", "slide.tif", "--what", what, "--tile", 300)["images"]
            # What the program itself takes differs by half a megabyte from run to run.
            kinds[what] = (planned["kinds"][0]["object_bytes"],
                           planned["memory_bytes"] - planned["fixed_memory_bytes"])
        self.assertEqual(kinds["labels"][0], 0)
        # 16 bytes for every 64 pixels, 8 for every row; labels of a row of tiles are a byte each.
        aside = EDGE * EDGE // 4 + 8 * (EDGE + 1)
        self.assertEqual(kinds["objects"][0], aside)
        self.assertLess(kinds["objects"][1] - kinds["labels"][1] - aside, 2**20 + 330 * EDGE)
        self.assertRegex(self.run_unet("plan", "run", "slide.tif", "--what", "objects").stdout,
                         r"  of it +369.6 kB for objects, which take more where they are many")

    def test_it_is_read_by_people_and_refuses_as_predict_does(self):
        told = self.run_unet("plan", "run", "slide.tif", "data/images").stdout
        self.assertRegex(told, r"slide.tif  1 slice.s. of 1200 x 1200\n  objects +1 tile.s. of 1200 x 1200, in one piece\n")
        self.assertRegex(told, r"  memory +\d.* \(the smallest --max-ram is \d.*\n  of it +\d.*\n  output +2.9 MB before packing\n  time +\d")
        self.assertIn("all 5 images", told)
        self.assertRegex(self.run_unet("plan", "run", "slide.tif", "--tile", 300).stdout,
                         r"16 tile.s. of .*, computed from .* \(context of \d+ pixels on each side\)")
        self.refused("--max-ram: slide.tif needs at least", "plan", "run", "slide.tif", "--max-ram", "5MB")
        self.refused("there is no flag --out", "plan", "run", "slide.tif", "--out", "a", status=2)


if __name__ == "__main__":
    program.main()
