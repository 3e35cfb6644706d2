"""A prediction that was killed goes on; shares of one picture make the whole."""
import random
import shutil
import subprocess
import time
import unittest

import pictures
import program
from program import PROGRAM, SMALL, ProgramTest

FLAGS = ["--tile", 64, "--threads", 1]


class Resume(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_data()
        self.train()
        pictures.write_tiff_stack(self.here / "slide.tif", [pictures.slanted(360, 360)])

    def predict(self, out, *arguments, **options):
        return self.run_unet("predict", "run", "slide.tif", "--out", out, *FLAGS, *arguments, **options)

    def kill(self, seconds, *arguments):
        """True if the program was ended before it was done."""
        running = subprocess.Popen([PROGRAM, "predict", "run", "slide.tif", *map(str, [*FLAGS, *arguments])],
                                   cwd=self.here, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            running.wait(seconds)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
            return True
        return False

    def kept(self, out="out"):
        return [name for name in self.files(out) if name.endswith(".tile")]

    def test_killed_at_random_moments_the_result_is_that_of_one_run(self):
        for kind, form in (("probabilities", "ome-zarr"), ("objects", "tif")):
            flags = ["--what", kind, "--format", form]
            self.predict(f"whole {kind}", *flags)
            out = f"out {kind}"
            started = time.monotonic()
            self.predict("timed", *flags, "--resume")
            lasts = time.monotonic() - started
            draws = random.Random(kind)
            for _ in range(2):
                if not self.kill(draws.uniform(0.1, 0.9) * lasts, "--out", out, *flags, "--resume"):
                    break
            self.predict(out, *flags, "--resume")
            self.assertEqual(self.files(out), self.files(f"whole {kind}"))  # and nothing else is left

    def test_what_is_kept_is_not_computed_again(self):
        about = self.here / "out/.unfinished/slide/labels/about.json"
        self.predict("out", "--what", "labels", "--part", "1/2")
        self.predict("whole", "--what", "labels")
        tiles = [self.here / "out" / name for name in self.kept()]
        if len(tiles) > 1:
            tiles[0].write_bytes(b"damaged")  # is computed again
        text = about.read_text()
        for words, old, new in (("another kernel table: found .*none", '"kernels": "', '"kernels": "none'),
                                ("other flags", '"bits": 0', '"bits": 16'),
                                ("another model", '"model": "', '"model": "0'),
                                ("another file of that name", '"bytes": ', '"bytes": 1')):
            about.write_text(text.replace(old, new))
            failed = self.predict("out", "--what", "labels", "--resume", status=1)
            self.assertRegex(failed.stderr, f"--resume: the unfinished prediction of slide.tif was begun with {words}")
        about.write_text(text)
        # Tiles without it are of nobody knows what: they are computed anew.
        (self.here / "lost").mkdir()
        shutil.copytree(self.here / "out", self.here / "lost", dirs_exist_ok=True)
        (self.here / "lost/.unfinished/slide/labels/about.json").unlink()
        for tile in (self.here / "lost").rglob("*.tile"):
            tile.write_bytes(max(tiles, key=lambda other: other.stat().st_size).read_bytes())
        self.predict("lost", "--what", "labels", "--resume")
        self.assertEqual(self.files("lost"), self.files("whole"))
        # Cut as by those who began.
        self.run_unet("predict", "run", "slide.tif", "--out", "out", "--what", "labels", "--resume", "--tile", 64)
        self.assertEqual(self.files("out"), self.files("whole"))

    def test_shares_of_one_picture_make_the_whole(self):
        flags = ["--what", "labels", "--format", "ome-zarr"]
        self.predict("whole", *flags)
        for part in ("3/3", "1/3"):
            self.assertRegex(self.predict("out", *flags, "--part", part).stdout, "tiles of others are missing: ")
            self.assertFalse((self.here / "out/slide.ome.zarr").exists())
        self.predict("out", *flags, "--part", "2/3")
        self.assertEqual(self.files("out"), self.files("whole"))

    def test_shares_of_files_and_what_is_finished(self):
        folder = self.here / "data/images"
        for part in (1, 2):
            self.run_unet("predict", "run", folder, "--out", "out", "--part", f"{part}/2")
            self.assertEqual(len(self.files("out")), 2 * part)
        for part in ("0/2", "3/2", "a/b", "1", "1/2/3"):
            self.refused("expected K/N", "predict", "run", folder, "--out", "out", "--part", part, status=2)
        # One that fails: the others are done, and stay so.
        (folder / "broken.png").write_bytes((folder / "disc 0.png").read_bytes()[:90])
        first = self.run_unet("predict", "run", folder, "--out", "all", "--resume", "--table", "a.csv", status=1)
        self.assertRegex(first.stderr, "4 of 5 images predicted, 1 failed\n")
        times = {path: path.stat().st_mtime_ns for path in (self.here / "all").glob("*.tif")}
        table = (self.here / "a.csv").read_bytes()
        (folder / "broken.png").unlink()
        self.run_unet("predict", "run", folder, "--out", "all", "--resume", "--table", "a.csv")
        self.assertEqual({path: path.stat().st_mtime_ns for path in (self.here / "all").glob("*.tif")}, times)
        self.assertEqual((self.here / "a.csv").read_bytes(), table)
        self.assertEqual(len(self.files("all")), 4)
        (folder / "a broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        stopped = self.run_unet("predict", "run", folder, "--out", "none", "--no-keep-going", status=1)
        self.assertRegex(stopped.stderr, "0 of 5 images predicted, 1 failed, 4 not reached before the failure")


if __name__ == "__main__":
    program.main()
