"""Images that say by their orientation (EXIF, tag 274 of TIFF) that they lie otherwise than they are stored: what is
predicted, imported, measured and compared lies on what viewers show, and each verb tells."""
import json
import struct
import unittest
import zlib

import pictures
import program
from program import SMALL, ProgramTest

# What is stored for what viewers show, after Pillow's ImageOps.exif_transpose.
STORED = {1: lambda a: a, 2: lambda a: [row[::-1] for row in a], 3: lambda a: [row[::-1] for row in a[::-1]],
          4: lambda a: a[::-1], 5: lambda a: [list(row) for row in zip(*a)],
          6: lambda a: [list(row) for row in zip(*a)][::-1],
          7: lambda a: [list(row)[::-1] for row in zip(*a)][::-1], 8: lambda a: [list(row)[::-1] for row in zip(*a)]}
TOLD = "its pixels are read turned by 90 degrees clockwise (its orientation is 6, as EXIF numbers it), as viewers show them"


def write(path, shown, orientation):
    """PNG or TIFF that viewers show so."""
    stored = STORED[orientation](shown)
    if path.suffix == ".tif":
        return pictures.write_tiff_stack(path, [stored], orientation=orientation)
    pictures.write_png(path, stored)
    block = b"eXIf" + struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, 274, 3, 1, orientation, 0, 0)
    data = path.read_bytes()
    path.write_bytes(data[:33] + struct.pack(">I", len(block) - 4) + block + struct.pack(">I", zlib.crc32(block)) + data[33:])


class Orientation(ProgramTest):
    def setUp(self):
        super().setUp()
        self.shown = [[220 if 6 <= y < 14 and 30 <= x < 44 else 30 + (3 * x + 5 * y) % 20 for x in range(50)]
                      for y in range(40)]
        self.labels = [[1 if value == 220 else 0 for value in row] for row in self.shown]

    def each(self):
        for ending in ("png", "tif"):
            for orientation in STORED:
                yield f"{ending}{orientation}", ending, orientation

    def test_what_was_drawn_in_a_viewer_lies_on_it(self):
        (self.here / "images").mkdir()
        (self.here / "drawn").mkdir()
        for name, ending, orientation in self.each():
            write(self.here / f"images/{name}.{ending}", self.shown, orientation)
            (self.here / f"drawn/{name}.json").write_text(json.dumps({
                "imagePath": f"{name}.{ending}", "imageHeight": 40, "imageWidth": 50, "imageData": None,
                "shapes": [{"label": "cell", "shape_type": "rectangle", "points": [[30, 6], [44, 14]], "group_id": None}]}))
        told = self.json_of("data", "import", "drawn", "--images", "images", "--out", "set")
        self.assertEqual(len(told["notes"]), 7)
        self.assertIn(f"2 image(s) (png6, tif6): {TOLD}", told["notes"])
        self.run_unet("measure", "set/labels", "--image", "set/images", "--out", "cells.csv")
        lines = (self.here / "cells.csv").read_text().splitlines()
        mean = lines[0].split(",").index("intensity_mean")
        self.assertEqual([line.split(",")[mean] for line in lines[1:]], ["220"] * 16)
        found = self.json_of("check", "set")["findings"]
        self.assertEqual(sum("as EXIF numbers it" in each["what"] for each in found), 14)

    def test_programs_that_turn_nothing_are_not_believed(self):
        write(self.here / "p.png", self.shown, 3)
        (self.here / "p.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [{
            "type": "Feature", "properties": {}, "geometry": {
                "type": "Polygon", "coordinates": [[[6, 6], [20, 6], [20, 20], [6, 20], [6, 6]]]}}]}))
        self.refused("p.geojson: the image is turned by 180 degrees .its orientation is 3.*exiftool -Orientation= FILE",
                     "data", "import", "p.geojson", "--images", "p.png", "--out", "set", status=1)
        write(self.here / "p.png", self.shown, 1)
        self.run_unet("data", "import", "p.geojson", "--images", "p.png", "--out", "set")

    def test_a_prediction_lies_on_what_viewers_show(self):
        self.make_run()
        for name, ending, orientation in self.each():
            write(self.here / f"{name}.{ending}", self.shown, orientation)
        for ending in ("png", "tif"):
            names = [f"{ending}{orientation}.{ending}" for orientation in STORED]
            for extra in ((), ("--max-ram", "200MB", "--tile", "16")):
                told = self.json_of("predict", "run", *names, "--out", "out", "--what", "probabilities", *extra)
                pages = [pictures.read_tiff(self.here / f"out/{ending}{orientation}.tif")[1] for orientation in STORED]
                for page in pages[1:]:
                    self.assertEqual((page.height, page.width, page.values), (40, 50, pages[0].values))
                self.assertNotIn(TOLD, told["outputs"][0].get("notes", []))
                self.assertIn(TOLD, told["outputs"][5]["notes"])
        self.assertIn(TOLD, self.json_of("plan", "run", "png6.png")["images"][0]["notes"])
        self.assertEqual(self.json_of("info", "png6.png")["orientation"], 6)
        self.assertEqual([self.json_of("info", "png6.png")[key] for key in ("height", "width")], [40, 50])

    def test_labels_are_turned_too(self):
        write(self.here / "labels.tif", self.labels, 6)
        write(self.here / "plain.tif", self.labels, 1)
        write(self.here / "image.tif", self.shown, 8)
        told = self.json_of("measure", "labels.tif", "--image", "image.tif", "--out", "cells.csv")["measured"][0]
        self.assertIn(TOLD, told["notes"])
        self.assertEqual(told["area_total"], 8 * 14)
        done = self.run_unet("evaluate", "labels.tif", "plain.tif", "--labels", "instances", "--json")
        self.assertEqual(json.loads(done.stdout)["f1"], 1)
        self.assertIn(f"note: labels.tif: {TOLD}", done.stderr)

    def test_a_set_is_told_and_a_size_that_differs_is_explained(self):
        data = self.make_data()
        image, labels = pictures.discs(48, 60, [(12, 12), (14, 34), (34, 20)], 6)
        write(data / "images/turned.png", image, 6)
        pictures.write_png(data / "labels/turned.png", labels, bits=16)
        self.assertIn(f"images: 1 of 5 (turned): {TOLD}", self.json_of("info", data)["notices"])
        self.assertIn(f"images: 1 of 5 (turned): {TOLD}", self.train())
        pictures.write_png(data / "labels/turned.png", STORED[6](labels), bits=16)
        self.refused("turned.png has 48x60 pixels, its label map .* has 60x48.*its orientation is 6", "train", "data", "--out",
                     "other", "--steps", 1, *SMALL)

    def test_labels_on_their_side_are_refused_with_the_orientation(self):
        write(self.here / "image.png", self.shown, 6)
        pictures.write_tiff_stack(self.here / "image.tif", [STORED[6](self.labels)])  # on the pixels as stored
        for verb in (("measure", "image.tif", "--image", "image.png", "--out", "o.csv"),
                     ("data", "export", "image.tif", "--images", "image.png", "--format", "coco", "--out", "e"),
                     ("report", "image.tif", "--image", "image.png", "--out", "r.html")):
            with self.subTest(verb[0]):
                self.refused("50x40.*image.png is turned by 90 degrees clockwise .its orientation is 6, as EXIF numbers it.: "
                             "labels .* have to be turned by 90 degrees clockwise too", *verb)


if __name__ == "__main__":
    program.main()
