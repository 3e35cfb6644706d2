"""Input that cannot be used: one clear error each, nothing half-written, nothing lost."""
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import unittest

import pictures
import program
from program import SMALL, ProgramTest

MODELS = pathlib.Path(__file__).parent.parent / "model"


def small_files_only():
    """In the child: writing beyond 3000 bytes of a file fails, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))


class WithRun(ProgramTest):
    """A run of one step is made once and shared."""
    run_files = None

    def setUp(self):
        super().setUp()
        self.make_data()
        if WithRun.run_files is None:
            self.train(out="run")
            WithRun.run_files = self.files("run")
        for name, content in WithRun.run_files.items():
            (self.here / "run" / name).parent.mkdir(parents=True, exist_ok=True)
            (self.here / "run" / name).write_bytes(content)


class BadInput(WithRun):
    def unchanged(self, words, *arguments, **options):
        """Refused in one sentence, and no file is other than before."""
        before = self.files()
        self.refused(words, *arguments, **options)
        self.assertEqual(self.files(), before)

    def test_not_a_number_among_pixels(self):
        image, labels = pictures.discs(48, 48, [(12, 12)], 6)
        image[7][5] = float("nan")
        pictures.write_tiff_stack(self.here / "bad.tif", [image], "f")
        pictures.write_png(self.here / "labels.png", labels)
        self.unchanged("bad.tif.*nan.*row 7, column 5", "train", "bad.tif", "labels.png", "--out", "new", "--steps", 1,
                       *SMALL)
        done = self.run_unet("predict", "run", "bad.tif", "data/images/disc 0.png", "--out", "out", status=1)
        self.assertRegex(done.stderr, "bad.tif: the image holds nan in page 0, row 7, column 5; expected finite")
        self.assertEqual(list(self.files("out")), ["disc 0.tif"])  # the good one is done

    def test_another_number_of_channels(self):
        image, _ = pictures.discs(20, 20, [(10, 10)], 6)
        pictures.write_tiff_stack(self.here / "two.tif", [image, image])
        done = self.run_unet("predict", "run", "two.tif", "--out", "out")  # two slices are no channels
        self.assertEqual(done.stderr, "")
        source = pathlib.Path(__file__).parent.parent / "image/files/imagej_hyperstack.tif"
        shutil.copy(source, self.here / "channels.tif")
        done = self.run_unet("predict", "run", "channels.tif", "--out", "out", status=1)
        self.assertRegex(done.stderr, r"channels.tif: the image has 2 channel\(s\), expected 1")
        self.assertEqual(list(self.files("out")), ["two.tif"])

    def test_models_of_other_programs_and_of_later_versions(self):
        shutil.copy(MODELS / "foreign.safetensors", self.here / "foreign.safetensors")
        self.unchanged("does not say for which network.*--init", "predict", "foreign.safetensors",
                       "data/images", "--out", "out", status=1)
        whole = WithRun.run_files["model.safetensors"]
        newer = whole.replace(b'\\"version\\":1', b'\\"version\\":2')
        self.assertNotEqual(newer, whole)
        (self.here / "newer.safetensors").write_bytes(newer)
        self.unchanged("format 2.*up to 1.*newer unet", "predict", "newer.safetensors", "data/images", "--out", "out",
                       status=1)

    def test_a_folder_where_a_file_is_meant_and_the_reverse(self):
        shutil.copy(self.here / "data/images/disc 0.png", self.here / "a.png")
        rest = ["--out", "new", "--steps", 1, *SMALL]
        for words, *arguments in (
                ("'data'.*it is a folder", "train", "data", "--config", "data", *rest),
                ("data: found a folder without model.safetensors", "train", "data", "--init", "data", *rest),
                ("a.png: found a file, expected a folder", "train", "data", "--val", "a.png", *rest),
                ("a.png: found a file, expected a folder", "train", "a.png", *rest),
                ("a folder and a file", "train", "a.png", "data/labels", *rest),
                ("it is a file, expected the folder of a run", "train", "--resume", "a.png"),
                ("without model.safetensors", "predict", "data", "a.png", "--out", "out"),
                ("not a safetensors file", "predict", "a.png", "a.png", "--out", "out"),
                ("a.png.*in the way|a.png.*Not a directory", "predict", "run", "data/images", "--out", "a.png"),
                ("a.png.*in the way|a.png.*Not a directory", "data", "show", "data", "--out", "a.png", *SMALL)):
            before = self.files()
            done = subprocess.run([program.PROGRAM, *map(str, arguments)], text=True, capture_output=True,
                                  cwd=self.here, timeout=100)
            self.assertIn(done.returncode, (1, 2), arguments)
            self.assertRegex(done.stderr, words)
            self.assertEqual(self.files(), before, arguments)

    def test_two_files_of_one_name(self):
        shutil.copy(self.here / "data/images/disc 0.png", self.here / "data/images/disc 0.PNG")
        self.unchanged("disc 0.png and disc 0.PNG|disc 0.PNG and disc 0.png", "train", "data", "--out", "new",
                       "--steps", 1, *SMALL)
        self.unchanged("both would be written as disc 0", "predict", "run", "data/images", "--out", "out")

    def test_results_never_go_where_is_read(self):
        (self.here / "link").symlink_to("data/images")
        (self.here / "mine/objects").mkdir(parents=True)
        shutil.copy(self.here / "data/images/disc 0.png", self.here / "mine/objects/a.png")
        for out in ("data/images", "data/images/", "link", "data/../data/images"):
            self.unchanged("read from this folder", "predict", "run", "data/images", "--out", out)
            self.unchanged("read from this folder", "train", "data", "--out", out, "--steps", 1, *SMALL)
            self.unchanged("read from this folder", "data", "show", "data", "--out", out, *SMALL)
        self.unchanged("read from this folder", "predict", "run", "link", "--out", "data/images")
        self.unchanged("read from this folder", "predict", "run", "mine/objects", "--out", "mine", "--what",
                       "objects,labels")
        for out in ("data", "data/labels"):
            self.unchanged("read from this folder", "train", "data", "--out", out, "--steps", 1, *SMALL)
            self.unchanged("read from this folder", "data", "show", "data", "--out", out, *SMALL)
        # Inside of what is read is another folder: later calls do not take results for inputs.
        for _ in range(2):
            outcome = self.json_of("predict", "run", "data/images", "--out", "data/images/out")
            self.assertEqual(len(outcome["outputs"]), 4)

    def test_annotations_and_corrections_are_never_replaced(self):
        labels = self.here / "drawn"
        labels.mkdir()
        pictures.write_tiff_stack(labels / "disc 2.tif", [[[1] * 48] * 48])
        self.unchanged("disc 2.tif: would be replaced, but unet did not write it", "predict", "run", "data/images",
                       "--out", "drawn", status=2)
        # Its own results it replaces; one that another program saved anew it does not.
        self.run_unet("predict", "run", "data/images", "--out", "out")
        self.run_unet("predict", "run", "data/images", "--out", "out")
        pictures.write_tiff_stack(self.here / "out/disc 1.tif", [[[2] * 50] * 48], "H")
        self.unchanged("disc 1.tif: would be replaced", "predict", "run", "data/images", "--out", "out", status=2)

    def test_label_images_of_others_in_an_own_zarr_are_never_replaced(self):
        arguments = ("predict", "run", "data/images/disc 1.png", "--format", "ome-zarr", "--out", "out", "--what",
                     "labels")
        self.run_unet(*arguments)
        self.run_unet(*arguments)
        mine = self.here / "out/disc 1.ome.zarr/labels/mine"
        mine.mkdir()
        (mine / ".zattrs").write_text("{}")
        self.unchanged("disc 1.ome.zarr: would be replaced", *arguments, status=2)

    def test_pipes_and_links_that_lead_nowhere(self):
        os.mkfifo(self.here / "pipe.tif")
        (self.here / "mixed").mkdir()
        (self.here / "mixed/loop.tif").symlink_to("loop.tif")
        (self.here / "mixed/nowhere.tif").symlink_to("is not there.tif")
        self.unchanged("mixed/loop.tif: .*symbolic links", "predict", "run", "mixed/loop.tif", "--out", "out")
        self.unchanged("pipe.tif.*it is a pipe or a device, expected an image file", "info", "pipe.tif", status=1)
        os.mkfifo(self.here / "mixed/pipe.tif")
        shutil.copy(self.here / "data/images/disc 1.png", self.here / "mixed/good.png")
        done = self.run_unet("predict", "run", "mixed", "--out", "out", status=1)
        self.assertEqual(list(self.files("out")), ["good.tif"])
        for words in ("loop.tif.*symbolic links", "nowhere.tif.*there is no such file", "pipe.tif.*it is a pipe"):
            self.assertRegex(done.stderr, words)

    def test_a_table_that_cannot_be_written_is_told_before_anything_is_predicted(self):
        self.unchanged("cannot write '/proc/t.csv'", "predict", "run", "data/images", "--out", "out", "--table",
                       "/proc/t.csv", status=1)

    def test_notes_of_the_user_are_not_taken_for_a_run(self):
        for name in ("log.txt", "config.toml", "metrics.jsonl"):
            folder = self.here / name.replace(".", "_")
            folder.mkdir()
            (folder / name).write_text("remember the milk\n")
            self.unchanged(f"holds a file '{name}' that is not of a run", "train", "data", "--out", folder, "--steps", 1,
                           *SMALL)

    def test_settings_that_contradict_each_other(self):
        (self.here / "both.toml").write_text("[run]\nsteps = 3\nbudget = 60.0\n")
        (self.here / "paper.toml").write_text('[run]\npreset = "ronneberger2015"\n')
        self.unchanged("both 3 steps and a budget", "train", "data", "--config", "both.toml", "--out", "new", status=2)
        self.unchanged("paper.toml.*preset ronneberger2015.*--preset is default", "train", "data", "--config",
                       "paper.toml", "--preset", "default", "--out", "new", "--steps", 1, status=2)
        self.unchanged("--config cannot change", "train", "--resume", "run", "--config", "both.toml", "--steps", "+1",
                       status=2)
        (self.here / "steps.toml").write_text("[run]\nsteps = 3\n")  # the usual budget gives way
        self.assertEqual(self.json_of("train", "data", "--config", "steps.toml", "--out", "new", *SMALL)["step"], 3)

    @unittest.skipIf(os.geteuid() == 0, "root may read anything")
    def test_a_file_that_may_not_be_read(self):
        (self.here / "data/images/disc 1.png").chmod(0)
        self.refused("disc 1.png.*denied", "train", "data", "--out", "new", "--steps", 1, *SMALL)
        done = self.run_unet("predict", "run", "data/images", "--out", "out", status=1)
        self.assertRegex(done.stderr, "disc 1.png.*denied")


class FullDisk(WithRun):
    """A write that fails leaves no part of a file, and what was there before."""

    def fails(self, words, *arguments, **options):
        done = subprocess.run([program.PROGRAM, *map(str, arguments)], text=True, capture_output=True, cwd=self.here,
                              timeout=100, **options)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, words)

    def test_every_verb_that_writes(self):
        before = self.files()
        full = {"preexec_fn": small_files_only}
        self.fails("cannot write 'out/disc 0.tif'", "predict", "run", "data/images", "--out", "out", **full)
        self.fails("cannot write 'new/", "train", "data", "--out", "new", "--steps", 1, *SMALL, **full)
        self.fails("cannot write 'look/", "data", "show", "data", "--out", "look", "--count", 1, "--patch", 64,
                   "--levels", 2, "--batch-size", 2, **full)
        self.fails("cannot write 'run/", "train", "data", "--resume", "run", "--steps", "+3", **full)
        after = self.files()
        for kind in ("metrics.jsonl", "log.txt"):  # the resumed run says why it ended
            after.pop(f"run/{kind}"), before.pop(f"run/{kind}")
        self.assertEqual(after, before)
        self.run_unet("train", "data", "--resume", "run", "--steps", "+3")  # and can go on

    def test_a_disk_that_is_full(self):
        disk = self.here / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk], capture_output=True).returncode:
            self.skipTest("only root can make a small disk")
        self.addCleanup(subprocess.run, ["umount", disk])
        self.fails("cannot write 'disk/.*No space left", "predict", "run", "data/images", "--out", "disk/out", "--what",
                   "probabilities")
        self.fails("cannot write 'disk/.*No space left", "train", "data", "--out", "disk/run", "--steps", 1, *SMALL)
        self.assertFalse([path for path in disk.rglob("*") if path.suffix == ".tmp"])
        self.assertFalse((disk / "run").exists())

    def test_standard_output_that_takes_nothing(self):
        for arguments in (["info", "run"], ["info", "run", "--json"], ["--help"],
                          ["predict", "run", "data/images", "--out", "out"]):
            with open("/dev/full", "w") as full:
                done = subprocess.run([program.PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, text=True,
                                      cwd=self.here, timeout=100)
            self.assertEqual(done.returncode, 1, arguments)
            self.assertIn("No space left", done.stderr)


if __name__ == "__main__":
    program.main()
