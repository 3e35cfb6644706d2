"""`unet data import` and `export`: what people drew becomes a data set that trains, exactly; faults leave nothing."""
import json
import shutil
import signal
import subprocess
import time
import unittest
import zipfile

import pictures
import program
from program import SMALL, ProgramTest


def feature(*points, name="", kind=""):
    """A polygon as QuPath writes it."""
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[*points, points[0]]]},
            "properties": {"objectType": "annotation", "name": name,
                           **({"classification": {"name": kind}} if kind else {})}}


def square(x, y, size, **properties):
    return feature([x, y], [x + size, y], [x + size, y + size], [x, y + size], **properties)


class Annotations(ProgramTest):
    def setUp(self):
        super().setUp()
        (self.here / "images").mkdir()
        for name in ("a", "b"):
            self.picture(f"images/{name}.png")

    def picture(self, name, height=40, width=50):
        pictures.write_png(self.here / name, [[(x * y) % 251 for x in range(width)] for y in range(height)])

    def geojson(self, name, *features):
        path = self.here / "drawn" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))

    def imported(self, *arguments, images="images", out="set"):
        return self.json_of("data", "import", "drawn", "--images", images, "--out", out, *arguments)

    def fails(self, words, *arguments, status=None):
        """An error that leaves no folder and no temporary one."""
        before = self.files()
        self.refused(words, "data", "import", "drawn", "--images", "images", "--out", "set", *arguments,
                     status=status)
        self.assertEqual(self.files(), before)
        self.assertFalse((self.here / "set").exists())

    def test_a_drawn_set_trains_and_comes_back_with_the_same_bytes(self):
        data = self.make_data(count=6)
        for form, link in (("imagej", []), ("geojson", ["--link"]), ("labelme", []), ("coco", [])):
            out = self.json_of("data", "export", data / "labels", "--images", data / "images", "--format", form,
                               "--out", f"{form}")
            self.assertEqual(sum(each["objects"] for each in out["exported"]), 15)
            back = self.json_of("data", "import", form, "--images", data / "images", "--out", f"{form} back", *link)
            self.assertEqual(sum(each["objects"] for each in back["images"]), 15)
            self.assertEqual(back["notes"], [])
        self.json_of("data", "export", data / "labels", "--format", "tiff", "--out", "tiff")
        expected = {f"{name}": content for name, content in self.files("tiff").items()}
        for form in ("imagej", "geojson", "labelme", "coco"):
            self.assertEqual(self.files(f"{form} back/labels"), expected)
        self.assertTrue((self.here / "geojson back/images/disc 0.png").is_symlink())
        self.assertEqual(self.files("imagej back/images"), self.files("data/images"))
        self.run_unet("check", "geojson back")
        self.run_unet("train", "geojson back", "--out", "run", "--steps", 1, *SMALL)

    def test_regions_make_ignored_pixels_that_training_takes_with_one_flag(self):
        for name in ("a", "b"):
            self.geojson(f"{name}.geojson", square(0, 0, 30, kind="Region*"),
                         *[square(2 + 5 * i, 3 * i, 4) for i in range(5)], square(20, 22, 4))
        told = self.imported()
        self.assertEqual((told["ignore"], told["labels"]), (255, "instances"))
        self.assertTrue(told["train"].endswith("--labels instances --ignore 255"))
        self.run_unet(*told["train"].split()[1:], "--out", "run", "--steps", 1, *SMALL)

    def test_classes_are_asked_for(self):
        self.geojson("a.geojson", square(1, 1, 5, kind="stroma"), square(10, 10, 5, kind="tumour"))
        self.fails("classes stroma, tumour: --labels classes", status=2)
        self.fails("found the class 'stroma', expected one of: tumour", "--classes", "tumour")
        told = self.imported("--labels", "classes")
        self.assertEqual(told["classes"], ["stroma", "tumour"])
        self.assertEqual((self.here / "set/classes.csv").read_text(), "value,name\n0,background\n1,stroma\n2,tumour\n")
        told = self.imported("--classes", "tumour,stroma", out="other")
        self.assertEqual((told["labels"], told["classes"]), ("classes", ["tumour", "stroma"]))

    def test_what_is_clipped_or_left_out_is_counted(self):
        self.geojson("a.geojson", square(45, 5, 10), square(1, 1, 9), square(2, 2, 3), square(30.6, 30.6, 0.5),
                     {"type": "Feature", "geometry": {"type": "Point", "coordinates": [3, 3]}})
        notes = " ".join(self.imported()["notes"])
        for words in ("1 annotation(s) went beyond their image and were clipped", "9 pixel(s) belong to several",
                      "1 annotation(s) have no pixel of their own", "1 point(s), line(s) or text(s)"):
            self.assertIn(words, notes)

    def test_what_has_no_outline_or_number_is_told(self):
        self.geojson("a.geojson", square(1, 1, 5, name="7"), square(10, 10, 5, name="7"), square(20, 20, 5),
                     {"type": "Feature", "geometry": None, "properties": {}})
        told = self.imported()
        notes = " ".join(told["notes"])
        self.assertEqual(told["images"][0]["objects"], 3)
        self.assertIn("1 annotation(s) have no outline, at most a box, and were left out", notes)
        self.assertIn("1 annotation(s) got a new number, as theirs is taken in the slice", notes)

    def test_classes_keep_their_values_and_the_names_that_are_given(self):
        (self.here / "truth").mkdir()
        pictures.write_png(self.here / "truth/a.png", [[x // 4 if x % 4 else 0 for x in range(50)] for _ in range(40)])
        self.run_unet("data", "export", "truth", "--format", "tiff", "--out", "tiff")
        names = ",".join("abcdefghijkl")
        for form in ("imagej", "geojson", "labelme", "coco"):
            for given in ([], ["--classes", names]):
                shutil.rmtree(self.here / "drawn", ignore_errors=True)
                shutil.rmtree(self.here / "set", ignore_errors=True)
                self.run_unet("data", "export", "truth", "--images", "images", "--format", form, "--labels", "classes",
                              *given, "--out", "drawn")
                told = self.imported("--labels", "classes", *given)
                self.assertEqual(len(told["classes"]), 12)
                self.assertEqual(self.files("set/labels"), self.files("tiff"), (form, given))
        pictures.write_png(self.here / "truth/a.png", [[300] * 50] * 40, bits=16)
        self.refused("truth/a.png: found the class value 300, expected 255 at most", "data", "export", "truth",
                     "--format", "imagej", "--labels", "classes", "--out", "rois")
        self.assertFalse((self.here / "rois").exists())

    def test_interrupted_it_leaves_nothing(self):
        for i in range(300):
            self.picture(f"images/{i}.png")
            self.geojson(f"{i}.geojson", square(1, 1, 5))
        for command in (("import", "drawn", "--images", "images"), ("export", "images", "--format", "imagej")):
            before = sorted(self.here.iterdir())
            process = subprocess.Popen([program.PROGRAM, "data", *command, "--out", "set"], cwd=self.here,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            while process.poll() is None and sorted(self.here.iterdir()) == before:
                time.sleep(0.001)
            process.send_signal(signal.SIGINT)
            out, told = process.communicate(timeout=120)
            self.assertEqual((process.returncode, out), (1, ""), told)
            self.assertRegex(told, f"^unet: {command[0]}: stopped before its end, nothing was written\n$")
            self.assertEqual(sorted(self.here.iterdir()), before)

    def test_cellpose_pairs(self):
        (self.here / "pairs").mkdir()
        self.picture("pairs/a.png", 20, 20)
        pictures.write_png(self.here / "pairs/a_cp_masks.png",
                           [[1 if x < 5 else 2 if x > 12 else 0 for x in range(20)] for _ in range(20)], bits=16)
        told = self.json_of("data", "import", "pairs", "--out", "set")
        self.assertEqual(told["images"][0]["objects"], 2)
        self.assertEqual(sorted(self.files("set")), ["images/a.png", "labels/a.tif"])
        self.picture("pairs/a.png", 20, 21)
        self.refused("20 x 20 pixels .*expected 1 x 20 x 21", "data", "import", "pairs", "--out", "other")
        self.assertFalse((self.here / "other").exists())

    def test_masks_in_colours(self):
        (self.here / "drawn").mkdir()
        pictures.write_png(self.here / "drawn/a.png",
                           [[(255, 0, 0) if x < 9 else (0, 0, 0) for x in range(50)] for _ in range(40)])
        told = self.imported("--colours", "background=#000000,tumour=#ff0000")
        self.assertEqual((told["labels"], told["classes"]), ("classes", ["tumour"]))
        (self.here / "colours.txt").write_text("r,g,b,name\n0,0,0,background\n255,0,0,ignore\n9 9 9 other\n")
        self.assertEqual(self.imported("--colours", "colours.txt", out="second")["ignore"], 255)
        shutil.rmtree(self.here / "set")
        self.fails("360 pixel.s. of colours that --colours does not name, the first 255, 0, 0 at row 0, column 0",
                   "--colours", "background=#000000,tumour=#ff00ff")
        self.fails("expected a file that is there, or NAME=#RRGGBB", "--colours", "tumour")

    def test_faults_are_told_and_leave_nothing(self):
        self.geojson("a.geojson", square(100, 5, 10))
        self.fails("a.geojson: feature 1: it lies wholly outside the image of 40 x 50")
        self.geojson("a.geojson", feature([1, 1], [9, 9], [9, 1], [1, 9]))
        self.fails("crosses itself near x 5.0, y 5.0.*--fill-crossings")
        self.imported("--fill-crossings", out="filled")
        (self.here / "drawn/a.geojson").write_text('{"type": "FeatureCollection", "feat')
        self.fails("a.geojson: found no JSON")
        (self.here / "drawn/a.geojson").unlink()
        self.fails("found no annotations in this folder", status=2)
        self.geojson("c.geojson", square(1, 1, 5))
        self.fails("c.geojson: found no image named c in images; say with --images")
        (self.here / "drawn/c.geojson").unlink()
        (self.here / "drawn/a.zip").write_bytes(b"PK\x03\x04 cut off")
        self.fails("a.zip: the zip archive is damaged: it ends too early")
        (self.here / "drawn/a.zip").unlink()
        self.geojson("a.geojson", square(1, 1, 5))
        self.geojson("a.png.geojson", square(1, 1, 5))
        self.fails("both are annotations of an image named a", status=2)

    def test_what_cannot_be_used_is_counted_and_the_rest_imported(self):
        good = square(2, 2, 6)

        def told(words, objects=1, **options):
            report = self.imported(out="usable", **options)
            self.assertEqual(sum(each["objects"] for each in report["images"]), objects)
            self.assertRegex("; ".join(report["notes"]), words)
            shutil.rmtree(self.here / "usable")
            shutil.rmtree(self.here / "drawn")

        def write(name, content):
            (self.here / "drawn").mkdir(exist_ok=True)
            (self.here / "drawn" / name).write_text(json.dumps(content))

        self.geojson("a.geojson", square(100, 5, 10), good)
        told(r"1 annotation\(s\) lie wholly outside of their image.*a.geojson: feature 1: it lies wholly outside")
        self.geojson("a.geojson", {"type": "Feature", "geometry": {"type": "Circle", "coordinates": [1, 2]}}, good)
        told(r"1 annotation\(s\) cannot be used.*feature 1: found a geometry of the type 'Circle'")
        self.geojson("a.geojson", feature(["2", "2"], ["8", "2"], ["8", "8"], ["2", "8"]))
        told("^$")  # numbers as texts are numbers
        write("a.geojson", {"features": [{"geometry": {"coordinates": good["geometry"]["coordinates"]}}]})
        told("^$")  # no types
        points = [[2, 2], [8, 2], [8, 8], [2, 8]]
        write("a.json", {"imagePath": "IMG_0001.JPG", "imageHeight": 40, "imageWidth": 50, "shapes": [
            {"label": "c", "points": [[100, 100], [105, 100], [105, 105]]}, {"label": "c", "points": points}]})
        told(r"a.json: there is no image IMG_0001.JPG; a.png, named as the file, is taken.*1 annotation\(s\) lie wholly")
        outline = [2, 2, 8, 2, 8, 8, 2, 8]
        # pycocotools: rows 2 .. 7 of columns 2 .. 7 of 40 x 50.
        runs = {"size": [40, 50], "counts": [82, 6, 34, 6, 34, 6, 34, 6, 34, 6, 34, 6, 1712]}
        short = {**runs, "counts": runs["counts"][:-1]}
        bad = [[outline + [3]], [outline, runs], short]
        for crowd, segmentations in ((0, [*bad, json.dumps([outline])]), (1, [[outline]])):
            write("c.json", {"images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "b.png"}],
                             "annotations": [{"image_id": 1, "segmentation": each, "iscrowd": crowd}
                                             for each in segmentations] + [{"image_id": 2, "segmentation": [outline]}]})
            told(r"1 annotation\(s\) are crowds" if crowd else r"3 annotation\(s\) cannot be used.*the first that cannot",
                 objects=1 if crowd else 2)
        write("c.json", [{"image_id": 1, "segmentation": runs, "score": 0.9}])
        self.fails("c.json: found JSON of another kind.*COCO results goes under 'annotations' beside the 'images'")
        write("c.json", {"images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "b.png"}],
                         "annotations": [{"image_id": i, "segmentation": [[90, 90, 95, 90, 95, 95]]} for i in (1, 2)]})
        self.fails("c.json: annotation 1: it lies wholly outside the image")
        # ImageJ: 2 .. 8 by header alone, as its format says; one beyond the image, and what is no region.
        (self.here / "drawn/c.json").unlink()

        def roi(top):
            return (b"Iout" + (227).to_bytes(2, "big") + b"\1\0" +
                    b"".join(v.to_bytes(2, "big") for v in (top, 2, top + 6, 8))).ljust(64, b"\0")

        with zipfile.ZipFile(self.here / "drawn/a.zip", "w") as archive:
            for name, content in (("1.roi", roi(2)), ("2.roi", roi(100)), ("bad.roi", b"7 bytes"), ("none.roi", b""),
                                  ("a.geojson", json.dumps(good)), ("settings.json", "{}")):
                archive.writestr(name, content)
        told(r"1 annotation.s. lie wholly outside.*2 annotation.s. cannot be used.*1 file.s. of annotations beside ImageJ's "
             r"regions.*1 file.s. in zip archives are no annotations")

    def test_nothing_is_replaced(self):
        self.geojson("a.geojson", square(1, 1, 5))
        self.imported()
        before = self.files()
        self.refused("--out set: is there already", "data", "import", "drawn", "--images", "images", "--out", "set",
                     status=2)
        self.refused("--out set: is there already", "data", "export", "set/labels", "--format", "imagej", "--out",
                     "set", status=2)
        self.assertEqual(self.files(), before)

    def test_words_that_do_not_fit(self):
        self.refused("expected show, import or export; did you mean import", "data", "imprt", "x", "--out", "y",
                     status=2)
        self.refused("--count is not for import", "data", "import", "x", "--out", "y", "--count", 3, status=2)
        self.refused("--format is not for show", "data", "show", "x", "--out", "y", "--format", "imagej", status=2)
        self.refused("--format is missing: imagej", "data", "export", "x", "--out", "y", status=2)
        self.refused("a.png: found another kind of file, expected annotations", "data", "import", "images/a.png",
                     "--out", "y", status=2)
        self.refused("there is no such file", "data", "import", "x", "--out", "y", status=1)
        self.refused("--out DIR is missing", "data", "import", "x", status=2)


if __name__ == "__main__":
    program.main()
