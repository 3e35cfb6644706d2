"""`unet objects`: probabilities give the objects that prediction gives; what is no probability is refused."""
import unittest

import pictures
import program
from program import ProgramTest


class Objects(ProgramTest):
    def map_of(self, name, value=0.9, form="f"):
        """Two discs that touch, and one of 4 pixels."""
        rows = [[0] * 40 for _ in range(30)]
        for y in range(30):
            for x in range(40):
                if (y - 14) ** 2 + (x - 10) ** 2 <= 49 or (y - 14) ** 2 + (x - 23) ** 2 <= 49:
                    rows[y][x] = value
        for y, x in ((1, 36), (1, 37), (2, 36), (2, 37)):
            rows[y][x] = value
        pictures.write_tiff_stack(self.here / name, [rows], form=form)

    def count(self, *arguments, name="map.tif"):
        self.number = getattr(self, "number", 0) + 1
        return self.json_of("objects", name, "--out", f"out{self.number}", *arguments)["found"][0]["objects"]

    def test_as_prediction_finds_them(self):
        self.make_run()
        self.run_unet("predict", "run", "data/images", "--out", "both", "--what", "objects,probabilities",
                      "--diameter", "off")
        told = self.json_of("objects", "both/probabilities", "--out", "found", "--model", "run")
        self.assertEqual(len(told["found"]), 4)
        self.assertEqual(self.files("found"), self.files("both/objects"))

    def test_each_number_of_the_rule(self):
        self.map_of("map.tif")
        self.assertEqual(self.count(), 2)
        self.assertEqual(self.count("--split-depth", 1), 3)
        self.assertEqual(self.count("--split-depth", 1, "--minimum-size", 5), 2)
        self.assertEqual(self.count("--threshold", 0.95), 0)

    def test_holes_and_the_edge(self):
        rows = [[0.9 * (2 <= x <= 7 and y <= 6 and not (x == 4 and y == 3)) for x in range(30)] for y in range(20)]
        for y, x in ((12, 12), (12, 13), (13, 12), (14, 12), (14, 13), (14, 14), (13, 14), (12, 14)):
            rows[y][x] = 0.9
        pictures.write_tiff_stack(self.here / "map.tif", [rows], form="f")
        self.assertEqual(self.count(), 2)
        self.assertEqual(self.count("--drop-border"), 1)
        self.assertEqual(self.count("--minimum-size", 9), 1)
        self.assertEqual(self.count("--minimum-size", 9, "--fill-holes"), 2)
        self.make_run()
        self.run_unet("predict", "run", "data/images", "--out", "maps", "--what", "objects,probabilities",
                      "--diameter", "off", "--fill-holes", "--drop-border")
        self.run_unet("objects", "maps/probabilities", "--out", "found", "--model", "run", "--fill-holes", "--drop-border")
        self.assertEqual(self.files("found"), self.files("maps/objects"))

    def test_integers_are_parts_of_the_largest(self):
        self.map_of("bytes.tif", 140, "B")
        self.assertEqual(self.count(name="bytes.tif"), 2)
        self.assertEqual(self.count("--threshold", 0.56, name="bytes.tif"), 0)

    def test_flags_win_over_the_model(self):
        self.make_run()
        self.map_of("map.tif")
        rule = self.json_of("objects", "map.tif", "--out", "out", "--model", "run", "--threshold", 0.25)["rule"]
        self.assertEqual(rule["threshold"], 0.25)

    def found(self, name, *arguments):
        """Objects and notes."""
        found, = self.json_of("objects", name, "--out", "scaled", *arguments)["found"]
        return found["objects"], found.get("notes", [])

    def test_the_value_of_certainty(self):
        for form, full in (("f", 100), ("f", 255), ("H", 4095), ("B", 100), ("H", 1023), ("f", 65535), ("H", 255)):
            self.map_of("scaled.tif", 0.9 * full if form == "f" else 9 * full // 10, form)
            self.assertEqual(self.found("scaled.tif", "--full", full), (2, []), (form, full))
            self.assertEqual(self.found("scaled.tif", "--full", full, "--threshold", 0.95)[0], 0)
            if form == "f":
                self.refused(f"found values from 0 to {round(0.9 * full, 1):g}.* --full says which value", "objects", "scaled.tif",
                             "--out", "scaled", status=1)
            else:
                count, notes = self.found("scaled.tif")
                self.assertEqual(count, 0)
                self.assertIn(f"its largest value is {9 * full // 10}, where {255 if form == 'B' else 65535} is taken",
                              notes[0])
        self.map_of("scaled.tif", 0.9, "f")
        count, notes = self.found("scaled.tif", "--full", 255)
        self.assertEqual((count, notes), (0, ["its largest value is 0.9, where 255 is taken for a probability of 1; --full "
                                              "1 takes floats as they are"]))
        self.map_of("scaled.tif", 60000, "H")
        self.assertEqual(self.found("scaled.tif"), (2, []))

    def test_an_inverting_table_changes_nothing(self):
        rows = [[230 if 5 < x < 12 and 5 < y < 12 else 10 for x in range(40)] for y in range(30)]
        pictures.write_tiff_stack(self.here / "shown.tif", [rows])
        pictures.write_tiff_stack(self.here / "inverting.tif", [rows], photometric=0)
        self.assertEqual(self.found("shown.tif"), (1, []))
        count, notes = self.found("inverting.tif")
        self.assertEqual(count, 1)
        self.assertIn("0 as white", notes[0])
        self.assertEqual((self.here / "scaled/shown.tif").read_bytes(), (self.here / "scaled/inverting.tif").read_bytes())

    def test_nan_is_background_and_rounding_is_none(self):
        self.map_of("nan.tif", float("nan"))
        count, notes = self.found("nan.tif")
        self.assertEqual(count, 0)
        self.assertRegex(notes[0], r"\d+ pixels are NaN and count as background")
        self.map_of("rounded.tif", 1.0002)
        self.assertEqual(self.found("rounded.tif"), (2, []))

    def test_what_is_no_probability(self):
        for name, value, found in (("large.tif", 1.5, "0 to 1.5"), ("negative.tif", -0.1, "-0.1 to 0")):
            self.map_of(name, value)
            self.refused(f"{name}: found values from {found}, expected probabilities from 0 to 1", "objects", name, "--out",
                         "out", status=1)
        self.assertEqual(self.files("out"), {})
        pictures.write_png(self.here / "colour.png", [[(1, 2, 3)] * 9] * 9)
        self.refused("found 3 channels, expected probabilities", "objects", "colour.png", "--out", "out")
        self.refused("--out DIR is missing", "objects", "colour.png", status=2)
        self.map_of("map.tif")
        self.refused("is read from this folder", "objects", "map.tif", "--out", ".", status=2)


if __name__ == "__main__":
    program.main()
