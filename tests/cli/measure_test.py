"""`unet measure`: what stands in the table is what a count of pixels gives; bad input leaves nothing behind."""
import csv
import json
import math
import os
import statistics
import unittest

import pictures
import program
from program import ProgramTest

SHAPES = ["label", "area", "centroid-0", "centroid-1", "bbox-0", "bbox-1", "bbox-2", "bbox-3", "perimeter",
          "equivalent_diameter_area", "axis_major_length", "axis_minor_length", "orientation", "eccentricity",
          "area_convex", "solidity", "circularity", "feret_diameter_max", "feret_diameter_min", "neighbours",
          "touches_border"]
LENGTHS = ["area_um2", "centroid-0_um", "centroid-1_um", "perimeter_um", "equivalent_diameter_area_um",
           "axis_major_length_um", "axis_minor_length_um", "feret_diameter_max_um", "feret_diameter_min_um"]
BRIGHTNESS = ["intensity_mean", "intensity_std", "intensity_min", "intensity_max", "intensity_median",
              "intensity_sum", "intensity_mean_corrected"]


def counted(labels, image):
    """Area, centroid, box and brightness of every object, by plain counting."""
    background = [v for row, of in zip(image, labels) for v, label in zip(row, of) if label == 0]
    found = {}
    for y, row in enumerate(labels):
        for x, label in enumerate(row):
            if label:
                found.setdefault(label, []).append((y, x, image[y][x]))
    for label, pixels in sorted(found.items()):
        ys, xs, values = zip(*pixels)
        yield {"label": label, "area": len(pixels), "centroid-0": statistics.fmean(ys),
               "centroid-1": statistics.fmean(xs), "bbox-0": min(ys), "bbox-1": min(xs), "bbox-2": max(ys) + 1,
               "bbox-3": max(xs) + 1, "equivalent_diameter_area": 2 * math.sqrt(len(pixels) / math.pi),
               "intensity_mean": statistics.fmean(values), "intensity_std": statistics.pstdev(values),
               "intensity_min": min(values), "intensity_max": max(values),
               "intensity_median": statistics.median(values), "intensity_sum": sum(values),
               "intensity_mean_corrected": statistics.fmean(values) - statistics.median(background)}


