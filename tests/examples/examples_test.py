"""The programs of examples/, one after the other: a model is trained, then watches two cameras and
predicts a folder.

    python3 examples_test.py SOURCE TRAIN EMBED FOLDER
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SOURCE, TRAIN, EMBED, FOLDER = pathlib.Path(sys.argv[1]), *sys.argv[2:5]


def run(*command):
    return subprocess.run([str(word) for word in command], text=True, capture_output=True)


class Examples(unittest.TestCase):
    def test_train_then_embed_then_a_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            model = pathlib.Path(folder) / "model.safetensors"
            trained = run(TRAIN, SOURCE / "examples/nuclei/train", model, 60)
            self.assertEqual((trained.returncode, trained.stderr), (0, ""), trained)
            losses = [float(loss) for loss in re.findall(r"loss (\d\.\d+)", trained.stdout)]
            self.assertEqual(len(losses), 3)
            self.assertLess(losses[-1], losses[0])
            score, = re.findall(r"score on \d+ images: (\d\.\d+)", trained.stdout)
            self.assertGreater(float(score), 0)

            watched = run(EMBED, model)
            self.assertEqual((watched.returncode, watched.stderr), (0, ""), watched)
            seen = {camera: re.findall(rf"camera {camera}, (frame \d: \d+ objects)", watched.stdout)
                    for camera in (1, 2)}
            self.assertEqual(len(seen[1]), 5)
            self.assertEqual(seen[1], seen[2])  # they see the same

            images, out = SOURCE / "examples/nuclei/val/images", pathlib.Path(folder) / "out"
            predicted = run(FOLDER, model, images, out)
            self.assertEqual((predicted.returncode, predicted.stderr), (0, ""), predicted)
            names = {path.stem for path in images.iterdir()}
            told = dict(re.findall(r"(\w+)\.tif: (\d+) objects", predicted.stdout))
            self.assertEqual(set(told), names)
            self.assertEqual({path.name for path in out.iterdir()}, {f"{name}.tif" for name in names} | {"counts.csv"})
            rows = [line.split(",")[:2] for line in (out / "counts.csv").read_text().splitlines()[1:]]
            self.assertEqual({pathlib.Path(name).stem: count for name, count in rows}, told)

    def test_what_goes_wrong_is_said(self):
        for command, status in (((TRAIN,), 2), ((EMBED,), 2), ((FOLDER,), 2), ((TRAIN, "nowhere", "model", 1), 1),
                                ((EMBED, "nowhere.safetensors"), 1), ((FOLDER, "nowhere", "in", "out"), 1)):
            done = run(*command)
            self.assertEqual(done.returncode, status, done)
            self.assertRegex(done.stderr, "usage|nowhere")


def lines_of(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


class Documents(unittest.TestCase):
    def test_code_in_library_md_stands_in_programs_that_are_compiled(self):
        programs = [*(SOURCE / "examples").glob("*.cpp"), *(SOURCE / "tests/package/outside").iterdir()]
        compiled = ["\n".join(lines_of(path.read_text())) for path in programs]
        text = (SOURCE / "docs/library.md").read_text()
        blocks = re.findall(r"```(?:cpp|cmake)\n(.*?)```", text, re.DOTALL)
        self.assertGreater(len(blocks), 8)
        for block in blocks:
            wanted = "\n".join(lines_of(block))
            self.assertTrue(any(wanted in program for program in compiled), block)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
