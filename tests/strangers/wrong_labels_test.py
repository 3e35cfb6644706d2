"""Someone whose labels are not what they think: each message leads to the next step, until it trains."""
import nuclei
import pictures
import program
from program import ProgramTest


class WrongLabels(ProgramTest):
    def setUp(self):
        super().setUp()
        self.names = nuclei.copy_pairs(self.here / "data", count=4)
        self.maps = {name: [[pixel[0] for pixel in row] for row in
                            nuclei.read_png(self.here / f"data/labels/{name}.png")[0]] for name in self.names}

    def write(self, change, **options):
        for name, rows in self.maps.items():
            pictures.write_png(self.here / f"data/labels/{name}.png", [[change(v) for v in row] for row in rows], **options)

    def trains(self, *extra):
        done = self.run_unet("train", "data", "--grey", "--steps", 2, "--out", "run", *program.SMALL, *extra)
        return done.stderr

    def test_colours_instead_of_numbers(self):
        self.write(lambda v: (255, 0, 0) if v else (0, 0, 0))
        self.refused("255.*0.*0.*pixels", "train", "data", "--steps", 1, "--out", "run")
        self.write(lambda v: 255 if v else 0)  # as the message says: one number for each colour
        self.assertRegex(self.trains(), "labels: binary")

    def test_a_name_that_does_not_match(self):
        name = self.names[0]
        (self.here / f"data/labels/{name}.png").rename(self.here / "data/labels/other.png")
        self.refused("--labelled-only", "train", "data", "--steps", 1, "--out", "run")
        self.assertRegex(self.trains("--labelled-only"), "3 images")

    def test_labels_that_are_all_empty(self):
        self.write(lambda v: 0)
        self.refused("object|value", "train", "data", "--steps", 1, "--out", "run")
        self.assertFalse((self.here / "run").exists())

    def test_a_photograph_of_labels(self):
        name = self.names[0]
        (self.here / f"data/labels/{name}.png").write_bytes(b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(200))
        self.refused("JPEG", "train", "data", "--steps", 1, "--out", "run")


if __name__ == "__main__":
    program.main()
