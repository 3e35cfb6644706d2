"""`unet predict --table`: what stands in the table is what stands in the label maps written beside it."""
import csv
import statistics
import unittest

import pictures
import program
from predict_test import WithModel


def counts_of(path):
    """Objects, their pixels, the median of their pixels and the covered share of a label map."""
    sizes = {}
    pages = pictures.read_tiff(path)
    for page in pages:
        for value in page.values:
            if value:
                sizes[value] = sizes.get(value, 0) + 1
    total = sum(len(page.values) for page in pages)
    return len(sizes), sum(sizes.values()), statistics.median(sizes.values()) if sizes else 0, \
        sum(sizes.values()) / total


class Table(WithModel):
    def setUp(self):
        super().setUp()
        (self.here / "in").mkdir()

    def rows(self, name="counts.csv"):
        with open(self.here / name, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def discs(self, name, *centres, height=60, width=80):
        image, _ = pictures.discs(height, width, centres, 6)
        pictures.write_png(self.here / "in" / name, image)

    def test_one_row_for_each_image(self):
        self.discs("one.png", (30, 30))
        self.discs("three.png", (12, 12), (14, 50), (44, 30))
        self.discs('zwölf, "a".png', (12, 12), (44, 30))  # what a spreadsheet would take apart
        done = self.run_unet("predict", "model.safetensors", "in", "--out", "out", "--table", "tables/counts.csv")
        self.assertEqual(done.stdout.splitlines()[-1], "tables/counts.csv")
        rows = self.rows("tables/counts.csv")
        self.assertEqual([row["image"] for row in rows], ["one.png", "three.png", 'zwölf, "a".png'])
        self.assertEqual([row["objects"] for row in rows], ["1", "3", "2"])
        self.assertEqual(list(rows[0]), ["image", "objects", "area_pixels", "median_area_pixels", "covered"])
        for row in rows:
            objects, pixels, median, covered = counts_of(self.here / "out" / (row["image"][:-4] + ".tif"))
            self.assertEqual((int(row["objects"]), int(row["area_pixels"]), float(row["median_area_pixels"])),
                             (objects, pixels, median))
            self.assertAlmostEqual(float(row["covered"]), covered, places=5)

    def test_an_image_without_objects_has_a_row(self):
        pictures.write_png(self.here / "in/empty.png", [[20] * 40 for _ in range(40)])
        self.run_unet("predict", "model.safetensors", "in", "--out", "out", "--table", "counts.csv",
                      "--normalise", "0:10000")
        self.assertEqual(self.rows(), [{"image": "empty.png", "objects": "0", "area_pixels": "0",
                                        "median_area_pixels": "0", "covered": "0"}])

    def test_spacing_gives_areas_in_its_unit(self):
        image, _ = pictures.discs(48, 48, [(24, 24)], 6)
        pictures.write_tiff_stack(self.here / "in/a.tif", [image, image], micrometres=0.5)
        self.discs("b.png", (30, 30))
        self.run_unet("predict", "model.safetensors", "in", "--out", "out", "--table", "counts.csv")
        spaced, plain = self.rows()
        self.assertEqual((spaced["unit"], plain["unit"], plain["area"], plain["median_area"]), ("um", "", "", ""))
        self.assertAlmostEqual(float(spaced["area"]), 0.25 * int(spaced["area_pixels"]))
        self.assertAlmostEqual(float(spaced["median_area"]), 0.25 * float(spaced["median_area_pixels"]))
        self.assertEqual(int(spaced["area_pixels"]), counts_of(self.here / "out/a.tif")[1])  # both slices

    def test_classes_give_a_row_each(self):
        self.discs("one.png", (30, 30))
        self.run_unet("predict", "model.safetensors", "in", "--out", "out", "--what", "labels",
                      "--table", "classes.csv")
        rows = self.rows("classes.csv")
        page, = pictures.read_tiff(self.here / "out/one.tif")
        self.assertEqual(list(rows[0]), ["image", "class", "area_pixels", "covered"])
        self.assertEqual([int(row["area_pixels"]) for row in rows], [page.values.count(0), page.values.count(1)])
        self.assertAlmostEqual(sum(float(row["covered"]) for row in rows), 1, places=5)

    def test_probabilities_alone_are_counted_too(self):
        self.discs("one.png", (30, 30))
        self.run_unet("predict", "model.safetensors", "in", "--out", "out", "--what", "probabilities",
                      "--table", "counts.csv")
        self.assertEqual(self.rows()[0]["objects"], "1")

    def test_json_names_the_table(self):
        self.discs("one.png", (30, 30))
        outcome = self.json_of("predict", "model.safetensors", "in", "--out", "out", "--table", "counts.csv")
        self.assertEqual(outcome["table"], "counts.csv")

    def test_images_that_fail_are_no_rows(self):
        self.discs("a.png", (30, 30))
        (self.here / "in/b.png").write_text("no image")
        self.run_unet("predict", "model.safetensors", "in", "--out", "out", "--table", "counts.csv", status=1)
        self.assertEqual([row["image"] for row in self.rows()], ["a.png"])

    def test_no_table_where_nothing_was_predicted(self):
        (self.here / "in/b.png").write_text("no image")
        (self.here / "counts.csv").write_text("of yesterday")
        self.run_unet("predict", "model.safetensors", "in", "--out", "out", "--table", "counts.csv", status=1)
        self.assertEqual((self.here / "counts.csv").read_text(), "of yesterday")

    def test_names_that_are_no_table(self):
        self.discs("a.png", (30, 30))
        (self.here / "folder.csv").mkdir()
        before = self.files()
        for words, name in (("ends in .csv", "in/a.png"), ("ends in .csv", "model.safetensors"),
                            ("is a folder", "folder.csv")):
            self.refused(words, "predict", "model.safetensors", "in", "--out", "out", "--table", name, status=2)
        self.assertEqual(self.files(), before)


if __name__ == "__main__":
    program.main()
