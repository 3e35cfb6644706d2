"""Labels are the values that files hold: what is read, what is told about it, what is refused."""
import pathlib

import pictures
import program
from program import SMALL, ProgramTest

FILES = pathlib.Path(__file__).parent.parent / "image/files"
COLOURS = [(0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255)]


class Labels(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_data()

    def expect_objects(self):
        """The discs are found as objects, whatever holds them; returns what info says of the set."""
        found = self.json_of("info", "data")
        self.assertEqual((found["labels"], found["objects"]), ("instances", 10))
        return " ".join(found["notices"])

    def refused_without_a_trace(self, words, *arguments):
        before = self.files()
        self.refused(words, "train", "data", "--out", "run", "--steps", 1, *SMALL, *arguments)
        self.assertEqual(self.files(), before)
        self.assertFalse((self.here / "run").exists())

    def test_indices_of_a_colour_table_count(self):
        # QuPath exports look black, red, green; two entries of one colour still are two objects.
        table = [(0, 0, 0), (200, 30, 30), (200, 30, 30), (0, 255, 0)]
        self.change_labels(lambda path, rows: pictures.write_png(path, rows, palette=table))
        self.assertIn("4 of 4 (disc 0, disc 1, disc 2, ...) have a colour table", self.expect_objects())

    def test_white_is_zero_is_only_a_way_of_showing(self):
        # Fiji's masks: objects are stored as 255 under an inverting table and shown black.
        self.change_labels(lambda path, rows: pictures.write_tiff_stack(
            path, [[[255 if v else 0 for v in row] for row in rows]], photometric=0), ".tif")
        found = self.json_of("info", "data")
        self.assertEqual(found["labels"], "binary")
        self.assertLess(found["values"][1]["part"], 0.3)  # 255 is the discs, which cover less than the ground
        self.assertIn("show 0 as white", " ".join(found["notices"]))
        self.assertIn("show 0 as white", self.train())

    def test_white_is_zero_of_an_image_is_turned_over(self):
        image, _ = pictures.discs(20, 20, [(10, 10)], 6)
        pictures.write_tiff_stack(self.here / "turned.tif", [[[255 - v for v in row] for row in image]], photometric=0)
        pictures.write_tiff_stack(self.here / "plain.tif", [image])
        self.train()
        results = []
        for name in ("turned", "plain"):
            self.run_unet("predict", "run", f"{name}.tif", "--out", "out", "--what", "logits")
            results.append((self.here / f"out/{name}.tif").read_bytes())
        self.assertEqual(results[0], results[1])

    def test_floats_that_are_whole_are_told_and_taken(self):
        self.change_labels(lambda path, rows: pictures.write_tiff_stack(path, [rows], "f"), ".tif")
        self.assertIn("4 of 4 (disc 0, disc 1, disc 2, ...) hold floats", self.expect_objects())

    def test_floats_that_are_not_whole_are_refused(self):
        for value in (0.25, float("nan"), -1.0):
            self.make_data()
            self.change_labels(lambda path, rows: pictures.write_tiff_stack(
                path, [[[v * value for v in row] for row in rows]], "f"), ".tif")
            self.refused_without_a_trace(r"disc 0.tif.*row \d+, column \d+ is (0.25|nan|-1).*expected labels")
            for path in (self.here / "data/labels").iterdir():
                path.unlink()

    def test_0_and_255_are_a_mask_and_the_model_says_why(self):
        self.change_labels(lambda path, rows: pictures.write_png(path, [[255 if v else 0 for v in r] for r in rows]))
        self.assertIn("labels: binary (two values, 0 (background) and 255)", self.train())
        model = self.json_of("info", "run/model.safetensors")
        self.assertEqual((model["labels"], model["label_evidence"]),
                         ("binary", "two values, 0 (background) and 255"))

    def test_colours_are_refused_with_their_counts(self):
        self.change_labels(lambda path, rows: pictures.write_png(path, [[COLOURS[v] for v in row] for row in rows]))
        # A disc of radius 6 has 113 pixels; 48 x 48 less three of them are background.
        self.refused_without_a_trace(
            r"disc 0.png.*4 colours: \(0, 0, 0\) on 1965 pixels, \(0, 0, 255\) on 113.*Save the labels as")

    def test_a_photograph_is_no_label(self):
        self.change_labels(lambda path, rows: pictures.write_png(path, [
            [(x * 5 % 256, y * 5 % 256, (x * y + v) % 256) for x, v in enumerate(row)] for y, row in enumerate(rows * 3)]))
        self.refused_without_a_trace("more than 4096 colours")

    def test_grey_images_are_no_label_maps(self):
        # Most neighbours of these images are equal, unlike those of noise.
        folder = pathlib.Path(__file__).parents[2] / "examples/nuclei/train"
        quiet = []
        for path in sorted((folder / "images").iterdir()):
            if path.read_bytes()[24:26] != b"\x08\x00":  # 8 bit, grey
                continue
            rows = pictures.read_png(path)
            pairs = [(a, b) for row in rows for a, b in zip(row, row[1:]) if a and b]
            if 2 * sum(a != b for a, b in pairs) < len(pairs):
                quiet.append((path, rows))
            if len(quiet) == 2:
                break
        self.assertEqual(len(quiet), 2)
        for path, rows in quiet:
            pictures.write_png(self.here / "grey.png", rows)
            pictures.write_png(self.here / "truth.png", pictures.read_png(folder / "labels" / path.name), bits=16)
            words = "grey.png: its values lie scattered in .* as in an image"
            for arguments in (["measure", "grey.png", "--out", "o.csv"],
                              ["data", "export", "grey.png", "--format", "geojson", "--out", f"e {path.stem}"]):
                self.assertRegex(self.run_unet(*arguments).stderr, words)
            for arguments in (["evaluate", "grey.png", "truth.png", "--labels", "instances"],
                              ["evaluate", "truth.png", "grey.png", "--labels", "instances"]):
                self.refused(words, *arguments)
            self.assertNotRegex(self.run_unet("measure", "truth.png", "--out", "o.csv").stderr, "scattered")
            for name in ("images", "labels"):
                (self.here / "two" / name).mkdir(parents=True, exist_ok=True)
                pictures.write_png(self.here / f"two/{name}/grey.png", rows)
            self.refused(words, "info", "two", "--labels", "instances")
            found = self.json_of("check", "two", "--labels", "instances", status=1)["findings"]
            self.assertEqual((found[0]["kind"], found[0]["severity"]), ("type", "error"))
            self.assertRegex(found[0]["what"], "^its values lie scattered in .* as in an image")

    def test_three_equal_colours_are_one_value(self):
        self.change_labels(lambda path, rows: pictures.write_png(path, [[(v, v, v) for v in row] for row in rows]))
        self.assertIn("red = green = blue", self.expect_objects())

    def test_jpeg_is_refused_whatever_its_name(self):
        for suffix in (".jpg", ".png"):
            self.change_labels(lambda path, rows: path.write_bytes((FILES / "photo.jpg").read_bytes()), suffix)
            self.refused_without_a_trace("is a JPEG.*save the labels as PNG or TIFF")
            for path in (self.here / "data/labels").iterdir():
                path.unlink()
            self.make_data()

    def test_255_beside_classes_asks_and_ignore_answers(self):
        self.change_labels(lambda path, rows: pictures.write_png(
            path, [[255 if v == 2 else v for v in row] for row in rows]))
        self.refused_without_a_trace("found labels 0, 1, 3, 255.*--labels instances.*--ignore 255")
        self.train("--labels", "instances", "--ignore", 255)
        self.assertEqual(self.json_of("info", "run/model.safetensors")["labels"], "instances")

    def test_maps_without_an_object_are_named(self):
        path = self.here / "data/labels/disc 1.png"
        width, height = pictures.png_size(path)
        pictures.write_png(path, [[0] * width for _ in range(height)])
        self.assertIn("1 of 4 (disc 1) hold no object", self.train())


if __name__ == "__main__":
    program.main()
