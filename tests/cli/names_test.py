"""Names of files as other systems write them: not UTF-8, decomposed, of 255 bytes, on two plates, beside other files."""
import csv
import json
import os
import subprocess

import pictures
import program
from program import SMALL, ProgramTest

LATIN1 = os.fsdecode(b"caf\xe9")  # ISO 8859-1: an old disk, an archive
SHOWN = "caf\N{REPLACEMENT CHARACTER}"
COMPOSED, DECOMPOSED = "Gr\u00f6\u00dfe", "Gro\u0308\u00dfe"


class Names(ProgramTest):
    def two_squares(self, name, bits=8):
        path = self.here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pictures.write_png(path, [[1 if 2 <= x < 8 and 2 <= y < 8 else 2 if 10 <= x < 16 and 10 <= y < 16 else 0
                                   for x in range(30)] for y in range(20)], bits=bits)

    def picture(self, name, height=20, width=30):
        path = self.here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pictures.write_png(path, [[(x * y) % 251 for x in range(width)] for y in range(height)])

    def told(self, *arguments, status=0):
        """Both streams of the program must be UTF-8 where it prints JSON."""
        done = subprocess.run([program.PROGRAM, *arguments], capture_output=True, cwd=self.here,
                              stdin=subprocess.DEVNULL, timeout=300)
        self.assertEqual(done.returncode, status, done)
        return done.stdout.decode("utf-8")

    def test_a_name_that_is_not_utf8_is_answered_by_every_verb(self):
        self.two_squares(f"d/{LATIN1}.png")
        self.assertIn(f"d/{SHOWN}.png", self.told("info", f"d/{LATIN1}.png"))
        self.assertEqual(json.loads(self.told("info", f"d/{LATIN1}.png", "--json"))["image"], f"d/{SHOWN}.png")
        told = json.loads(self.told("measure", "d", "--out", "o.csv", "--geojson", "g.geojson", "--json"))
        self.assertEqual(told["measured"][0]["labels"], f"d/{SHOWN}.png")
        self.assertEqual(told["measured"][0]["objects"], 2)
        rows = list(csv.DictReader((self.here / "o.csv").read_text(encoding="utf-8").splitlines()))
        self.assertEqual([row["image"] for row in rows], [f"{SHOWN}.png"] * 2)
        told = json.loads(self.told("evaluate", "d", "d", "--labels", "instances", "--json"))
        self.assertEqual(told["images"][0]["name"], SHOWN)
        told = json.loads(self.told("predict", "nuclei", "d", "--out", "out", "--json", "--table", "t.csv",
                                    "--overlay"))
        self.assertEqual(told["outputs"][0]["objects"], f"out/{SHOWN}.tif")
        self.assertIn(f"{LATIN1}.tif", os.listdir(self.here / "out"))
        self.assertIn(f"{SHOWN}.png", (self.here / "t.csv").read_text(encoding="utf-8"))
        for form in ("ome-tif", "ome-zarr", "nifti", "png"):
            self.told("predict", "nuclei", "d", "--out", form, "--format", form, "--json")
        for form in ("coco", "labelme", "geojson", "imagej"):
            told = json.loads(self.told("data", "export", "d", "--format", form, "--out", f"e {form}", "--json"))
            self.assertEqual(told["exported"][0]["objects"], 2)
            told = json.loads(self.told("data", "import", f"e {form}", "--images", "d", "--out", f"i {form}", "--json"))
            self.assertEqual([(image["name"], image["objects"]) for image in told["images"]], [(SHOWN, 2)])
        self.told("plan", "nuclei", "d", "--json")
        self.told("report", "out", "--json")
        (self.here / "out/report.html").read_text(encoding="utf-8")

    def test_a_data_set_of_such_names_trains_and_goes_on(self):
        data = self.make_data(f"{LATIN1}", count=6)
        for folder in ("images", "labels"):
            for path in list((data / folder).iterdir()):
                path.rename(path.with_name(LATIN1 + path.name))
        json.loads(self.told("check", LATIN1, "--json"))
        json.loads(self.told("info", LATIN1, "--json"))
        self.told("train", LATIN1, "--out", "run", "--steps", "2", *SMALL)
        self.told("train", "--resume", "run", "--steps", "3")
        for name in ("config.toml", "metrics.jsonl", "log.txt", "report.html"):
            (self.here / "run" / name).read_text(encoding="utf-8")
        told = json.loads(self.told("evaluate", "run", LATIN1, "--json"))
        self.assertEqual(len(told["images"]), 6)
        self.told("report", "run", "--json", "--out", "again.html")
        self.told("data", "show", LATIN1, "--out", "look", "--count", "1", "--json")

    def test_an_unfinished_prediction_of_such_a_name_goes_on(self):
        self.two_squares(f"d/{LATIN1}.png")
        for part in ("1/2", "2/2"):
            self.told("predict", "nuclei", "d", "--out", "out", "--part", part, "--json")
        self.assertEqual(os.listdir(self.here / "out"), [f"{LATIN1}.tif"])

    def test_names_that_look_the_same_pair_up(self):
        data = self.make_data("data", count=4)
        (data / "images/disc 0.png").rename(data / f"images/{COMPOSED}.png")
        (data / "labels/disc 0.png").rename(data / f"labels/{DECOMPOSED}.png")
        told = self.json_of("info", "data")
        self.assertEqual(told["images"], 4)
        kinds = {finding["kind"] for finding in self.json_of("check", "data")["findings"]}
        self.assertNotIn("missing", kinds)
        told = self.json_of("evaluate", "data/labels", "data/labels", "--labels", "instances")
        self.assertEqual(len(told["images"]), 4)
        (self.here / "predicted").mkdir()
        (self.here / "truth").mkdir()
        self.two_squares(f"predicted/{DECOMPOSED}.png")
        self.two_squares(f"truth/{COMPOSED}.png")
        self.assertEqual(self.json_of("evaluate", "predicted", "truth", "--labels", "instances")["f1"], 1.0)
        self.assertEqual(self.json_of("measure", "predicted", "--image", "truth", "--out", "o.csv")["failed"], [])
        self.json_of("data", "export", "predicted", "--format", "geojson", "--out", "drawn")
        told = self.json_of("data", "import", "drawn", "--images", "truth", "--out", "set")
        self.assertEqual(told["images"][0]["objects"], 2)

    def test_names_as_long_as_they_can_be(self):
        names = ["n" * 231 + ".png", "n" * 251 + ".png", "\u7d30" * 83 + "a.png"]
        for name in names:
            self.assertLessEqual(len(name.encode()), 255)
            self.picture(f"d/{name}", 16, 16)
        self.run_unet("predict", "nuclei", "d", "--out", "out", "--overlay")
        self.assertEqual({name[:-4] + ".tif" for name in names} - set(os.listdir(self.here / "out")), set())
        before = self.files("out")
        done = self.refused("its name would have 259 bytes, at most 255 are possible", "predict", "nuclei",
                            f"d/{names[1]}", "--out", "out", "--format", "ome-tif", status=1)
        self.assertNotIn("File name too long", done.stderr)
        self.picture("long/" + "m" * 246 + ".png", 16, 16)  # of 254 bytes as .ome.tif; what lies beside it for a while fits too
        self.run_unet("predict", "nuclei", "long", "--out", "tiled", "--format", "ome-tif")
        self.assertEqual(os.listdir(self.here / "tiled"), ["m" * 246 + ".ome.tif"])
        self.assertEqual(self.files("out"), before)
        self.run_unet("measure", "out", "--out", "o.csv")
        self.run_unet("data", "export", "out", "--format", "coco", "--out", "e")
        told = self.json_of("data", "import", "e", "--images", "d", "--out", "i")
        self.assertEqual(len(told["images"]), 3)

    def test_plates_with_equal_names_are_different_images(self):
        for plate, size in (("p1", 48), ("p2", 56)):
            self.make_data(f"set/{plate}", count=3, size=size)
        rows = ["image,label,split"]
        rows += [f"p{p}\\images\\disc {i}.png, p{p}\\labels\\disc {i}.png ,{'val' if i == 2 else 'train'}"
                 for p in (1, 2) for i in range(3)]
        (self.here / "set/list.csv").write_bytes(b"\xef\xbb\xbf" + "\r\n".join(rows).encode())
        self.assertEqual(self.json_of("info", "set")["images"], 6)
        self.run_unet("train", "set", "--out", "run", "--steps", 1, *SMALL)
        told = self.json_of("evaluate", "run", "set")
        self.assertEqual({image["name"] for image in told["images"]},
                         {f"p{p}_images_disc {i}" for p in (1, 2) for i in range(3)})
        self.run_unet("check", "set", "--fix", "mended")
        self.assertEqual(self.json_of("info", "mended")["images"], 6)
        (self.here / "coco").mkdir()
        images = [{"id": p, "file_name": f"p{p}\\images\\disc 0.png"} for p in (1, 2)]
        annotations = [{"id": p, "image_id": p, "category_id": 1, "segmentation": [[1, 1, 6, 1, 6, 6, 1, 6]]}
                       for p in (1, 2)]
        (self.here / "coco/c.json").write_text(json.dumps({
            "images": images, "annotations": annotations, "categories": [{"id": 1, "name": "cell"}]}))
        told = self.json_of("data", "import", "coco", "--images", "set", "--out", "imported")
        self.assertEqual([image["name"] for image in told["images"]], ["p1_images_disc 0", "p2_images_disc 0"])
        self.assertEqual(sorted(self.files("imported")), [
            f"{kind}/p{p}_images_disc 0.{ending}"
            for kind, ending in (("images", "png"), ("labels", "tif")) for p in (1, 2)])

    def test_what_is_passed_over_in_a_folder_is_told(self):
        self.two_squares("d/a.png")
        for name in ("notes.txt", "b.czi", "c.bmp", ".hidden", "Thumbs.db"):
            (self.here / "d" / name).write_bytes(b"x")
        (self.here / "d/sub").mkdir()
        expected = ["d: 2 image(s) of kinds that are not read were passed over: b.czi, c.bmp",
                    "d: 1 file(s) that are no images were passed over: notes.txt",
                    "d: 1 folder(s) inside were passed over: sub"]
        for arguments in (("predict", "nuclei", "d", "--out", "out"), ("plan", "nuclei", "d"),
                          ("measure", "d", "--out", "o.csv")):
            done = self.run_unet(*arguments, "--json")
            self.assertEqual(json.loads(done.stdout)["passed_over"], expected, arguments)
            for line in expected:
                self.assertIn(f"note: {line}\n", done.stderr)
        self.assertEqual(self.json_of("evaluate", "d", "d", "--labels", "instances")["notes"][:3], expected)
        self.run_unet("predict", "nuclei", "d", "--what", "probabilities", "--out", "probabilities")
        (self.here / "probabilities/counts.csv").write_text("x")
        line = "probabilities: 1 file(s) that are no images were passed over: counts.csv"
        self.assertEqual(self.json_of("objects", "probabilities", "--model", "nuclei", "--out", "found")["passed_over"], [line])
        (self.here / "d/a.png").rename(self.here / "a.png")
        self.refused("command line tools of Bio-Formats", "predict", "nuclei", "d", "--out", "none")
        (self.here / "d/b.czi").unlink()
        self.refused("d: found no image in this folder, expected .*; it holds c.bmp, notes.txt, sub", "predict",
                     "nuclei", "d", "--out", "none")
        (self.here / "a.png").rename(self.here / "d/a.png")
        (self.here / "d/b.czi").write_bytes(b"x")
        told = self.json_of("data", "export", "d", "--format", "geojson", "--out", "e")
        self.assertEqual(told["notes"], expected)
        data = self.make_data()
        (data / "images/notes.txt").write_text("x")
        line = "data/images: 1 file(s) that are no images were passed over: notes.txt"
        self.assertIn(line, self.json_of("info", "data")["notices"])
        self.assertIn(line, self.run_unet("train", "data", "--out", "run", "--steps", 1, *SMALL).stderr)
        self.assertIn("1 file(s) that are no images were passed over: notes.txt",
                      [finding["what"] for finding in self.json_of("check", "data")["findings"]])
        (self.here / "e/readme.txt").write_text("x")
        (self.here / "e/settings.json").write_text('{"a": 1}')
        told = self.json_of("data", "import", "e", "--images", "d", "--out", "i")
        self.assertIn("e: 2 file(s) that are no annotations were passed over: readme.txt, settings.json", told["notes"])

    def test_a_table_of_colours_with_a_mark(self):
        (self.here / "drawn").mkdir()
        self.picture("images/a.png")
        pictures.write_png(self.here / "drawn/a.png",
                           [[(255, 0, 0) if x < 9 else (0, 0, 0) for x in range(30)] for _ in range(20)])
        (self.here / "colours.txt").write_bytes(b"\xef\xbb\xbf0 0 0 background\r\n255 0 0 tumour\r\n")
        told = self.json_of("data", "import", "drawn", "--images", "images", "--colours", "colours.txt", "--out", "c")
        self.assertEqual(told["classes"], ["tumour"])


if __name__ == "__main__":
    program.main()
