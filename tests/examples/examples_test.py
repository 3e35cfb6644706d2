"""The programs of examples/, one after the other: a model is trained, then watches two cameras.

    python3 examples_test.py SOURCE TRAIN EMBED
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SOURCE, TRAIN, EMBED = pathlib.Path(sys.argv[1]), *sys.argv[2:4]


def run(*command):
    return subprocess.run([str(word) for word in command], text=True, capture_output=True)


class Examples(unittest.TestCase):
    def test_train_then_embed(self):
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

    def test_what_goes_wrong_is_said(self):
        for command, status in (((TRAIN,), 2), ((EMBED,), 2), ((TRAIN, "nowhere", "model", 1), 1),
                                ((EMBED, "nowhere.safetensors"), 1)):
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
