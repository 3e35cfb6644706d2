"""Pictures whose pixels are not as large as those of the training images: --spacing, --scale."""
import pictures
import program
from program import ProgramTest


def enlarged(rows, factor):
    return [[value for value in row for _ in range(factor)] for row in rows for _ in range(factor)]


class PixelSize(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_data()
        self.train("--spacing", "1.2um", steps=400)
        image, _ = pictures.discs(48, 60, [(12, 12), (14, 34), (34, 20)], 6)
        pictures.write_png(self.here / "plain.png", image)
        pictures.write_tiff_stack(self.here / "large.tif", [enlarged(image, 3)], micrometres=0.4)

    def objects(self, image, *flags, out="out"):
        """How many objects, and their map."""
        entry, = self.json_of("predict", "run", image, "--out", out, "--what", "objects", *flags)["outputs"]
        return entry["count"], pictures.read_tiff(self.here / out / (image[:-4] + ".tif"))[0]

    def bytes_of(self, image, *flags, out="out"):
        self.objects(image, *flags, out=out)
        return (self.here / out / (image[:-4] + ".tif")).read_bytes()

    def test_the_size_of_pixels_makes_up_for_an_enlargement(self):
        self.assertIn("1.2", self.run_unet("info", "run/model.safetensors").stdout)
        count, plain = self.objects("plain.png")
        by_size, large = self.objects("large.tif")
        self.assertEqual(by_size, count)
        self.assertEqual((large.height, large.width), (144, 180))
        # The middle of each enlarged pixel has the object of that pixel, but along borders.
        same = sum(large.at(3 * y + 1, 3 * x + 1) == plain.at(y, x) for y in range(48) for x in range(60))
        self.assertGreater(same, 0.97 * 48 * 60)
        large = (self.here / "out/large.tif").read_bytes()
        self.assertEqual(self.bytes_of("large.tif", "--scale", 1 / 3, out="by_hand"), large)
        self.assertNotEqual(self.bytes_of("large.tif", "--scale", 1, out="as_it_is"), large)
        told = self.run_unet("predict", "run", "large.tif", "--out", "again").stderr
        self.assertRegex(told, r"pixels are 0\.4 x 0\.4 um.*1\.2 x 1\.2 um.*0\.333 x 0\.333 times.*--scale 1")
        # The size of the pixels goes to the result.
        self.assertIn("0.4", self.run_unet("info", "out/large.tif").stdout)

    def test_a_file_that_does_not_say_is_told(self):
        pictures.write_png(self.here / "silent.png", enlarged([[20 + 9 * x for x in range(20)]] * 20, 3))
        told = self.here / "out/silent.tif"
        self.objects("silent.png", "--spacing", "0.4um")
        by_size = pictures.read_tiff(told)[0]
        self.objects("silent.png", "--scale", 1 / 3)
        by_hand = pictures.read_tiff(told)[0]
        self.assertTrue(all(by_size.at(y, x) == by_hand.at(y, x) for y in range(60) for x in range(60)))
        # The flag goes before what the file says, and that is told.
        told = self.json_of("predict", "run", "large.tif", "--out", "out", "--what", "objects", "--spacing", "1.2um")
        self.assertRegex(told["outputs"][0]["notes"][0], "--spacing: pixels of 1.2 x 1.2 um instead of the 0.4 x 0.4 um")
        self.assertEqual(self.run_unet("info", "out/large.tif").stdout.count("1.2 x 1.2 um"), 1)
        as_it_is = self.bytes_of("large.tif", "--spacing", "1.2um", "--scale", 1)
        self.assertEqual(self.bytes_of("large.tif", "--spacing", "1.2um"), as_it_is)

    def test_tiles_leave_no_trace(self):
        whole = self.bytes_of("large.tif")
        for tile in (16, 40):
            self.assertEqual(self.bytes_of("large.tif", "--tile", tile, out=f"tile{tile}"), whole)
        for number in (2, 1):
            self.json_of("predict", "run", "large.tif", "--out", "parts", "--what", "labels", "--tile", 16,
                         "--part", f"{number}/2")
        self.json_of("predict", "run", "large.tif", "--out", "one", "--what", "labels")
        self.assertEqual(self.files("parts")["large.tif"], self.files("one")["large.tif"])

    def test_what_cannot_be_is_refused(self):
        for text in ("0", "-1um", "0.5furlong", "1,2,3,4", "1,um", "um", "nan"):
            self.refused(r"--spacing: found '.*expected the size of a pixel", "predict", "run", "plain.png", "--out", "out",
                         "--spacing", text)
        told = self.run_unet("predict", "run", "plain.png", "--out", "out", "--spacing", "1.2mm", status=1).stderr
        self.assertRegex(told, "one of them must be wrong.*--scale 1")
        for found in ("-2", "0.001", "101"):
            for verb, out in (("predict", ("--out", "out")), ("plan", ())):
                self.refused(f"--scale: found {found}, expected 0 .* or 0.01 to 100", verb, "run", "plain.png", *out,
                             "--scale", found, status=2)
        self.assertFalse((self.here / "out/plain.tif").exists())


if __name__ == "__main__":
    program.main()
