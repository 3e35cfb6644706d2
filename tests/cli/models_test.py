"""A model is named by file, by run, or by the name of one that came with the program; and is evaluated."""
import shlex
import shutil
import subprocess
import unittest

import pictures
import program
from program import SMALL, ProgramTest


class WithInstalledModel(ProgramTest):
    """The program in a tree of its own, PREFIX/bin and PREFIX/share, with one model in it."""
    model = None

    def setUp(self):
        super().setUp()
        self.data = self.make_data("my data")
        if WithInstalledModel.model is None:
            self.run_unet("train", self.data, "--out", "run", "--steps", 60, "--learning-rate", "0.01",
                          "--description", "bright discs", *SMALL)
            WithInstalledModel.model = (self.here / "run/model.safetensors").read_bytes()
        self.prefix = self.here / "prefix"
        (self.prefix / "bin").mkdir(parents=True)
        (self.prefix / "share/unet/models").mkdir(parents=True)
        shutil.copy(program.PROGRAM, self.prefix / "bin/unet")
        (self.prefix / "share/unet/models/discs.safetensors").write_bytes(WithInstalledModel.model)
        (self.here / "model.safetensors").write_bytes(WithInstalledModel.model)
        (self.here / "a run").mkdir(exist_ok=True)
        (self.here / "a run/model.safetensors").write_bytes(WithInstalledModel.model)
        built, program.PROGRAM = program.PROGRAM, self.prefix / "bin/unet"
        self.addCleanup(setattr, program, "PROGRAM", built)


class Names(WithInstalledModel):
    def test_file_run_and_name_predict_the_same(self):
        for out, word in (("1", "model.safetensors"), ("2", "a run"), ("3", "discs")):
            self.run_unet("predict", word, self.data / "images", "--out", out)
        self.assertEqual(self.files("1"), self.files("2"))
        self.assertEqual(self.files("1"), self.files("3"))
        self.assertEqual(len(self.files("3")), 4)

    def test_program_is_found_through_a_link_and_from_anywhere(self):
        (self.here / "elsewhere").mkdir()
        (self.here / "elsewhere/unet").symlink_to(self.prefix / "bin/unet")
        done = subprocess.run(["./unet", "info", "--models"], cwd=self.here / "elsewhere", text=True,
                              capture_output=True)
        self.assertIn("discs", done.stdout, done.stderr)

    def test_list(self):
        models = self.json_of("info", "--models")["models"]
        self.assertEqual([model["name"] for model in models], ["discs"])
        self.assertEqual(models[0]["description"], "bright discs")
        self.assertEqual(models[0]["training"]["data"], "my data")
        self.assertEqual(models[0]["network"]["levels"], 2)
        self.assertTrue(models[0]["provenance"])
        text = self.run_unet("info", "--models").stdout
        for words in ("discs\n", "bright discs", "2 levels", "my data, 4 images, 60 steps", "unet predict discs"):
            self.assertIn(words, text)
        self.refused("found 1 operand", "info", "--models", "discs", status=2)

    def test_a_damaged_model_is_an_error_that_names_it(self):
        (self.prefix / "share/unet/models/broken.safetensors").write_bytes(b"no model")
        self.refused("broken.safetensors", "info", "--models")
        self.run_unet("info", "discs")

    def test_no_models(self):
        shutil.rmtree(self.prefix / "share")
        self.assertEqual(self.json_of("info", "--models")["models"], [])
        self.refused("no such file, run or model.*none came", "predict", "discs", self.data / "images",
                     "--out", "out", status=1)

    def test_a_name_that_is_not_there(self):
        for verb in (["predict", "disks", self.data / "images", "--out", "out"],
                     ["train", self.data, "--init", "disks", "--steps", 1, "--out", "out"],
                     ["bench", "network", "--model", "disks"]):
            self.refused("disks: there is no such file, run or model, did you mean discs.*"
                         "file .*run.*name: discs", *verb, status=1)
        self.refused("disks: .*there are: discs", "info", "disks", status=1)
        self.refused("disks: .*there are: discs", "evaluate", "disks", self.data, status=1)
        self.assertFalse((self.here / "out").exists())

    def test_every_verb_takes_a_name(self):
        self.assertEqual(self.json_of("info", "discs")["description"], "bright discs")
        self.assertGreater(self.json_of("bench", "network", "--model", "discs", "--size", "32", "--repeat", 1)
                           ["median_s"], 0)
        for init in ("discs", "a run", "model.safetensors"):
            done = self.run_unet("train", self.data, "--init", init, "--steps", 0, "--out", f"from {init}", *SMALL)
            self.assertNotIn("drawn anew", done.stderr)

    def test_a_run_in_the_way_of_a_name_wins_and_a_mere_folder_does_not(self):
        (self.here / "discs").mkdir()
        self.run_unet("predict", "discs", self.data / "images", "--out", "out")
        (self.here / "discs/model.safetensors").write_bytes(b"no model")
        self.refused("discs/model.safetensors", "predict", "discs", self.data / "images", "--out", "out 2")


