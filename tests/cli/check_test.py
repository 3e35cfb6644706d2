"""The label doctor: copies of a small data set with one known fault each, and the clean one."""
import json
import pathlib
import shutil
import struct
import subprocess

import pictures
import program
from program import ProgramTest

ROOT = pathlib.Path(__file__).resolve().parents[2]
JPEG = ROOT / "tests/image/files/photo.jpg"
WIDTH = 256
CHOSEN = range(6)  # of the pictures of that size, in the order of their names


def clean_files():
    """Some fluorescence pictures of one kind out of the bundled ones."""
    folder = ROOT / "examples/nuclei/train"
    found = []
    for image in sorted((folder / "images").iterdir()):
        header = image.read_bytes()[16:26]
        if struct.unpack(">IIBB", header) == (WIDTH, WIDTH, 8, 0):
            found.append(image)
    return found


class Check(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.names, cls.images, cls.labels = [], {}, {}
        for number in CHOSEN:
            image = clean_files()[number]
            name = "abcdefgh"[len(cls.names)]
            cls.names.append(name)
            cls.images[name] = pictures.read_png(image)
            cls.labels[name] = pictures.read_png(ROOT / "examples/nuclei/train/labels" / image.name)

    def setUp(self):
        super().setUp()
        self.image = {name: [list(row) for row in rows] for name, rows in self.images.items()}
        self.label = {name: [list(row) for row in rows] for name, rows in self.labels.items()}
        self.data = self.here / "data"

    def write(self):
        """The set as it is now; a test changes files after it."""
        for folder in ("images", "labels"):
            (self.data / folder).mkdir(parents=True, exist_ok=True)
        for name in self.names:
            pictures.write_png(self.data / f"images/{name}.png", self.image[name])
            pictures.write_png(self.data / f"labels/{name}.png", self.label[name], bits=16)

    def found(self, status=None, *arguments):
        done = subprocess.run([program.PROGRAM, "check", "data", "--json", *map(str, arguments)], text=True,
                              capture_output=True, cwd=self.here, stdin=subprocess.DEVNULL, timeout=120)
        findings = json.loads(done.stdout)["findings"] if done.stdout else []
        errors = any(each["severity"] == "error" for each in findings)
        self.assertEqual(done.returncode, 1 if errors else 0, done.stderr)
        if status is not None:
            self.assertEqual(done.returncode, status, findings)
        return findings

    def expect(self, kind, file, severity=None, words="", *arguments):
        """The fault is found in that file, and nothing else is said of errors and warnings."""
        findings = self.found(None, *arguments)
        mine = [each for each in findings if each["kind"] == kind and each["where"]["file"].endswith(file)]
        self.assertTrue(mine, findings)
        self.assertIn(words, mine[0]["what"])
        if severity:
            self.assertEqual(mine[0]["severity"], severity)
        for each in findings:
            self.assertTrue(each["todo"] and 0 < each["sure"] <= 1, each)
            if each["severity"] != "note":
                self.assertEqual(each["kind"], kind, each)
        return mine[0]

    def change(self, name, change):
        """change(y, x, value) for every pixel of a label map."""
        self.label[name] = [[change(y, x, v) for x, v in enumerate(row)] for y, row in enumerate(self.label[name])]

    def largest(self, name, count=1):
        """Ids of the largest objects that the edge does not cut."""
        rows, sizes = self.label[name], {}
        for row in rows:
            for value in row:
                sizes[value] = sizes.get(value, 0) + 1
        cut = {0, *rows[0], *rows[-1], *(row[0] for row in rows), *(row[-1] for row in rows)}
        inside = sorted((size, value) for value, size in sizes.items() if value not in cut)
        return [value for size, value in reversed(inside)][:count]

    def test_the_clean_set_has_no_error_and_no_warning(self):
        self.write()
        self.assertEqual([each for each in self.found(0) if each["severity"] != "note"], [])

    def test_label_of_another_name(self):
        self.write()
        (self.data / "labels/b.png").rename(self.data / "labels/b_labels.png")
        self.assertIn("b_labels.png", self.expect("missing", "images/b.png", "error")["todo"])

    def test_missing_label_and_missing_image(self):
        self.write()
        (self.data / "labels/b.png").unlink()
        (self.data / "images/c.png").unlink()
        self.expect("missing", "images/b.png", "error")
        self.expect("missing", "labels/c.png", "warning")

    def test_size(self):
        self.label["b"] = [row[:-6] for row in self.label["b"]]
        self.write()
        self.expect("size", "labels/b.png", "error", "256x250")

    def test_files_that_cannot_be_read(self):
        self.write()
        path = self.data / "labels/b.png"
        path.write_bytes(path.read_bytes()[:600])
        (self.data / "images/c.png").write_text("this is text")
        self.expect("type", "labels/b.png", "error")
        self.expect("type", "images/c.png", "error")

    def test_floats(self):
        self.write()
        (self.data / "labels/b.png").unlink()
        pictures.write_tiff_stack(self.data / "labels/b.tif", [[[v * 0.5 for v in row] for row in self.label["b"]]], "f")
        self.expect("type", "labels/b.tif", "error")

    def test_jpeg(self):
        self.write()
        (self.data / "labels/b.png").write_bytes(JPEG.read_bytes())
        self.expect("jpeg", "labels/b.png", "error")

    def test_colours(self):
        self.write()
        table = [(0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255)]
        pictures.write_png(self.data / "labels/b.png",
                           [[table[1 + v % 3 if v else 0] for v in row] for row in self.label["b"]])
        self.expect("rgb", "labels/b.png", "error", "4 colours")

    def test_one_mask_and_masks_everywhere(self):
        self.change("b", lambda y, x, v: 255 if v else 0)
        self.write()
        self.expect("binary", "labels/b.png", "warning")
        for name in self.names:
            self.change(name, lambda y, x, v: 255 if v else 0)
        self.write()
        self.expect("binary", "data", "note")

    def test_soft_mask(self):
        def softened(rows, y, x):
            near = [rows[j][i] for j in (y - 1, y, y + 1) for i in (x - 1, x, x + 1)
                    if 0 <= j < WIDTH and 0 <= i < WIDTH]
            weights = range(3, 3 + len(near))
            return sum(255 * w for w, v in zip(weights, near) if v) // sum(weights)
        rows = self.label["b"]
        self.label["b"] = [[softened(rows, y, x) for x in range(WIDTH)] for y in range(WIDTH)]
        self.write()
        self.expect("soft", "labels/b.png", "error")

    def test_empty(self):
        self.change("b", lambda y, x, v: 0)
        self.write()
        self.expect("empty", "labels/b.png", "warning")

    def test_pieces(self):
        cut, = self.largest("b")
        rows = [y for y, row in enumerate(self.label["b"]) if cut in row]
        middle = rows[len(rows) // 2]
        self.change("b", lambda y, x, v: 0 if v == cut and y == middle else v)
        self.write()
        self.expect("pieces", "labels/b.png", "warning", str(cut))

    def test_repeated(self):
        first, second = self.largest("b", 2)
        self.change("b", lambda y, x, v: first if v == second else v)
        self.write()
        self.expect("repeated", "labels/b.png", "warning", str(first))

    def test_specks(self):
        free = [(y, x) for y in range(2, 250, 6) for x in range(2, 250, 6)
                if not any(self.label["b"][y + j][x + i] for j in (-1, 0, 1) for i in (-1, 0, 1))]
        for number, (y, x) in enumerate(free[:5]):
            self.label["b"][y][x] = 900 + number
        self.write()
        findings = self.found(0)
        self.assertTrue([each for each in findings if each["kind"] == "specks" and
                         each["where"]["file"].endswith("labels/b.png")], findings)

    def test_unlabelled(self):
        gone = self.largest("c", 2)
        self.change("c", lambda y, x, v: 0 if v in gone else v)
        self.write()
        self.expect("unlabelled", "labels/c.png", "warning")

    def test_shifted(self):
        rows = self.label["b"]
        self.label["b"] = [[rows[y - 7][x - 5] if y >= 7 and x >= 5 else 0 for x in range(WIDTH)] for y in range(WIDTH)]
        self.write()
        what = self.expect("shifted", "labels/b.png", "warning")["what"]
        self.assertRegex(what, "[678] pixels up and [456] pixels to the left")  # annotators err by a pixel

    def test_mirrored(self):
        rows = self.label["b"]
        for words, changed in (("left to right", [row[::-1] for row in rows]),
                               ("rows and columns exchanged", [list(column) for column in zip(*rows)])):
            self.label["b"] = changed
            self.write()
            self.expect("mirrored", "labels/b.png", "warning", words)

    def test_swapped(self):
        self.label["b"], self.label["c"] = self.label["c"], self.label["b"]
        self.write()
        findings = self.found(0)
        swapped = [each["where"]["file"][-5:] for each in findings if each["kind"] == "swapped"]
        self.assertEqual(swapped, ["b.png", "c.png"], findings)

    def test_duplicate(self):
        self.image["d"], self.label["d"] = self.image["a"], self.label["a"]
        self.write()
        self.assertTrue(self.expect("duplicate", "images/d.png", "warning")["where"]["other"].endswith("a.png"))

    def test_duplicate_in_validation(self):
        self.write()
        for folder in ("images", "labels"):
            (self.here / "val" / folder).mkdir(parents=True)
            shutil.copy(self.data / folder / "a.png", self.here / "val" / folder / "z.png")
        self.expect("duplicate", "images/z.png", "warning", "validates", "--val", "val")

    def test_an_image_of_one_value(self):
        self.image["b"] = [[7] * WIDTH for _ in range(WIDTH)]
        self.write()
        self.expect("outlier", "images/b.png", "warning")

    def test_blurred(self):
        rows = self.image["b"]
        for _ in range(4):
            rows = [[sum(row[max(0, x - 3):x + 4]) // len(row[max(0, x - 3):x + 4]) for x in range(WIDTH)] for row in rows]
            rows = [list(column) for column in zip(*rows)]
        self.image["b"] = rows
        self.write()
        self.assertIn("outlier", {each["kind"] for each in self.found()
                                  if each["where"]["file"].endswith("images/b.png")})

    def test_spacing(self):
        self.write()
        for name in self.names:
            (self.data / f"images/{name}.png").unlink()
            pictures.write_tiff_stack(self.data / f"images/{name}.tif", [self.image[name]],
                                      micrometres=0.65 if name == "b" else 0.325)
        self.expect("spacing", "images/b.tif", "warning")

    def test_all_faults_at_once_are_all_told(self):
        self.write()
        (self.data / "labels/a.png").unlink()
        (self.data / "labels/b.png").write_bytes(JPEG.read_bytes())
        (self.data / "images/c.png").write_text("text")
        self.assertEqual({each["kind"] for each in self.found(1) if each["severity"] == "error"},
                         {"missing", "jpeg", "type"})

    def test_the_report_says_what_to_do_and_what_training_would_choose(self):
        self.write()
        text = self.run_unet("check", "data").stdout
        self.assertIn("training would choose", text)
        self.assertIn("unet train data", text)
        suggested = self.json_of("check", "data")["suggested"]
        self.assertEqual((suggested["labels"], suggested["patch"], suggested["levels"]), ("instances", 192, 4))
        given = ("--labels", "instances", "--ignore", 255, "--grey")
        command = self.json_of("check", "data", *given)["suggested"]["command"]
        self.assertEqual(command, "unet train data --labels instances --ignore 255 --grey")
        (self.data / "labels/b.png").unlink()
        text = self.run_unet("check", "data", status=1).stdout
        self.assertIn("error: images and labels that do not pair up (1)", text)
        self.assertIn("-> put its labels into", text)
        self.assertIn("training would stop here", text)

    def test_fix_writes_a_copy_that_has_the_faults_no_more(self):
        cut, = self.largest("b")
        middle = [y for y, row in enumerate(self.label["b"]) if cut in row][10]
        self.change("b", lambda y, x, v: 0 if v == cut and y == middle else v)
        self.image["d"], self.label["d"] = self.image["a"], self.label["a"]
        self.write()
        (self.data / "labels/e.png").unlink()
        (self.data / "images/f.png").write_text("text")
        before = self.files("data")
        done = self.run_unet("check", "data", "--fix", "mended", status=1)
        for words in ("mended: a copy, mended:", "b.png: 1 piece(s) have", "d: left out, it is there already",
                      "e.png: left out, no label", "f: left out, its image cannot be read"):
            self.assertIn(words, done.stdout)
        self.assertEqual(self.files("data"), before)
        mended = self.json_of("check", "mended")
        self.assertEqual((mended["images"], [each for each in mended["findings"] if each["severity"] != "note"]),
                         (3, []))
        self.assertEqual(self.files("mended")["labels/a.png"], before["labels/a.png"])
        self.refused("is there already", "check", "data", "--fix", "mended", status=2)

    def test_nothing_to_check(self):
        self.refused("nowhere", "check", "nowhere")
        (self.here / "empty/images").mkdir(parents=True)
        (self.here / "empty/labels").mkdir()
        self.refused("found no image", "check", "empty")


if __name__ == "__main__":
    program.main()
