"""What `unet predict` writes, opened by ImageJ: every pixel, the sizes of pixels, what pages are.

Skipped without ImageJ; to run it: apt-get install libij-java default-jdk-headless
"""
import array
import pathlib
import shutil
import subprocess
import sys
import unittest

import pictures
import program
from program import ProgramTest

IMAGEJ = pathlib.Path("/usr/share/java/ij.jar")
READER = pathlib.Path(__file__).resolve().parents[1] / "image/imagej/ReadImages.java"
if not IMAGEJ.exists() or not shutil.which("javac"):
    print("skipped: ImageJ or the compiler of Java is missing")
    sys.exit(77)


class ImageJ(ProgramTest):
    def seen(self, *paths):
        """For each file its sizes and calibration, and its values plane after plane."""
        done = subprocess.run(["java", "-Djava.awt.headless=true", "-cp", IMAGEJ, READER, *paths], check=True, text=True,
                              capture_output=True, cwd=self.here, timeout=300)
        for path, line in zip(paths, done.stdout.splitlines(), strict=True):
            values = array.array("f", pathlib.Path(f"{path}.values").read_bytes())
            if sys.byteorder == "little":
                values.byteswap()
            yield line, values

    def test_every_pixel_and_the_sizes_of_pixels(self):
        self.make_data()
        self.train(steps=20)
        image, _ = pictures.discs(90, 110, [(20, 20), (50, 60), (70, 90)], 9)
        pages = [[[(v + 3 * z) % 256 for v in row] for row in image] for z in range(3)]
        pictures.write_tiff_stack(self.here / "plane.tif", pages[:1], micrometres=0.25)
        pictures.write_tiff_stack(self.here / "stack.tif", pages)
        cases = []
        for source, slices in (("plane.tif", 1), ("stack.tif", 3)):
            for kind, bits in (("objects", 16), ("objects", 32), ("labels", 8), ("labels", 16), ("probabilities", 8),
                               ("probabilities", 32), ("logits", 32)):
                spacing = [] if source == "plane.tif" else ["--spacing", "1.5,0.5,0.25um"]
                entry, = self.json_of("predict", "run", source, "--out", f"{source} {kind} {bits}", "--what", kind,
                                      "--bits", bits, *spacing)["outputs"]
                cases.append((self.here / entry[kind], slices, 1 if kind in ("objects", "labels") else 2))
        for (path, slices, channels), (line, values) in zip(cases, self.seen(*(path for path, _, _ in cases))):
            with self.subTest(path.parent.name):
                size = "0.25 0.25 1.0" if slices == 1 else "0.25 0.5 1.5"
                self.assertEqual(line, f"110 90 {channels} {slices} 1 {size} micron true")
                pages = pictures.read_tiff(path)
                self.assertEqual(len(pages), slices * channels)
                self.assertEqual(list(values), [v for page in pages for v in page.values])


if __name__ == "__main__":
    program.main()
