"""Standard output and error that take nothing: full, closed, or a pipe that nobody reads."""
import os
import subprocess

import program
from program import SMALL, ProgramTest


def closed(*streams):
    """As `2>&-` in a shell."""
    return lambda: [os.close(stream) for stream in streams]


class Streams(ProgramTest):
    def setUp(self):
        super().setUp()
        self.trained = self.make_run()
        self.verbs = [
            ["check", "data"], ["info", "data"], ["info", self.trained], ["report", self.trained, "--out", "page.html"],
            ["plan", self.trained, "data/images"], ["predict", self.trained, "data/images", "--out", "results", "--overlay"],
            ["evaluate", self.trained, "data"], ["evaluate", "data/labels", "data/labels"],
            ["measure", "data/labels", "--image", "data/images", "--out", "cells.csv"],
            ["data", "show", "data", "--out", "shown", "--count", 1, "--patch", 32, "--levels", 2, "--batch-size", 2],
            ["data", "export", "data/labels", "--out", "rois", "--format", "imagej"]]

    def status_of(self, arguments, **options):
        return subprocess.run([program.PROGRAM, *map(str, arguments)], cwd=self.here, timeout=100, **options).returncode

    def made(self):
        """Files that are there now, beside the data and the run, which are taken away."""
        files = {}
        for path in sorted(self.here.iterdir()):
            if path.name not in ("data", "run"):
                files.update({path.name: path.read_bytes()} if path.is_file() else self.files(path.name))
                subprocess.run(["rm", "-r", path], check=True)
        return files

    def test_work_goes_on_without_standard_error(self):
        for arguments in self.verbs:
            self.run_unet(*arguments)
            right = self.made()
            with open("/dev/full", "w") as full:
                self.assertEqual(self.status_of(arguments, stdout=subprocess.DEVNULL, stderr=full), 0, arguments)
            self.assertEqual(self.made(), right, arguments)
            # The file that is opened next must not take the place of the closed stream, nor its text.
            self.assertEqual(self.status_of(arguments, stdout=subprocess.DEVNULL, preexec_fn=closed(2)), 0, arguments)
            self.assertEqual(self.made(), right, arguments)

    def test_work_is_done_without_standard_output(self):
        for arguments in self.verbs:
            self.run_unet(*arguments)
            right = self.made()
            for options in ({"stdout": open("/dev/full", "w")}, {"preexec_fn": closed(1)}, {"preexec_fn": closed(0, 1, 2)}):
                self.assertEqual(self.status_of(arguments, stderr=subprocess.PIPE, **options), 1, arguments)
                self.assertEqual(self.made(), right, arguments)

    def test_an_error_that_cannot_be_told_is_in_the_status(self):
        for arguments, status in ((["info", "nothere.tif"], 1), (["trian"], 2), ([], 2), (["train"], 2)):
            with open("/dev/full", "w") as full:
                self.assertEqual(self.status_of(arguments, stderr=full), status, arguments)
            self.assertEqual(self.status_of(arguments, preexec_fn=closed(2)), status, arguments)

    def test_a_training_nobody_listens_to_is_in_its_log(self):
        told = self.run_unet("train", "data", "--out", "told", "--steps", 2, *SMALL).stderr.splitlines()[1:]
        with open("/dev/full", "w") as full:
            self.assertEqual(self.status_of(["train", "data", "--out", "full", "--steps", 2, *SMALL], stderr=full,
                                            stdout=subprocess.DEVNULL), 0)
        self.assertEqual(self.status_of(["train", "data", "--out", "closed", "--steps", 2, *SMALL],
                                        stdout=subprocess.DEVNULL, preexec_fn=closed(2)), 0)
        for run in ("full", "closed"):
            self.assertEqual((self.here / run / "model.safetensors").read_bytes(),
                             (self.here / "told/model.safetensors").read_bytes())
            log = (self.here / run / "log.txt").read_text()
            for line in told:
                self.assertIn(line, log)

    def test_a_reader_that_goes_away(self):
        for arguments in (["train", "data", "--out", "piped", "--steps", 2, *SMALL], self.verbs[5]):
            with subprocess.Popen([program.PROGRAM, *map(str, arguments)], cwd=self.here, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE) as running:
                running.stderr.close()
            self.assertEqual(running.returncode, 0, arguments)
        with subprocess.Popen([program.PROGRAM, *map(str, self.verbs[5])], cwd=self.here, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as running:
            running.stdout.close()
            self.assertIn(b"unet: standard output: Broken pipe", running.stderr.read())
        self.assertEqual(running.returncode, 1)
        self.assertEqual(len(self.files("results")), 8)


if __name__ == "__main__":
    program.main()