class Measure(ProgramTest):
    def setUp(self):
        super().setUp()
        for folder in ("labels", "images"):
            (self.here / folder).mkdir()

    def rows(self, name="cells.csv"):
        with open(self.here / name, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def columns(self, name="cells.csv"):
        return (self.here / name).read_text().splitlines()[0].split(",")

    def discs(self, name, *centres, height=60, width=80):
        """NAME.png in both folders; returns image and labels."""
        image, labels = pictures.discs(height, width, centres, 6)
        pictures.write_png(self.here / "images" / f"{name}.png", image)
        pictures.write_png(self.here / "labels" / f"{name}.png", labels, bits=16)
        return image, labels

    def stack(self, name, pages, form="H", **options):
        pictures.write_tiff_stack(self.here / name, pages, form, **options)

    def nothing_written(self, words, *arguments, **options):
        before = self.files()
        self.refused(words, "measure", *arguments, **options)
        self.assertEqual(self.files(), before)

    def test_a_row_for_each_object(self):
        made = {name: self.discs(name, *centres) for name, centres in
                (("a", [(12, 12), (14, 50), (44, 30)]), ('zwölf, "b"', [(30, 3)]))}
        done = self.run_unet("measure", "labels", "--image", "images", "--out", "new/cells.csv")
        self.assertEqual(self.columns("new/cells.csv"), ["image", *SHAPES, *BRIGHTNESS])
        rows = self.rows("new/cells.csv")
        self.assertEqual([row["image"] for row in rows], ["a.png"] * 3 + ['zwölf, "b".png'])
        expected = [row for image, labels in made.values() for row in counted(labels, image)]
        for row, figures in zip(rows, expected, strict=True):
            for name, value in figures.items():
                self.assertAlmostEqual(float(row[name]), value, delta=1e-12 * abs(value) + 1e-12, msg=name)
        self.assertEqual([row["touches_border"] for row in rows], ["0", "0", "0", "1"])
        self.assertEqual(done.stderr, "")
        area = int(rows[0]["area"])
        self.assertEqual(done.stdout.splitlines()[0],
                         f"labels/a.png  3 objects, area {3 * area} pixels, median {area}, mean {area}")
        self.assertEqual(done.stdout.splitlines()[-1], "new/cells.csv")

    def test_json_has_the_summary(self):
        self.discs("a", (12, 12), (14, 50))
        outcome = self.json_of("measure", "labels/a.png", "--image", "images/a.png", "--out", "cells.csv")
        areas = [int(row["area"]) for row in self.rows()]
        self.assertEqual(outcome, {
            "measured": [{"labels": "labels/a.png", "image": "images/a.png", "objects": 2,
                          "area_total": sum(areas), "area_median": statistics.median(areas),
                          "area_mean": sum(areas) / 2}],
            "failed": [], "table": "cells.csv"})

    def test_no_objects_give_the_head_alone(self):
        pictures.write_png(self.here / "none.png", [[0] * 9] * 7)
        done = self.run_unet("measure", "none.png", "--out", "cells.csv")
        self.assertEqual((self.here / "cells.csv").read_text(), ",".join(["image", *SHAPES]) + "\n")
        self.assertIn("0 objects, area 0 pixels, median 0, mean 0", done.stdout)

    def test_one_object_that_fills_the_image(self):
        pictures.write_png(self.here / "full.png", [[3] * 9] * 7)
        self.run_unet("measure", "full.png", "--image", "full.png", "--out", "cells.csv")
        row, = self.rows()
        self.assertEqual([row[name] for name in ("area", "solidity", "touches_border", "intensity_mean")],
                         ["63", "1", "1", "3"])
        self.assertEqual(row["intensity_mean_corrected"], "")  # no background

    def test_a_single_pixel_has_no_circularity(self):
        pictures.write_png(self.here / "dot.png", [[0, 0, 0], [0, 9, 0], [0, 0, 0]])
        self.run_unet("measure", "dot.png", "--out", "cells.csv")
        row, = self.rows()
        self.assertEqual((row["perimeter"], row["circularity"], row["feret_diameter_max"]), ("0", "", "1"))

    def test_numbers_have_points_in_any_language(self):
        self.discs("a", (12, 12))
        self.run_unet("measure", "labels", "--out", "plain.csv")
        self.run_unet("measure", "labels", "--out", "german.csv", env={**os.environ, "LC_ALL": "de_DE.UTF-8"})
        self.assertEqual((self.here / "plain.csv").read_text(), (self.here / "german.csv").read_text())
        self.assertEqual(len(self.rows("german.csv")[0]), len(SHAPES) + 1)

    def test_a_stack_is_measured_slice_by_slice(self):
        pages = [pictures.discs(40, 40, centres, 6) for centres in ([(12, 12)], [(12, 12), (30, 28)], [])]
        self.stack("labels.tif", [labels for _, labels in pages])
        self.stack("image.tif", [image for image, _ in pages], "B")
        self.run_unet("measure", "labels.tif", "--image", "image.tif", "--out", "cells.csv")
        self.assertEqual(self.columns()[:3], ["image", "slice", "label"])
        self.assertEqual([(row["slice"], row["label"]) for row in self.rows()], [("0", "1"), ("1", "1"), ("1", "2")])
        # Some slices of both, or labels that hold just these.
        self.stack("part.tif", [labels for _, labels in pages[1:2]])
        for labels in ("labels.tif", "part.tif"):
            with self.subTest(labels):
                self.run_unet("measure", labels, "--image", "image.tif", "--pages", "1", "--out", "part.csv")
                self.assertEqual([(row["slice"], row["label"]) for row in self.rows("part.csv")],
                                 [("1", "1"), ("1", "2")])
                self.assertEqual(self.rows("part.csv")[0]["intensity_mean"], self.rows()[1]["intensity_mean"])

    def test_volumes_are_measured_through_all_slices(self):
        pages = [[[0, 0, 0, 0], [0, 7, 7, 0], [0, 0, 0, 3]]] * 2 + [[[0] * 4] * 3]
        self.stack("labels.tif", pages)
        self.stack("image.tif", [[[z] * 4] * 3 for z in range(3)], "B")
        done = self.run_unet("measure", "labels.tif", "--image", "image.tif", "--out", "cells.csv", "--volume")
        self.assertEqual(done.stderr, "")
        self.assertIn("2 objects, volume 6 voxels, median 3, mean 3", done.stdout)
        small, large = self.rows()
        self.assertNotIn("slice", large)
        self.assertEqual([large[name] for name in ["label", "area", *(f"centroid-{i}" for i in range(3)),
                                                   *(f"bbox-{i}" for i in range(6)), "intensity_mean"]],
                         ["7", "4", "0.5", "1", "1.5", "0", "1", "1", "2", "2", "3", "0.5"])
        self.assertEqual((small["label"], small["touches_border"]), ("3", "1"))
        done = self.run_unet("measure", "labels.tif", "--out", "cells.csv")
        self.assertRegex(done.stderr, "2 objects have 4 cross-sections, each in a row; --volume")
        self.assertEqual(len(self.rows()), 4)
        mask = [[[255 * (v > 0) for v in row] for row in page] for page in pages]
        self.stack("mask.tif", mask)
        self.run_unet("measure", "mask.tif", "--out", "cells.csv", "--volume", "--pieces")
        self.assertEqual([(row["label"], row["area"]) for row in self.rows()], [("1", "4"), ("2", "2")])

    def test_volumes_have_a_unit_where_the_distance_of_slices_is_known(self):
        pages = [[[0, 0, 0], [0, 7, 7]]] * 2
        self.stack("flat.tif", pages, micrometres=0.5)
        self.run_unet("measure", "flat.tif", "--out", "cells.csv", "--volume")
        self.assertNotIn("_um", (self.here / "cells.csv").read_text())
        self.stack("deep.tif", pages, micrometres=20000,
                   description="ImageJ=1.53t\nimages=2\nslices=2\nspacing=3\nunit=um\n")
        done = self.run_unet("measure", "deep.tif", "--out", "cells.csv", "--volume")
        self.assertIn("(48 um3, median 48, mean 48)", done.stdout)
        row, = self.rows()
        self.assertEqual([row[name] for name in ("area", "area_um3", "centroid-0_um", "centroid-1_um")],
                         ["4", "48", "1.5", "2"])

    def test_spacing_gives_columns_in_its_unit(self):
        image, labels = pictures.discs(40, 40, [(12, 12)], 6)
        self.stack("labels/b.tif", [labels], micrometres=0.5)
        self.discs("a", (12, 12))
        done = self.run_unet("measure", "labels", "--out", "cells.csv")
        self.assertEqual(self.columns(), ["image", *SHAPES, *LENGTHS])
        plain, spaced = self.rows()
        self.assertEqual({plain[name] for name in LENGTHS}, {""})
        self.assertEqual(float(spaced["area_um2"]), 0.25 * int(spaced["area"]))
        for name in LENGTHS[1:]:
            self.assertAlmostEqual(float(spaced[name]), 0.5 * float(spaced[name[:-3]]), places=9)
        self.assertIn(f"({0.25 * int(spaced['area']):g} um2, median", done.stdout)
        # The image knows where the labels do not.
        self.stack("image.tif", [image], "B", micrometres=0.25)
        pictures.write_png(self.here / "labels.png", labels, bits=16)
        self.run_unet("measure", "labels.png", "--image", "image.tif", "--out", "cells.csv")
        self.assertEqual(float(self.rows()[0]["area_um2"]), int(self.rows()[0]["area"]) / 16)

    def test_units_that_differ_become_micrometres(self):
        _, labels = pictures.discs(40, 40, [(12, 12)], 6)
        self.stack("labels/a.tif", [labels], micrometres=20000, description="ImageJ=1.53t\nunit=nm\n")
        self.run_unet("measure", "labels", "--out", "cells.csv")
        self.assertEqual(float(self.rows()[0]["area_nm2"]), 4 * int(self.rows()[0]["area"]))
        self.stack("labels/b.tif", [labels], micrometres=0.5)
        self.stack("labels/c.tif", [labels], micrometres=20000, description="ImageJ=1.53t\nunit=furlong\n")
        self.run_unet("measure", "labels", "--out", "cells.csv")
        nano, micro, other = self.rows()
        for row, pixel in ((nano, 0.002), (micro, 0.5)):
            for name in LENGTHS:
                plain = float(row[name.rsplit("_", 1)[0]])
                self.assertAlmostEqual(float(row[name]) / plain, pixel ** (2 if name == LENGTHS[0] else 1), places=12)
        self.assertEqual({other[name] for name in LENGTHS}, {""})

    def test_a_unit_that_is_no_length_is_told(self):
        _, labels = pictures.discs(40, 40, [(12, 12)], 6)
        self.stack("labels/a.tif", [labels], micrometres=20000, description="ImageJ=1.53t\nunit=sec\n")
        told = self.json_of("measure", "labels/a.tif", "--out", "cells.csv")["measured"][0]
        self.assertEqual(told["notes"], ["the unit of its pixel size is sec, which is no length; --spacing says how "
                                         "large a pixel is"])
        self.assertNotIn("area_um2", self.columns())
        self.assertNotIn("unit", told)
        for size, unit, pixel in (("0.5", "um", 0.25), ("500nm", "nm", 250000), ("0.00005 cm", "um", 0.25)):
            self.run_unet("measure", "labels/a.tif", "--out", "cells.csv", "--spacing", size)
            row, = self.rows()
            self.assertAlmostEqual(float(row[f"area_{unit}2"]), pixel * int(row["area"]), places=9)
        self.refused("--spacing: found '1px', expected the size of a pixel", "measure", "labels/a.tif", "--out",
                     "cells.csv", "--spacing", "1px", status=2)

    def test_every_unit_of_length_becomes_micrometres(self):
        _, labels = pictures.discs(40, 40, [(12, 12)], 6)
        # 1000 pixels are one of the unit; in micrometres, by the definition of each.
        for unit, micrometres in (("micrometers", 1), ("\\u00B5m", 1), ("cm", 1e4), ("inch", 25400), ("pt", 25400 / 72),
                                  ("\u212b", 1e-4), ("feet", 304800), ("yd", 914400), ("km", 1e9), ("mil", 25.4)):
            self.stack("a.tif", [labels], micrometres=10, description=f"ImageJ=1.53t\nunit={unit}\n")
            row = self.json_of("measure", "a.tif", "--out", "cells.csv")["measured"][0]
            self.assertEqual(row["unit"], "um", unit)
            right = row["area_total"] * (micrometres * 1e-3) ** 2
            self.assertAlmostEqual(row["area_total_physical"] / right, 1, places=5, msg=unit)

    def test_stored_values_are_measured(self):
        image, labels = self.discs("a", (12, 12), (40, 30))
        self.stack("as_shown.tif", [image], "B")
        self.stack("inverting.tif", [image], "B", photometric=0)
        tables = []
        for name in ("as_shown", "inverting"):
            told = self.json_of("measure", "labels/a.png", "--image", f"{name}.tif", "--out", "cells.csv")
            tables.append([row["intensity_mean"] for row in self.rows()])
        self.assertEqual(tables[0], tables[1])
        self.assertEqual([float(mean) for mean in tables[0]], [each["intensity_mean"] for each in counted(labels, image)])
        self.assertIn("0 as white", told["measured"][0]["notes"][0])

    def test_values_that_are_no_numbers_matter_to_their_object_alone(self):
        image, labels = self.discs("a", (12, 12), (40, 30))
        expected = list(counted(labels, image))
        image[40][30] = image[0][70] = float("nan")
        self.stack("nan.tif", [image], "f")
        told = self.json_of("measure", "labels/a.png", "--image", "nan.tif", "--out", "cells.csv")["measured"][0]
        first, second = self.rows()
        self.assertEqual(float(first["intensity_mean"]), expected[0]["intensity_mean"])
        self.assertEqual(float(first["intensity_mean_corrected"]), expected[0]["intensity_mean_corrected"])
        self.assertEqual({value for name, value in second.items() if name.startswith("intensity")}, {""})
        self.assertEqual(int(second["area"]), expected[1]["area"])
        self.assertIn("1 of 2 objects hold pixels of the image that are no numbers", told["notes"][0])

    def test_colours_are_channels(self):
        image, labels = self.discs("grey", (12, 12))
        self.discs("z", (12, 12))
        pictures.write_png(self.here / "labels/rgb.png", labels, bits=16)
        pictures.write_png(self.here / "images/rgb.png", [[(v, v // 2, 9) for v in row] for row in image])
        self.run_unet("measure", "labels", "--image", "images", "--out", "cells.csv")
        self.assertEqual(self.columns()[len(SHAPES) + 1:], [f"{name}-{c}" for c in range(3) for name in BRIGHTNESS])
        grey, rgb, _ = self.rows()
        self.assertEqual((grey["intensity_mean-0"], grey["intensity_mean-1"]), (rgb["intensity_mean-0"], ""))
        self.assertEqual((rgb["intensity_max-2"], rgb["intensity_std-2"]), ("9", "0"))

    def test_masks_are_one_object_and_it_is_told(self):
        _, labels = pictures.discs(60, 80, [(12, 12), (14, 50), (44, 30)], 6)
        pictures.write_png(self.here / "mask.png", [[255 * (v > 0) for v in row] for row in labels])
        done = self.run_unet("measure", "mask.png", "--out", "cells.csv")
        self.assertRegex(done.stderr, "note: mask.png: all 3 pieces have one number.*--pieces")
        self.assertEqual([row["label"] for row in self.rows()], ["255"])
        done = self.run_unet("measure", "mask.png", "--out", "cells.csv", "--pieces")
        self.assertEqual(done.stderr, "")
        self.assertEqual([row["label"] for row in self.rows()], ["1", "2", "3"])

    def test_outlines_for_qupath(self):
        ring = [[0, 0, 0, 0, 0], [0, 7, 7, 7, 0], [0, 7, 0, 7, 0], [0, 7, 7, 7, 0], [2, 0, 0, 0, 2]]
        pictures.write_png(self.here / "a.png", ring)
        outcome = self.json_of("measure", "a.png", "--out", "a.csv", "--geojson", "new/a.geojson")
        self.assertEqual(outcome["geojson"], "new/a.geojson")
        outlines = json.loads((self.here / "new/a.geojson").read_text())
        self.assertEqual(outlines["type"], "FeatureCollection")
        first, second = outlines["features"]
        self.assertEqual(first, {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [
            [[4, 1], [4, 4], [1, 4], [1, 1], [4, 1]], [[3, 3], [3, 2], [2, 2], [2, 3], [3, 3]]]},
            "properties": {"objectType": "annotation", "name": "7"}})
        self.assertEqual(second["geometry"]["type"], "MultiPolygon")
        self.assertEqual(second["geometry"]["coordinates"][0], [[[1, 4], [1, 5], [0, 5], [0, 4], [1, 4]]])

    def test_outlines_of_folders_and_stacks(self):
        self.discs("a", (12, 12))
        self.stack("labels/b.tif", [[[0, 1]], [[2, 0]]])
        self.run_unet("measure", "labels", "--out", "cells.csv", "--geojson", "outlines")
        self.assertEqual(sorted(self.files("outlines")), ["a.geojson", "b.geojson"])
        features = json.loads((self.here / "outlines/b.geojson").read_text())["features"]
        self.assertEqual([feature["geometry"]["plane"]["z"] for feature in features], [0, 1])
        self.nothing_written("one file for 2 label maps, expected a folder", "labels", "--out", "c.csv",
                             "--geojson", "all.geojson", status=2)
        self.nothing_written("ends in .geojson", "labels/a.png", "--out", "c.csv", "--geojson", "new", status=2)

    def test_bad_labels(self):
        image, labels = self.discs("a", (12, 12))
        self.stack("float.tif", [[[0.0, 0.5]]], "f")
        self.stack("negative.tif", [[[0.0, -3.0]]], "f")
        (self.here / "broken.png").write_bytes((self.here / "labels/a.png").read_bytes()[:60])
        (self.here / "text.png").write_text("no image")
        pictures.write_png(self.here / "colour.png", [[(1, 2, 3), (4, 5, 6)]])
        for words, name in (("float.tif.*is 0.5, expected labels", "float.tif"),
                            ("negative.tif.*is -3, expected labels", "negative.tif"),
                            ("broken.png", "broken.png"), ("text.png.*neither PNG, JPEG, TIFF", "text.png"),
                            ("colour.png.*RGB", "colour.png"), ("missing.tif.*no such file", "missing.tif")):
            with self.subTest(name):
                self.nothing_written(words, name, "--out", "cells.csv")

    def test_images_that_do_not_belong_to_the_labels(self):
        self.discs("a", (12, 12))
        self.discs("b", (12, 12))
        pictures.write_png(self.here / "small.png", [[1] * 79] * 60)
        self.nothing_written("labels/a.png on small.png: the labels are 60x80 pixels, the image is 60x79",
                             "labels/a.png", "--image", "small.png", "--out", "cells.csv", status=1)
        self.nothing_written("--image images: found a folder, expected a file as labels/a.png is one",
                             "labels/a.png", "--image", "images", "--out", "cells.csv", status=2)
        self.nothing_written("no such file", "labels", "--image", "nowhere", "--out", "cells.csv", status=1)
        (self.here / "images/b.png").unlink()
        self.nothing_written(r"no image for 1 of 2 label maps in labels \(b\), expected files of equal names",
                             "labels", "--image", "images", "--out", "cells.csv", status=2)

    def test_tables_that_cannot_be(self):
        self.discs("a", (12, 12))
        (self.here / "folder.csv").mkdir()
        self.nothing_written("--out FILE.csv is missing", "labels", status=2)
        self.nothing_written("--out FILE.csv is missing", "labels", "--out", "", status=2)
        self.nothing_written("found labels/a.png, expected a name that ends in .csv", "labels",
                             "--out", "labels/a.png", status=2)
        self.nothing_written("folder.csv is a folder", "labels", "--out", "folder.csv", status=2)
        self.nothing_written("a file of that name is in the way", "labels", "--out", "labels/a.png/x.csv", status=1)

    def test_one_that_fails_does_not_stop_the_others(self):
        self.discs("a", (12, 12))
        self.discs("b", (12, 12))
        (self.here / "labels/a.png").write_text("no image")
        done = self.run_unet("measure", "labels", "--out", "cells.csv", "--json", status=1)
        self.assertRegex(done.stderr, "unet: .*a.png.*\n.*1 of 2 label maps measured, 1 failed")
        self.assertEqual([entry["labels"] for entry in json.loads(done.stdout)["failed"]], ["labels/a.png"])
        self.assertEqual([row["image"] for row in self.rows()], ["b.png"])

    def test_no_table_where_nothing_was_measured(self):
        (self.here / "labels/a.png").write_text("no image")
        (self.here / "cells.csv").write_text("of yesterday")
        self.nothing_written("a.png", "labels", "--out", "cells.csv", status=1)

    def test_the_same_bytes_every_time(self):
        self.discs("a", (12, 12), (14, 50))
        tables = []
        processors = os.sched_getaffinity(0)
        for some in ({min(processors)}, processors):  # as many threads
            os.sched_setaffinity(0, some)
            self.run_unet("measure", "labels", "--image", "images", "--out", "cells.csv")
            tables.append((self.here / "cells.csv").read_bytes())
        self.assertEqual(*tables)


if __name__ == "__main__":
    program.main()
