"""Colour slides of tissue and classes: background, border of a nucleus, its inside, and pixels nobody is sure of."""
import nuclei
import pictures
import program
from program import ProgramTest


def classes_of(labels):
    """0 background, 1 border, 2 inside, 255 unsure: the picture's own rim of four pixels."""
    height, width = len(labels), len(labels[0])
    ids = [[pixel[0] for pixel in row] for row in labels]

    def kind(y, x):
        if min(y, x, height - 1 - y, width - 1 - x) < 4:
            return 255
        if ids[y][x] == 0:
            return 0
        near = [ids[y + dy][x + dx] for dy, dx in ((-2, 0), (2, 0), (0, -2), (0, 2))]
        return 2 if all(v == ids[y][x] for v in near) else 1
    return [[kind(y, x) for x in range(width)] for y in range(height)]


class Tissue(ProgramTest):
    def setUp(self):
        super().setUp()
        for folder in ("slides/images", "slides/labels"):
            (self.here / folder).mkdir(parents=True)
        count = 0
        for path in sorted((nuclei.NUCLEI / "train/images").iterdir()):
            rows, _ = nuclei.read_png(path)
            if len(rows[0][0]) < 3 or all(p[0] == p[1] == p[2] for p in rows[len(rows) // 2]):
                continue
            labels, _ = nuclei.read_png(nuclei.NUCLEI / "train/labels" / path.name)
            pictures.write_png(self.here / "slides/images" / path.name, [[p[:3] for p in row[:160]] for row in rows[:160]])
            pictures.write_png(self.here / "slides/labels" / path.name, [row[:160] for row in classes_of([r[:160] for r in labels[:160]])])
            count += 1
            if count == 4:
                break
        self.assertEqual(count, 4)

    def test_three_classes_in_colour(self):
        self.refused("--ignore", "train", "slides", "--steps", 1, "--out", "run")
        done = self.run_unet("train", "slides", "--labels", "classes", "--ignore", 255, "--steps", 30, "--patch", 64,
                             "--out", "run")
        self.assertRegex(done.stderr, "red, green, blue")
        info = self.json_of("info", "run/model.safetensors")
        self.assertEqual(len(info["classes"]), 3)
        self.run_unet("predict", "run", "slides/images", "--out", "results", "--overlay", "--what", "labels,probabilities")
        page, *_ = pictures.read_tiff(next((self.here / "results/labels").glob("*.tif")))
        self.assertLessEqual(max(page.values), 2)
        scores = self.json_of("evaluate", "results/labels", "slides/labels", "--labels", "classes", "--ignore", 255)
        self.assertEqual(len(scores["classes"]), 3)
        self.assertTrue(all(0.0 <= entry["iou"] <= 1.0 for entry in scores["classes"]))


if __name__ == "__main__":
    program.main()
