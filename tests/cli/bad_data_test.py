"""Bad data sets and settings: one clear error each, nothing half-written, nothing lost."""
import os
import unittest

import pictures
import program
from program import PLAIN, SMALL, ProgramTest


class BadData(ProgramTest):
    def setUp(self):
        super().setUp()
        self.data = self.make_data()

    def train_refused(self, words, *arguments, out="run", status=None, **options):
        before = self.files()
        self.refused(words, "train", *arguments, "--out", out, "--steps", 2, *SMALL, status=status, **options)
        self.assertEqual(self.files(), before)

    def test_missing_label(self):
        (self.data / "labels/disc 2.png").unlink()
        self.train_refused("disc 2", self.data)

    def test_label_of_another_name(self):
        (self.data / "labels/disc 2.png").rename(self.data / "labels/disk 2.png")
        self.train_refused("disc 2", self.data)

    def test_sizes_that_differ(self):
        pictures.write_png(self.data / "labels/disc 1.png", [[0, 1] * 10 for _ in range(20)], bits=16)
        self.train_refused("disc 1.*20x20", self.data)

    def test_empty_folders(self):
        for image in (self.data / "images").iterdir():
            image.unlink()
        self.train_refused("images", self.data)

    def test_folder_without_images_and_labels(self):
        (self.here / "empty").mkdir()
        self.train_refused("empty", "empty")
        self.train_refused("nowhere", "nowhere")

    def test_truncated_image(self):
        path = self.data / "images/disc 0.png"
        path.write_bytes(path.read_bytes()[:80])
        self.train_refused("disc 0.png", self.data)

    def test_what_is_no_image(self):
        (self.data / "images/disc 0.png").write_text("this is text")
        self.train_refused("disc 0.png", self.data)

    def test_coloured_label(self):
        pictures.write_png(self.data / "labels/disc 1.png",
                           [[(255, 0, 0), (0, 0, 255)] * 25 for _ in range(48)])
        self.train_refused("disc 1.png", self.data)

    def test_label_without_any_object(self):
        for label in (self.data / "labels").iterdir():
            width, height = pictures.png_size(label)
            pictures.write_png(label, [[0] * width for _ in range(height)], bits=16)
        self.train_refused("every label pixel has the value 0", self.data)

    def test_ambiguous_labels_name_the_flag(self):
        for label in (self.data / "labels").iterdir():
            width, height = pictures.png_size(label)
            pictures.write_png(label, [[(x // 10) % 3 for x in range(width)] for _ in range(height)])
        self.train_refused("--labels", self.data)
        self.run_unet("train", self.data, "--out", "run", "--steps", 2, "--labels", "classes", *SMALL)
        self.assertEqual(self.json_of("info", "run/model.safetensors")["network"]["classes"], 3)

    def test_no_data_named(self):
        self.refused("DATA is missing", "train", "--out", "run", "--steps", 2, status=2)
        self.assertFalse((self.here / "run").exists())


class BadSettings(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_data()

    def refused_without_a_trace(self, words, *arguments, status=None):
        before = self.files()
        self.refused(words, "train", "data", "--out", "run", *arguments, status=status)
        self.assertEqual(self.files(), before)
        self.assertFalse((self.here / "run").exists())

    def test_unknown_preset(self):
        self.refused_without_a_trace("ronneberger2015", "--preset", "ronneberger2014", "--steps", 1)

    def test_unknown_config_key_names_the_nearest(self):
        (self.here / "bad.toml").write_text("[optimization]\nlearning_rat = 0.1\n")
        self.refused_without_a_trace("bad.toml.*learning_rat.*learning_rate", "--config", "bad.toml", "--steps", 1)

    def test_config_that_is_no_toml(self):
        (self.here / "bad.toml").write_text("[optimization\nlearning_rate 0.1\n")
        self.refused_without_a_trace("bad.toml", "--config", "bad.toml", "--steps", 1)

    def test_config_that_is_not_there(self):
        self.refused_without_a_trace("nowhere.toml", "--config", "nowhere.toml", "--steps", 1)

    def test_values_out_of_range(self):
        for words, *arguments in (("--levels", "--levels", 0), ("--learning-rate", "--learning-rate", "fast"),
                                  ("--batch-size", "--batch-size", -3), ("--padding", "--padding", "round"),
                                  ("--ignore", "--ignore", "x"), ("--pages", "--pages", "a-b")):
            self.refused_without_a_trace(words, *arguments, "--steps", 1)

    def test_budgets(self):
        for text in ("3", "m", "-3m", "3 minutes", "0s"):
            self.refused_without_a_trace("--budget", "--budget", text)
        self.refused_without_a_trace("expected one of them", "--budget", "3m", "--steps", 4, status=2)

    def test_patch_that_does_not_suit_the_network(self):
        self.refused_without_a_trace("patch|188", "--preset", "ronneberger2015", "--patch", 100, "--steps", 1)

    def test_init_of_another_network_says_what_it_could_not_take(self):
        self.make_run(2, "other")
        done = self.run_unet("train", "data", "--out", "run", "--init", "other/model.safetensors", "--steps", 1,
                             "--base-channels", 8, "--levels", 3, "--patch", 32, "--batch-size", 2, *PLAIN)
        self.assertIn("encoder.0.conv.0.weight", done.stderr)

    def test_unwritable_output(self):
        (self.here / "file").write_text("in the way")
        self.refused("file", "train", "data", "--out", "file/run", "--steps", 1, *SMALL)
        self.refused("file", "train", "data", "--out", "file", "--steps", 1, *SMALL)
        self.assertEqual((self.here / "file").read_text(), "in the way")

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_folder_without_permission(self):
        (self.here / "closed").mkdir(mode=0o500)
        self.refused("closed", "train", "data", "--out", "closed/run", "--steps", 1, *SMALL)

    def test_loss_that_explodes_stops_the_run_and_keeps_the_model(self):
        done = self.refused("step.*rate", "train", "data", "--out", "run", "--steps", 200, "--optimizer", "sgd",
                            "--learning-rate", "1000", "--norm", "none", *SMALL, status=1)
        self.assertIn("the loss is", done.stderr)
        self.assertTrue((self.here / "run/last.safetensors").exists())


if __name__ == "__main__":
    program.main()
