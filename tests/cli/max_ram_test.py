"""A ceiling on memory that holds, whatever the size of the picture."""
import json
import unittest

import pictures
import program
from program import SMALL, ProgramTest

LIMIT = 64  # MB
EDGE = 2400  # probabilities of two classes: 46 MB, read and computed 23 MB more


def write_zarr(folder, rows, edge=256):
    """An OME-Zarr of one plane in uncompressed chunks."""
    (folder / "0").mkdir(parents=True)
    height, width = len(rows), len(rows[0])
    (folder / ".zattrs").write_text(json.dumps({"multiscales": [{"axes": ["y", "x"], "datasets": [{"path": "0"}]}]}))
    (folder / "0/.zarray").write_text(json.dumps({
        "zarr_format": 2, "shape": [height, width], "chunks": [edge, edge], "dtype": "|u1", "compressor": None,
        "fill_value": 0, "filters": None, "order": "C"}))
    for y in range(0, height, edge):
        for x in range(0, width, edge):
            band = [row[x:x + edge].ljust(edge, b"\0") for row in rows[y:y + edge]]
            (folder / f"0/{y // edge}.{x // edge}").write_bytes(b"".join(band).ljust(edge * edge, b"\0"))


class MaxRam(ProgramTest):
    def setUp(self):
        super().setUp()
        self.run_unet("train", self.make_data("train data"), "--out", "run", "--steps", 2, *SMALL)
        row = bytes(x * 7 % 251 for x in range(EDGE))
        self.rows = [row[y % 97:] + row[:y % 97] for y in range(EDGE)]
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
        write_zarr(self.here / "slide.zarr", self.rows)
        self.predict("tiff", "--tile", 256)
        bounded = self.predict("bounded", "--max-ram", "2GB" if program.SANITIZED else f"{LIMIT}MB", "--tile", 256,
                               slide="slide.zarr")
        self.assertEqual((self.here / "tiff/slide.tif").read_bytes(), (self.here / "bounded/slide.tif").read_bytes())
        if not program.SANITIZED:
            self.assertLessEqual(bounded, LIMIT)

    @unittest.skipIf(program.SANITIZED, "the program alone takes more")
    def test_too_little_is_refused_with_what_would_do(self):
        for kind, limit, words in (("probabilities", 20, r"slide.tif needs at least \d+\.\d MB, found 20.0 MB\n"),
                                   ("objects", 40, "need the whole picture in memory: --what labels")):
            done = self.run_unet("predict", "run", "slide.tif", "--out", "out", "--what", kind, "--max-ram",
                                 f"{limit}MB", status=1)
            self.assertRegex(done.stderr, "unet: --max-ram: .*" + words)
        self.assertEqual(self.files("out"), {})

    def test_sizes_are_said_with_a_unit(self):
        for size in ("12", "2 apples", "-1GB", "GB"):
            self.refused("--max-ram: found .*, expected a size such as 512MB or 2GB", "predict", "run",
                         "slide.tif", "--out", "out", f"--max-ram={size}", status=2)


if __name__ == "__main__":
    program.main()
