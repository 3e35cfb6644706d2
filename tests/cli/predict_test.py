"""Prediction, evaluation, info, bench and data show from the command line."""
import struct
import unittest

import pictures
import program
from program import SMALL, ProgramTest


class WithModel(ProgramTest):
    """A model is trained once and shared."""
    model = None

    def setUp(self):
        super().setUp()
        if WithModel.model is None:
            self.run_unet("train", self.make_data("train data"), "--out", "run", "--steps", 60,
                          "--learning-rate", "0.01", *SMALL)
            WithModel.model = (self.here / "run/model.safetensors").read_bytes()
        (self.here / "model.safetensors").write_bytes(WithModel.model)

    def picture(self, name, height, width):
        image, _ = pictures.discs(height, width, [(height // 2, width // 2)], 6)
        pictures.write_png(self.here / name, image)
        return self.here / name


class Predict(WithModel):
    def test_any_size_gives_an_output_of_that_size(self):
        for height, width in ((1, 1), (1, 7), (5, 3), (33, 17), (48, 48), (61, 90)):
            self.picture("a.png", height, width)
            self.run_unet("predict", "model.safetensors", "a.png", "--out", "out")
            page, = pictures.read_tiff(self.here / "out/a.tif")
            self.assertEqual((page.height, page.width, page.bits), (height, width, 16))

    def test_a_disc_is_one_object(self):
        self.picture("a.png", 48, 48)
        outcome = self.json_of("predict", "model.safetensors", "a.png", "--out", "out", "--overlay")
        entry, = outcome["outputs"]
        self.assertEqual((entry["count"], entry["objects"], entry["overlay"]),
                         (1, "out/a.tif", "out/overlay/a.png"))
        self.assertLess(0.0, outcome["network_seconds"])
        self.assertLess(outcome["network_seconds"], outcome["seconds"])
        page, = pictures.read_tiff(self.here / "out/a.tif")
        self.assertEqual((page.at(24, 24), page.at(3, 3)), (1, 0))
        self.assertEqual(pictures.png_size(self.here / "out/overlay/a.png"), (48, 48))

    def test_too_few_bits_for_the_objects_are_said_with_what_would_do(self):
        tile, _ = pictures.discs(48, 48, [(24, 24)], 6)
        pictures.write_png(self.here / "many.png", [list(row) * 17 for row in tile] * 17)
        done = self.run_unet("predict", "model.safetensors", "many.png", "--out", "out", "--bits", 8, status=1)
        self.assertRegex(done.stderr, r"many.png: found objects up to 289, --bits 8 holds them up to 255: say --bits 16\n")
        self.assertEqual(self.files("out"), {})
        outcome = self.json_of("predict", "model.safetensors", "many.png", "--out", "out", "--bits", 16)
        self.assertEqual(outcome["outputs"][0]["count"], 289)

    def test_tiles_and_threads_leave_no_trace(self):
        self.picture("a.png", 61, 90)
        results = set()
        for i, extra in enumerate(([], ["--tile", 16], ["--tile", 40, "--threads", 1], ["--tile", "auto"])):
            self.run_unet("predict", "model.safetensors", "a.png", "--out", f"out {i}", "--what", "logits",
                          "--exact", *extra)
            results.add((self.here / f"out {i}/a.tif").read_bytes())
        self.assertEqual(len(results), 1)

    def test_one_kind_is_flat_and_several_go_into_folders(self):
        self.picture("a.png", 40, 40)
        self.run_unet("predict", "model.safetensors", "a.png", "--out", "one", "--what", "labels")
        self.assertEqual(list(self.files("one")), ["a.tif"])
        self.run_unet("predict", "model.safetensors", "a.png", "--out", "all", "--what",
                      "objects,labels,probabilities,logits")
        self.assertEqual(sorted(self.files("all")), ["labels/a.tif", "logits/a.tif", "objects/a.tif",
                                                     "probabilities/a.tif"])
        background, foreground = pictures.read_tiff(self.here / "all/probabilities/a.tif")
        self.assertEqual((foreground.bits, foreground.floating), (32, True))
        for b, f in zip(background.values, foreground.values):
            self.assertAlmostEqual(b + f, 1.0, places=6)
        self.assertEqual((self.here / "one/a.tif").read_bytes(), (self.here / "all/labels/a.tif").read_bytes())

    def test_folders_stacks_and_pages(self):
        (self.here / "in").mkdir()
        self.picture("in/a.png", 40, 40)
        pages = [pictures.discs(40, 40, [(20, 12 + 4 * i)], 6)[0] for i in range(4)]
        pictures.write_tiff_stack(self.here / "in/stack.tif", pages)
        (self.here / "in/notes.txt").write_text("not an image")
        self.run_unet("predict", "model.safetensors", "in", "--out", "out", "--overlay")
        self.assertEqual(sorted(self.files("out")),
                         ["a.tif", "overlay/a.png", *(f"overlay/stack_{i:04}.png" for i in range(4)), "stack.tif"])
        self.assertEqual(len(pictures.read_tiff(self.here / "out/stack.tif")), 4)
        self.run_unet("predict", "model.safetensors", "in/stack.tif", "--pages", "1,3", "--out", "some")
        self.assertEqual(len(pictures.read_tiff(self.here / "some/stack.tif")), 2)

    def test_a_file_that_fails_does_not_stop_the_others(self):
        (self.here / "in").mkdir()
        for name in ("a", "b", "c"):
            self.picture(f"in/{name}.png", 40, 40)
        broken = self.here / "in/b.png"
        broken.write_bytes(broken.read_bytes()[:60])
        done = self.run_unet("predict", "model.safetensors", "in", "--out", "out", status=1)
        self.assertEqual(sorted(self.files("out")), ["a.tif", "c.tif"])
        self.assertIn("b.png", done.stderr)
        self.assertIn("2 of 3 images predicted, 1 failed", done.stderr)

    def test_normalisation_can_be_overridden(self):
        self.picture("a.png", 40, 40)
        results = set()
        for rule in ("image", "range", "0:1000"):
            self.run_unet("predict", "model.safetensors", "a.png", "--out", "out", "--what", "logits",
                          "--normalise", rule)
            results.add((self.here / "out/a.tif").read_bytes())
        self.assertEqual(len(results), 3)

    def test_averages_of_a_picture_and_its_mirror_image_are_mirrored(self):
        image, _ = pictures.discs(45, 61, [(20, 17), (30, 40)], 6)
        pictures.write_png(self.here / "a.png", image)
        pictures.write_png(self.here / "b.png", [row[::-1] for row in image])
        results = {}
        for average in ("none", "mirrors4", "rotations7"):
            self.run_unet("predict", "model.safetensors", "a.png", "b.png", "--out", average, "--what",
                          "probabilities", "--average", average)
            a, b = ([page.values for page in pictures.read_tiff(self.here / average / name)]
                    for name in ("a.tif", "b.tif"))
            turned = [[page[y * 61 + 60 - x] for y in range(45) for x in range(61)] for page in b]
            results[average] = a
            self.assertEqual(list(map(list, a)) == turned, average == "mirrors4", average)
        for average in ("mirrors4", "rotations7"):
            self.assertNotEqual(results[average], results["none"])
        self.run_unet("predict", "model.safetensors", "a.png", "--out", "objects", "--average", "rotations7")
        page, = pictures.read_tiff(self.here / "objects/a.tif")
        self.assertGreater(page.at(20, 17), 0)
        self.assertEqual(page.at(3, 3), 0)

    def test_colour_picture_for_a_grey_model(self):
        pictures.write_png(self.here / "a.png", [[(x, 40, 90) for x in range(40)] for _ in range(40)])
        done = self.run_unet("predict", "model.safetensors", "a.png", "--out", "out")
        self.assertRegex(done.stderr, "grey")

    def test_repeated_prediction_replaces_its_own_output(self):
        self.picture("a.png", 40, 40)
        for _ in range(2):
            self.run_unet("predict", "model.safetensors", "a.png", "--out", "out")
        self.assertEqual(list(self.files("out")), ["a.tif"])


class PredictRefuses(WithModel):
    def refused_and_nothing_written(self, words, *arguments):
        before = self.files()
        self.refused(words, "predict", *arguments)
        self.assertEqual(self.files(), before)

    def test_bad_words(self):
        self.picture("a.png", 40, 40)
        self.refused_and_nothing_written("--out", "model.safetensors", "a.png")
        for words, extra in (("--what: found 'masks'", ["--what", "masks"]), ("--tile", ["--tile", "0"]),
                             ("--tile", ["--tile", "big"]), ("--normalise", ["--normalise", "5:5"]),
                             ("--average", ["--average", "mirrors5"]),
                             ("logits have no mean", ["--average", "mirrors4", "--what", "labels,logits"]),
                             ("--normalise", ["--normalise", "brightly"]), ("--pages", ["--pages", "3-1"])):
            self.refused_and_nothing_written(words, "model.safetensors", "a.png", "--out", "out", *extra)

    def test_inputs_that_are_not_there_or_no_images(self):
        self.picture("a.png", 40, 40)
        (self.here / "empty").mkdir()
        (self.here / "a.txt").write_text("text")
        self.refused_and_nothing_written("nowhere.png: there is no such", "model.safetensors", "nowhere.png",
                                         "--out", "out")
        self.refused_and_nothing_written("empty: found no image", "model.safetensors", "empty", "--out", "out")
        self.refused_and_nothing_written("a.txt: found another kind", "model.safetensors", "a.txt", "--out", "out")
        self.refused_and_nothing_written("nowhere.safetensors", "nowhere.safetensors", "a.png", "--out", "out")
        self.refused_and_nothing_written("without model.safetensors", "empty", "a.png", "--out", "out")

    def test_two_inputs_of_one_name(self):
        self.picture("a.png", 40, 40)
        (self.here / "other").mkdir()
        self.picture("other/a.png", 40, 40)
        self.refused_and_nothing_written("both would be written as a", "model.safetensors", "a.png",
                                         "other/a.png", "--out", "out")

    def test_output_among_the_inputs(self):
        (self.here / "in").mkdir()
        self.picture("in/a.png", 40, 40)
        for out in ("in", "in/", "in/../in"):
            self.refused_and_nothing_written("results go to another", "model.safetensors", "in", "--out", out)

    def test_output_that_cannot_be(self):
        self.picture("a.png", 40, 40)
        (self.here / "file").write_text("in the way")
        self.refused_and_nothing_written("file", "model.safetensors", "a.png", "--out", "file")
        self.refused_and_nothing_written("file", "model.safetensors", "a.png", "--out", "file/below")

    def test_page_that_is_not_there(self):
        self.picture("a.png", 40, 40)
        done = self.run_unet("predict", "model.safetensors", "a.png", "--out", "out", "--pages", "0-3", status=1)
        self.assertIn("a.png", done.stderr)
        self.assertEqual(self.files("out"), {})

    def test_broken_models(self):
        self.picture("a.png", 40, 40)
        whole = WithModel.model
        header = struct.unpack("<Q", whole[:8])[0]
        broken = {"truncated": whole[:-7], "short": whole[:5], "empty": b"", "text": b"not a model at all",
                  "header": whole[:8] + b"{" * header + whole[8 + header:],
                  "newer": whole.replace(b'\\"version\\":1', b'\\"version\\":9')}
        self.assertNotEqual(broken["newer"], whole)
        for name, content in broken.items():
            (self.here / f"{name}.safetensors").write_bytes(content)
            self.refused_and_nothing_written(f"{name}.safetensors", f"{name}.safetensors", "a.png", "--out", "out")
        self.refused_and_nothing_written("a.png", "a.png", "a.png", "--out", "out")


class Evaluate(ProgramTest):
    def setUp(self):
        super().setUp()
        for i in range(3):
            _, labels = pictures.discs(40, 40, [(10, 10), (12, 30), (30, 12 + i)], 5)
            for folder in ("truth", "same"):
                (self.here / folder).mkdir(exist_ok=True)
                pictures.write_png(self.here / folder / f"{i}.png", labels, bits=16)

    def test_truth_against_itself_is_perfect(self):
        scores = self.json_of("evaluate", "same", "truth", "--labels", "instances")
        self.assertEqual((scores["f1"], scores["ap"], scores["seg"], scores["iou"], scores["dice"],
                          scores["pixel_error"]), (1, 1, 1, 1, 1, 0))
        self.assertEqual([entry["name"] for entry in scores["images"]], ["0", "1", "2"])

    def test_a_missed_and_an_invented_object(self):
        # 9 true objects; one is erased (FN), one stands where nothing is (FP): F1 = 16 / (16 + 1 + 1).
        _, labels = pictures.discs(40, 40, [(10, 10), (12, 30), (20, 20)], 5)
        pictures.write_png(self.here / "same/0.png", labels, bits=16)
        scores = self.json_of("evaluate", "same", "truth", "--labels", "instances")
        self.assertAlmostEqual(scores["f1"], 16 / 18)
        self.assertEqual((scores["n_true"], scores["n_predicted"]), (9, 9))

    def test_binary_truth_of_0_and_255(self):
        rows = [[0] * 10 + [255] * 10 for _ in range(10)]
        shifted = [[0] * 15 + [1] * 5 for _ in range(10)]
        pictures.write_png(self.here / "truth.png", rows)
        pictures.write_png(self.here / "predicted.png", shifted)
        scores = self.json_of("evaluate", "predicted.png", "truth.png")
        self.assertEqual((scores["kind"], scores["iou"], scores["pixel_error"]), ("binary", 0.5, 0.25))

    def test_ignored_pixels_do_not_count(self):
        truth = [[0] * 10 + [1] * 5 + [2] * 5 + [255] * 20 for _ in range(10)]
        predicted = [[0] * 10 + [1] * 5 + [2] * 25 for _ in range(10)]
        pictures.write_png(self.here / "truth.png", truth)
        pictures.write_png(self.here / "predicted.png", predicted)
        scores = self.json_of("evaluate", "predicted.png", "truth.png", "--labels", "classes", "--ignore", 255)
        self.assertEqual((scores["pixel_error"], scores["pixels"], scores["iou"]), (0, 200, 1))

    def test_stored_class_values_become_indices(self):
        truth = [[0] * 10 + [100] * 5 + [200] * 5 for _ in range(10)]
        pictures.write_png(self.here / "truth.png", truth)
        indices = [[(0, 1, 2)[v // 100] for v in row] for row in truth]
        pictures.write_png(self.here / "indices.png", indices)
        for predicted in ("truth.png", "indices.png"):
            scores = self.json_of("evaluate", predicted, "truth.png", "--labels", "classes")
            self.assertEqual((scores["pixel_error"], scores["iou"]), (0, 1))

    def test_text_for_people(self):
        done = self.run_unet("evaluate", "same", "truth", "--labels", "instances")
        self.assertRegex(done.stdout, r"(?m)^f1 +1\.0000 ")
        self.assertEqual(done.stderr, "")

    def test_prediction_that_is_missing(self):
        (self.here / "same/1.png").unlink()
        self.refused("no prediction for 1 of 3 label maps.*\\(1\\)", "evaluate", "same", "truth")

    def test_prediction_without_truth_is_told(self):
        (self.here / "truth/1.png").unlink()
        done = self.run_unet("evaluate", "same", "truth", "--labels", "instances")
        self.assertIn("1 of 3 predictions have no label map", done.stderr)

    def test_sizes_that_differ(self):
        pictures.write_png(self.here / "same/1.png", [[0] * 39 for _ in range(40)])
        self.refused("1.*40x39.*40x40|1.*40x40.*40x39", "evaluate", "same", "truth", "--labels", "instances")

    def test_ambiguous_labels_stop(self):
        pictures.write_png(self.here / "t.png", [[0] * 10 + [1] * 10 + [2] * 10 for _ in range(10)])
        self.refused("--labels instances", "evaluate", "t.png", "t.png")

    def test_folder_without_images(self):
        (self.here / "empty").mkdir()
        self.refused("empty: found no image", "evaluate", "empty", "truth")


class Info(WithModel):
    def test_model(self):
        model = self.json_of("info", "model.safetensors")
        self.assertEqual(model["network"]["levels"], 2)
        self.assertEqual(model["labels"], "instances")
        names = [layer["name"] for layer in model["layers"]]
        self.assertIn("encoder.0.conv.0", names)
        self.assertIn("encoder.0.conv.0", self.run_unet("info", "model.safetensors").stdout)

    def test_shapes_of_the_papers_network(self):
        # Figure 1 of the paper: 572 -> 388, 28 x 28 x 1024 at the bottom; 31,030,658 parameters.
        self.run_unet("train", "train data" if (self.here / "train data").exists() else self.make_data("d"),
                      "--preset", "ronneberger2015", "--steps", "0", "--out", "paper")
        model = self.json_of("info", "paper/model.safetensors", "--size", "572")
        self.assertEqual(model["parameters"], 31030658)
        shapes = [layer["shape"] for layer in model["layers"]]
        self.assertEqual(shapes[-1], [2, 388, 388])
        self.assertIn([1024, 28, 28], shapes)
        done = self.run_unet("info", "paper/model.safetensors", "--size", "572")
        self.assertIn("1024 x 28x28", done.stdout)
        self.refused("100x100.*188", "info", "paper/model.safetensors", "--size", "100")

    def test_image_and_data(self):
        self.make_data()
        image = self.json_of("info", "data/images/disc 0.png")
        self.assertEqual((image["format"], image["width"], image["height"], image["bits"], image["channels"]),
                         ("PNG", 48, 48, 8, 1))
        data = self.json_of("info", "data", "--labels", "instances")
        self.assertEqual((data["images"]["count"] if isinstance(data["images"], dict) else data["images"],
                          data["objects"]), (4, 10))
        # A disc of radius 6 on the grid has 113 pixels: diameter 2 sqrt(113 / pi) = 11.995.
        self.assertAlmostEqual(data["object_diameter"]["median"], 11.995, places=2)

    def test_run(self):
        self.make_run(steps=3)
        run = self.json_of("info", "run")
        self.assertEqual((run["step"], run["finished"]), (3, True))

    def test_what_is_not_there(self):
        self.refused("nowhere", "info", "nowhere")


class Bench(ProgramTest):
    def test_forward_and_training(self):
        for which in ("forward", "train"):
            result = self.json_of("bench", "network", "--preset", "default", "--size", "64", "--repeat", "2",
                                  "--pass", which)
            for key in ("median_s", "peak_bytes", "planned_bytes"):
                self.assertGreater(result[key], 0, key)
            if not program.SANITIZED:
                self.assertLess(result["peak_bytes"], result["planned_bytes"] + 40_000_000)

    def test_profile_names_every_layer_and_its_kernel(self):
        command = ("bench", "network", "--preset", "default", "--size", "64", "--pass", "train", "--profile")
        result = self.json_of(*command)
        layers = {row["layer"]: row for row in result["layers"]}
        self.assertEqual(layers["encoder.0.conv.0"]["kernel"], "direct")
        self.assertEqual(layers["encoder.1.conv.0"]["kernel"],
                         "direct" if result["kernels"] == "reference" else "winograd")
        self.assertNotIn("kernel", layers["encoder.1.pool"])
        self.assertGreater(layers["decoder.0.up"]["backward_s"], 0)
        self.assertAlmostEqual(sum(row["share"] for row in result["layers"]), 1.0)
        exact = {row["layer"]: row for row in self.json_of(*command, "--exact")["layers"]}
        self.assertEqual(exact["encoder.1.conv.0"]["kernel"], "direct")
        table = self.run_unet(*command).stdout
        self.assertRegex(table, r"\ndecoder\.2\.conv\.0 +64 x 16x16 ")
        self.assertRegex(table, r"\neverything else ")

    def test_refuses_what_it_cannot_do(self):
        self.refused("trains in fp32 only", "bench", "network", "--preset", "default", "--precision", "bf16", "--pass",
                     "train", status=2)
        self.refused("found 'fp16'", "bench", "network", "--preset", "default", "--precision", "fp16")
        self.refused("either --preset NAME or --model MODEL", "bench", "network", status=2)
        self.refused("ronneberger2015", "bench", "network", "--preset", "ronneberger2014")
        self.refused("100x100.*188", "bench", "network", "--preset", "ronneberger2015", "--size", "100")
        self.refused("found 'netwrok', expected network", "bench", "netwrok", status=2)


class DataShow(ProgramTest):
    def test_draws_patches(self):
        self.make_data()
        outcome = self.json_of("data", "show", "data", "--out", "look", "--count", 5, *SMALL)
        self.assertEqual(len(outcome["files"]), 5)
        for file in outcome["files"]:
            width, height = pictures.png_size(self.here / file)
            self.assertGreater(width, 3 * 32)

    def test_refuses(self):
        self.make_data()
        self.refused("--out", "data", "show", "data", status=2)
        self.refused("expected show", "data", "shwo", "data", "--out", "look", status=2)


if __name__ == "__main__":
    program.main()