class EvaluateModel(WithInstalledModel):
    def test_equals_predicting_and_comparing_files(self):
        self.run_unet("predict", "discs", self.data / "images", "--out", "out")
        by_files = self.json_of("evaluate", "out", self.data / "labels", "--labels", "instances")
        for operands in (["discs", self.data], ["a run", self.data / "images", self.data / "labels"],
                         ["model.safetensors", self.data, "--threads", 1]):
            scores = self.json_of("evaluate", *operands)
            self.assertTrue(scores.pop("model").endswith(".safetensors"))
            self.assertEqual(scores, by_files)
        done = self.run_unet("evaluate", "a run", self.data)
        self.assertIn("model a run/model.safetensors\n4 images, labels are instances\n", done.stdout)
        self.assertEqual(sorted(p.name for p in self.here.iterdir()),
                         sorted({"a run", "model.safetensors", "my data", "out", "prefix"} |
                                ({"run"} if (self.here / "run").exists() else set())))

    def test_masks_of_two_values_are_compared_by_pixels(self):
        for label in (self.data / "labels").iterdir():
            width, height = pictures.png_size(label)
            pictures.write_png(label, [[255 * (x < 9) for x in range(width)] for _ in range(height)])
        done = self.run_unet("evaluate", "discs", self.data)
        self.assertIn("labels are binary", done.stdout)
        self.assertIn("two values, 0 and 255", done.stderr)
        self.assertEqual(self.json_of("evaluate", "discs", self.data, "--labels", "instances")["n_true"], 4)

    def test_classes_are_those_of_the_model(self):
        for label in (self.data / "labels").iterdir():
            width, height = pictures.png_size(label)
            pictures.write_png(label, [[(x // 8) % 3 * 7 for x in range(width)] for _ in range(height)])
        self.run_unet("train", self.data, "--labels", "classes", "--out", "classes", "--steps", 3, *SMALL)
        scores = self.json_of("evaluate", "classes", self.data)
        self.assertEqual((scores["kind"], [entry["name"] for entry in scores["classes"]]),
                         ("classes", ["0", "7", "14"]))
        one = self.data / "labels/disc 0.png"
        width, height = pictures.png_size(one)
        pictures.write_png(one, [[9] * width for _ in range(height)])
        self.refused("disc 0.png: found the label value 9, the model was trained on 0, 7, 14, this set holds 0, 7, 9, 14; --ignore 9",
                     "evaluate", "classes", self.data)
        self.run_unet("evaluate", "classes", self.data, "--ignore", 9)

    def test_a_split_of_the_list(self):
        rows = ["image,label,split"] + [f"images/disc {i}.png,labels/disc {i}.png,{split}"
                                        for i, split in enumerate(("train", "train", "val", "test"))]
        (self.data / "list.csv").write_text("\n".join(rows))
        for split, names in (("test", ["disc 3"]), ("val", ["disc 2"])):
            scores = self.json_of("evaluate", "discs", self.data, "--split", split)
            self.assertEqual([entry["name"] for entry in scores["images"]], names)
        done = self.run_unet("evaluate", "discs", self.data)
        self.assertIn("3 images", done.stdout)
        self.assertIn("images for training: they count too", done.stderr)
        self.refused("no row with split tset", "evaluate", "discs", self.data, "--split", "tset")

    def test_operands_that_do_not_fit_together(self):
        labels = self.data / "labels"
        self.refused("a run is a model: it comes first", "evaluate", labels, "a run", status=2)
        self.refused("is no model", "evaluate", labels, labels, labels, status=2)
        self.refused("--split is for a model", "evaluate", labels, labels, "--split", "val", status=2)
        self.refused("nowhere: there is no such file, folder or model", "evaluate", "nowhere", labels, status=1)
        self.refused("nowhere", "evaluate", "discs", "nowhere", status=1)
        self.refused("--labelled-only", "evaluate", "discs", self.without_a_label())
        self.run_unet("evaluate", "discs", self.data, "--labelled-only")

    def without_a_label(self):
        (self.data / "labels/disc 1.png").unlink()
        return self.data

    def test_predictions_named_like_a_model_are_predictions(self):
        shutil.copytree(self.data / "labels", self.here / "discs")
        scores = self.json_of("evaluate", "discs", self.data / "labels", "--labels", "instances")
        self.assertEqual(scores["f1"], 1)
        self.assertNotIn("model", scores)


class FirstAndLastWords(ProgramTest):
    """What `unet train DATA` says, and that what it says can be typed."""

    def test_runs_are_numbered_and_the_last_words_are_commands(self):
        data = self.make_data("it's my data")
        outcome = self.json_of("train", data, "--steps", 2, *SMALL)
        self.assertEqual(outcome["run"], "runs/it's my data")
        done = self.run_unet("train", data, "--steps", 2, *SMALL)
        self.assertIn("runs/it's my data is there already: this run goes to runs/it's my data-2", done.stderr)
        commands = dict(line.split(None, 1) for line in done.stdout.splitlines())
        self.assertTrue(commands["longer"].endswith(" --steps +1000"), commands)
        for word in ("predict", "longer"):
            typed = commands[word].replace("IMAGE...", shlex.quote(str(data / "images"))).replace("DIR", "out")
            words = shlex.split(typed.replace("+1000", "+3"))  # 1000 steps would take long
            self.assertEqual(words[0], "unet")
            self.run_unet(*words[1:])
        self.assertEqual(self.json_of("info", "runs/it's my data-2")["step"], 5)

    def test_what_is_found_and_planned_is_said_first(self):
        done = self.run_unet("train", self.make_data(), "--steps", 2, *SMALL)
        # Two levels of two convolutions reach 2 + 2 + 2 * 2 pixels.
        for words in ("run: runs/data\n", r"data: .*4 images, 4 slices, grey", "labels: instances",
                      "network: 2 levels, 4 base channels, 1 in, 2 classes out, [0-9]+ parameters; "
                      "an output pixel sees 17 x 17 pixels", "memory: [0-9]+ MiB planned", "2 in all"):
            self.assertRegex(done.stderr, words)

    def test_other_classes_and_colours_start_from_a_model(self):
        self.run_unet("train", self.make_data(), "--steps", 2, "--out", "grey", *SMALL)
        for folder in ("images", "labels"):
            (self.here / "colour" / folder).mkdir(parents=True)
        for i in range(4):
            pictures.write_png(self.here / f"colour/images/{i}.png",
                               [[(x * 5, y * 5, 100 + i) for x in range(40)] for y in range(40)])
            pictures.write_png(self.here / f"colour/labels/{i}.png",
                               [[(x // 10) % 3 for x in range(40)] for _ in range(40)])
        done = self.run_unet("train", "colour", "--labels", "classes", "--init", "grey", "--steps", 2,
                             "--out", "run", *SMALL)
        self.assertRegex(done.stderr, r"of another shape, drawn anew: encoder.0.conv.0.weight "
                                      r"\(4x1x3x3, the network has 4x3x3x3\), head.weight")
        network = self.json_of("info", "run/model.safetensors")["network"]
        self.assertEqual((network["in_channels"], network["classes"]), (3, 3))


class FewImages(ProgramTest):
    def test_one_image_trains(self):
        data = self.make_data(count=1, size=100)
        done = self.run_unet("train", data, "--steps", 3, "--labels", "instances", *SMALL)
        self.assertIn("the last fifth of every image validates, behind a gap of at most 17 pixels", done.stderr)
        self.assertIn("1 for validation", done.stderr)

    def test_a_list_that_is_none_is_ignored_with_a_notice(self):
        data = self.make_data(count=5)
        (data / "list.csv").write_text("name,width\na,3\n")
        done = self.run_unet("train", data, "--steps", 2, *SMALL)
        self.assertIn("list.csv: ignored, it has no column 'image'", done.stderr)
        self.assertIn("5 for validation", done.stderr)

    def test_a_list_decides_what_validates(self):
        data = self.make_data(count=5)
        rows = [f"images/disc {i}.png,labels/disc {i}.png,{'val' if i == 3 else 'train'}" for i in range(5)]
        (data / "list.csv").write_text("\n".join(["image,label,split"] + rows))
        done = self.run_unet("train", data, "--steps", 2, *SMALL)
        self.assertIn("1 of 5 images validate, as list.csv says", done.stderr)
        (data / "list.csv").write_text("\n".join(["image,label,split"] + rows).replace("val", "train"))
        done = self.run_unet("train", data, "--steps", 2, *SMALL)
        self.assertIn("the last fifth of every image validates", done.stderr)

    def test_images_without_label_name_the_flag(self):
        data = self.make_data()
        (data / "labels/disc 2.png").unlink()
        self.refused("disc 2.*--labelled-only", "train", data, "--steps", 2, *SMALL)
        self.run_unet("train", data, "--steps", 2, "--labelled-only", *SMALL)


if __name__ == "__main__":
    program.main()
