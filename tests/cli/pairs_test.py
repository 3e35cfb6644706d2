"""Two files that are compared: their values, their places in space (tests/image/make_places.py)."""
import csv
import pathlib
import shutil
import struct

import pictures
import program
from program import SMALL, ProgramTest, tensors_of

PLACES = pathlib.Path(__file__).resolve().parents[1] / "image/places"
# A patch that fits volumes of 9 x 12 pixels.
TINY = ["--levels", "2", "--base-channels", "4", "--patch", "16", "--batch-size", "2"]
ORDERS = ("columns", "rows", "slices", "exchanged", "turned")


def scene(classes, size=48):
    """Squares of these classes on 0, and an image that shows them."""
    labels = [[0] * size for _ in range(size)]
    for i, value in enumerate(classes):
        for y in range(4 + 14 * (i // 3), 14 + 14 * (i // 3)):
            labels[y][4 + 14 * (i % 3):14 + 14 * (i % 3)] = [value] * 10
    image = [[40 + 3 * ((7 * x + 5 * y) % 4) + 50 * min(value, 3) for x, value in enumerate(row)]
             for y, row in enumerate(labels)]
    return image, labels


def iou(predicted, truth, value):
    pairs = [(p == value, t == value) for rows in zip(predicted, truth) for p, t in zip(*rows)]
    return sum(p and t for p, t in pairs) / sum(p or t for p, t in pairs)


class Values(ProgramTest):
    def write(self, name, rows):
        path = self.here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pictures.write_png(path, rows)

    def by_class(self, *arguments):
        return {entry["name"]: entry["iou"] for entry in self.json_of(*arguments)["classes"]}

    def of_report(self, *arguments):
        return self.json_of("report", *arguments, "--out", "r.html")

    def test_a_class_that_the_truth_lacks(self):
        for name, values in (("plain", (1, 2, 3)), ("codes", (150, 50, 100))):
            missing, *others = values
            truth = scene(others)[1]
            predicted = [row[:] for row in truth]
            predicted[0][0] = missing  # one wrong pixel
            self.write(f"{name}/truth/a.png", truth)
            self.write(f"{name}/pred/a.png", predicted)
            arguments = (f"{name}/pred", f"{name}/truth", "--labels", "classes")
            found = self.by_class("evaluate", *arguments)
            self.assertEqual({int(key): value for key, value in found.items()},
                             {0: iou(predicted, truth, 0), others[0]: 1, others[1]: 1, missing: 0})
            self.assertAlmostEqual(self.json_of("evaluate", *arguments)["pixel_error"], 1 / 48**2)
            report = self.of_report(f"{name}/pred", "--labels", f"{name}/truth", "--kind", "classes")
            self.assertEqual(report["evaluation"]["iou"], self.json_of("evaluate", *arguments)["iou"])

    def test_own_predictions_as_the_model_itself(self):
        # Trained on every class; the test sets lack one each.
        for i in range(4):
            image, labels = scene([1 + (i + k) % 3 for k in range(6)])
            self.write(f"train/images/{i}.png", image)
            self.write(f"train/labels/{i}.png", labels)
        self.run_unet("train", "train", "--labels", "classes", "--out", "run", "--steps", 12, *SMALL)
        for left_out in (1, 2, 3):
            data = f"test{left_out}"
            for i in range(2):
                image, labels = scene([value for value in (1, 2, 3, 1) if value != left_out])
                self.write(f"{data}/images/{i}.png", image)
                self.write(f"{data}/labels/{i}.png", labels)
            self.run_unet("predict", "run", f"{data}/images", "--out", f"res{left_out}")
            of_model = self.json_of("evaluate", "run", data)
            of_files = self.json_of("evaluate", f"res{left_out}", f"{data}/labels", "--labels", "classes",
                                    "--values", "0=0")
            of_report = self.of_report(f"res{left_out}", "--labels", f"{data}/labels", "--kind", "classes",
                                       "--values", "0=0")["evaluation"]
            for key in ("iou", "dice", "pixel_error"):
                self.assertEqual((of_files[key], of_report[key]), (of_model[key],) * 2, (left_out, key))

    def test_masks_of_one_and_two(self):
        truth = [[int(v > 0) for v in row] for row in scene((1, 1))[1]]
        self.write("truth.png", truth)
        self.write("12.png", [[v + 1 for v in row] for row in truth])
        self.write("grey.png", [[v * 200 + 20 for v in row] for row in truth])
        self.refused("found the values 1, 2 in the predictions and 0, 1 in the truth: no pixel .* is background.*"
                     "--values 1=0,2=1 if 1 is background, --values 1=1,2=0 if 2 is",
                     "evaluate", "12.png", "truth.png")
        self.refused("20, 220 in the predictions and 0, 1 in the truth", "evaluate", "grey.png", "truth.png")
        self.refused("1, 2 in the predictions and 0, 1", "report", "12.png", "--labels", "truth.png", "--out", "r.html")
        self.refused("1, 2 in the predictions and 0, 1", "evaluate", "12.png", "truth.png", "--labels", "instances")
        self.refused("found a mask of 1 and 2, expected 0 on membranes", "evaluate", "12.png", "truth.png",
                     "--metrics", "isbi2012")
        self.assertEqual(self.json_of("evaluate", "12.png", "truth.png", "--values", "1=0,2=1")["dice"], 1)
        self.assertEqual(self.json_of("evaluate", "12.png", "truth.png", "--values", "1=1,2=0")["dice"], 0)
        told = self.json_of("evaluate", "truth.png", "12.png")
        self.assertEqual((told["dice"], told["notes"]), (1, ["the truth holds 1, 2: 1 is taken for background"]))
        self.refused("--values: found '1:0'", "evaluate", "12.png", "truth.png", "--values", "1:0")

    def test_masks_of_one_set_are_coded_in_one_way(self):
        image, labels = scene((1, 1, 1))
        mask = [[int(v > 0) for v in row] for row in labels]
        for i in range(4):  # the first as ilastik writes it
            self.write(f"mix/images/{i}.png", image)
            self.write(f"mix/labels/{i}.png", [[v + (i == 0) for v in row] for row in mask])
            self.write(f"pred/{i}.png", mask)
        found = "1 of 4 label maps hold two values and no 0 .*0.png: 1, 2.*others hold 0 .*1.png: 0, 1"
        self.refused(found, "train", "mix", "--labels", "binary", "--out", "run", "--steps", 1, *SMALL)
        self.refused(found, "evaluate", "pred", "mix/labels", "--labels", "binary")
        self.refused(found, "evaluate", "mix/labels", "pred", "--labels", "binary")
        self.refused(found, "report", "pred", "--labels", "mix/labels", "--kind", "binary", "--out", "r.html")
        findings = self.json_of("check", "mix", "--labels", "binary", status=1)["findings"]
        self.assertEqual([(each["kind"], each["severity"]) for each in findings[:1]], [("meaning", "error")])
        self.assertRegex(findings[0]["what"], found)
        self.assertIn("two values and no 0", self.run_unet("train", "mix", "--labels", "instances", "--out", "run",
                                                           "--steps", 1, *SMALL).stderr)
        self.assertRegex(self.run_unet("evaluate", "run", "mix", "--labels", "instances").stderr, found)
        self.refused(found, "evaluate", "run", "mix", "--labels", "binary")
        # A mask that is all foreground is none of these.
        self.write("mix/labels/0.png", [[1] * 48] * 48)
        self.json_of("evaluate", "pred", "mix/labels", "--labels", "binary")

    def test_classes_are_compared_or_refused_whichever_is_first(self):
        truth = scene((1, 2, 1, 2))[1]
        coded = {name: [[codes[v] for v in row] for row in truth]
                 for name, codes in (("012", (0, 1, 2)), ("024", (0, 2, 4)), ("123", (1, 2, 3)), ("0255", (0, 1, 255)))}
        for name, rows in coded.items():
            self.write(f"{name}.png", rows)
        for one, other in (("024", "123"), ("123", "024"), ("024", "012"), ("012", "024")):
            self.refused("values .* in the predictions and .* in the truth", "evaluate", f"{one}.png", f"{other}.png",
                         "--labels", "classes")
        self.write("0100.png", [[100 * int(v == 1) for v in row] for row in truth])
        self.refused("0, 1, 2 in the predictions and 0, 100 in the truth.*--values 0=0,1=100,2=100", "evaluate", "012.png",
                     "0100.png", "--labels", "classes")
        with_255 = [row[:] for row in truth]
        with_255[0] = [255] * 48
        self.write("with_255.png", with_255)
        told = self.json_of("evaluate", "012.png", "with_255.png", "--labels", "classes")
        self.assertEqual(told["notes"], ["the truth holds 255, which is counted as a class; --ignore 255 leaves such "
                                         "pixels out"])
        told = self.json_of("evaluate", "012.png", "with_255.png", "--labels", "classes", "--ignore", 255)
        self.assertEqual((told["pixel_error"], told.get("notes", [])), (0, []))

    def test_truths_of_objects_are_told_as_predictions_are(self):
        objects = [[0] * 48 for _ in range(48)]
        for i in range(4):
            for y in range(4, 20):
                objects[y][2 + 11 * i:10 + 11 * i] = [i + 1] * 8
        self.write("objects.png", objects)
        self.write("from_1.png", [[v + 1 for v in row] for row in objects])
        self.write("mask.png", [[255 * int(v > 0) for v in row] for row in objects])
        for truth, note in (("from_1.png", "no pixel of the truth is background (0): each of its values, 1, 2, 3, 4, 5, is "
                             "taken for an object"),
                            ("mask.png", "the truth holds 0, 255: a mask counts as one object of each image")):
            self.assertEqual(self.json_of("evaluate", "objects.png", truth, "--labels", "instances")["notes"], [note])
            self.assertIn(note, self.of_report("objects.png", "--labels", truth, "--kind", "instances")["remarks"])

    def test_grey_values_are_no_mask(self):
        image, labels = scene((1, 1, 1, 1))
        self.write("truth.png", [[255 * int(v > 0) for v in row] for row in labels])
        ramp = [[(x * 5 + y * 3) % 200 for x in range(48)] for y in range(48)]
        self.write("grey.png", ramp)
        for files in (("grey.png", "truth.png"), ("truth.png", "grey.png")):
            for labels in ("detect", "instances", "binary"):
                self.refused("grey.png: .* neighbouring pixels hold different values", "evaluate", *files, "--labels",
                             labels)

    def test_objects_beside_a_mask(self):
        objects = [[0] * 60 for _ in range(60)]
        for i in range(16):
            for y in range(2 + 14 * (i // 4), 10 + 14 * (i // 4)):
                objects[y][2 + 14 * (i % 4):10 + 14 * (i % 4)] = [i + 1] * 8
        self.write("objects.png", objects)
        self.write("mask.png", [[int(v > 0) for v in row] for row in objects])
        self.assertEqual(self.json_of("evaluate", "objects.png", "mask.png")["dice"], 1)
        told = self.json_of("evaluate", "mask.png", "objects.png", "--labels", "instances")
        self.assertIn("a mask counts as one object", told["notes"][0])

    def test_a_truth_without_anything(self):
        self.write("empty.png", [[0] * 20] * 20)
        self.refused("every pixel has the value 0.* --labels instances", "evaluate", "empty.png", "empty.png")
        self.refused("every pixel has the value 0.* --kind instances", "report", "empty.png", "--labels", "empty.png",
                     "--out", "r.html")

    def test_masks_of_other_values_than_the_training(self):
        for i in range(3):
            image, labels = scene((1, 1, 1))
            for name, values in (("train", (0, 255)), ("12", (1, 2)), ("21", (1, 2, 3))):
                self.write(f"{name}/images/{i}.png", image)
                self.write(f"{name}/labels/{i}.png", [[values[int(v > 0)] for v in row] for row in labels])
        self.write("21/labels/0.png", [[3] * 48] * 48)
        self.run_unet("train", "train", "--labels", "binary", "--out", "run", "--steps", 2, *SMALL)
        scores = self.json_of("evaluate", "run", "train")
        told = self.json_of("evaluate", "run", "12")
        self.assertEqual(told["dice"], scores["dice"])
        self.assertIn("the truth holds 1, 2: 1 is taken for background", told["notes"])
        self.refused("found the label value 1, the model was trained on 0, 255, this set holds 1, 2, 3",
                     "evaluate", "run", "21")
        self.run_unet("predict", "run", "12/images", "--what", "labels", "--out", "res")
        # What two steps learn is one class everywhere: 1, the background of these truths.
        self.refused("found the values 1 in the predictions and 1, 2 in the truth: .*--values 1=2", "evaluate", "res",
                     "12/labels")
        told = self.json_of("evaluate", "res", "12/labels", "--values", "1=2")
        self.assertEqual(told["dice"], scores["dice"])


class Places(ProgramTest):
    def setUp(self):
        super().setUp()
        for path in PLACES.glob("*.nii.gz"):
            shutil.copy(path, self.here)

    def test_evaluate(self):
        for order in ORDERS:
            scores = self.json_of("evaluate", "labels.nii.gz", f"labels_{order}.nii.gz", "--labels", "instances")
            self.assertEqual((scores["dice"], scores["f1"], scores["n_true"]), (1, 1, 9), order)
            self.assertIn("turned onto their partners", scores["notes"][0])
        for other in ("near", "micrometres", "no_unit"):
            scores = self.json_of("evaluate", "labels.nii.gz", f"{other}.nii.gz", "--labels", "instances")
            self.assertEqual((scores["dice"], scores["notes"]), (1, []), other)
        scores = self.json_of("evaluate", "labels.nii.gz", "by_default.nii.gz", "--labels", "instances")
        self.assertIn("pixel by pixel", scores["notes"][0])
        scores = self.json_of("evaluate", "labels.nii.gz", "labels_slices.nii.gz", "--metrics", "isbi2012")
        self.assertEqual((scores["pixel_error"], len(scores["notes"])), (0, 1))
        scores = self.json_of("evaluate", "labels.nii.gz", "labels_slices.nii.gz", "--labels", "instances",
                              "--pages", "0-1")
        self.assertEqual((scores["dice"], scores["n_true"]), (1, 3))

    def test_what_lies_elsewhere_is_refused_in_every_verb(self):
        data = self.here / "data"
        for folder in ("images", "labels"):
            (data / folder).mkdir(parents=True)
        shutil.copy(self.here / "image.nii.gz", data / "images/a.nii.gz")
        shutil.copy(self.here / "spacing.nii.gz", data / "labels/a.nii.gz")
        shutil.copytree(data, self.here / "good")
        shutil.copy(self.here / "labels.nii.gz", self.here / "good/labels/a.nii.gz")
        recipe = ("--labels", "instances", "--steps", 1, *TINY)
        self.run_unet("train", "good", "--out", "run", *recipe)
        verbs = {"evaluate": ("labels.nii.gz", "spacing.nii.gz", "--labels", "instances"),
                 "measure": ("spacing.nii.gz", "--image", "image.nii.gz", "--out", "o.csv"),
                 "report": ("labels.nii.gz", "--labels", "spacing.nii.gz", "--out", "r.html", "--kind", "instances"),
                 "train": ("data", "--out", "other", *recipe),
                 "predict": ("run", "image.nii.gz", "--where", "spacing.nii.gz", "--out", "res"),
                 "data": ("export", "spacing.nii.gz", "--images", "image.nii.gz", "--format", "tiff", "--out", "ex")}
        for verb, arguments in verbs.items():
            self.refused("lies elsewhere in space than .*columns .*rows .*slices .*columns .*--by-pixels", verb,
                         *arguments, status=1)
            self.run_unet(verb, *arguments, "--by-pixels")
        found = self.json_of("check", "data", "--labels", "instances", status=1)["findings"]
        self.assertIn("place", [finding["kind"] for finding in found])
        self.json_of("check", "data", "--labels", "instances", "--by-pixels")
        self.refused("lies elsewhere", "evaluate", "run", "data", status=1)

    def test_measure_is_in_the_place_of_the_labels(self):
        self.run_unet("measure", "labels_turned.nii.gz", "--out", "alone.csv")
        for order in ORDERS:
            done = self.json_of("measure", "labels_turned.nii.gz", "--image", f"image_{order}.nii.gz", "--out", "o.csv")
            self.assertTrue(order == "turned" or "turned onto" in done["measured"][0]["notes"][0])
            rows = list(csv.DictReader((self.here / "o.csv").open()))
            alone = list(csv.DictReader((self.here / "alone.csv").open()))
            for row, before in zip(rows, alone, strict=True):
                self.assertEqual({key: row[key] for key in before}, before)
                # Objects are 20 + 60 x number, and x (0 to 11) beside.
                self.assertLess(abs(float(row["intensity_mean"]) - 25.5 - 60 * int(row["label"])), 6, order)

    def test_training_and_masks_are_the_same_bytes(self):
        recipe = ("--labels", "instances", "--steps", 2, *TINY, "--threads", 1)
        for name, label in (("straight", "labels"), ("turned", "labels_turned")):
            for folder, file in (("images", "image"), ("labels", label)):
                (self.here / name / folder).mkdir(parents=True)
                shutil.copy(self.here / f"{file}.nii.gz", self.here / name / folder / "a.nii.gz")
            told = self.run_unet("train", name, "--out", f"run_{name}", *recipe).stderr
            self.assertEqual("turned onto" in told, name == "turned")
        models = [(self.here / f"run_{name}/model.safetensors").read_bytes() for name in ("straight", "turned")]
        self.assertEqual(tensors_of(models[0]), tensors_of(models[1]))
        scores = [self.json_of("evaluate", "run_turned", name) for name in ("straight", "turned")]
        self.assertEqual(scores[0]["dice"], scores[1]["dice"])
        self.assertIn("turned onto", scores[1]["notes"][0])
        for name in ("labels", "labels_turned", "labels_slices"):
            self.run_unet("predict", "run_turned", "image.nii.gz", "--what", "probabilities", "--where",
                          f"{name}.nii.gz", "--out", f"by_{name}")
        results = [(self.here / f"by_{name}/image.tif").read_bytes()
                   for name in ("labels", "labels_turned", "labels_slices")]
        self.assertEqual(results[0], results[1])
        self.assertEqual(results[0], results[2])
        # What a turned truth is compared with: the model, its files, the report.
        self.run_unet("predict", "run_turned", "turned/images", "--format", "nifti", "--out", "res")
        of_files = self.json_of("evaluate", "res", "turned/labels", "--labels", "instances")
        of_report = self.json_of("report", "res", "--labels", "turned/labels", "--image", "turned/images", "--kind",
                                 "instances", "--out", "r.html")
        for key in ("dice", "f1", "n_true", "n_predicted"):
            self.assertEqual((of_files[key], of_report["evaluation"][key]), (scores[1][key],) * 2)
        self.assertTrue(any("turned onto" in remark for remark in of_report["remarks"]))

    def test_export_is_in_the_place_of_the_image(self):
        expected = None
        for name in ("labels", "labels_columns", "labels_turned"):
            told = self.run_unet("data", "export", f"{name}.nii.gz", "--images", "image.nii.gz", "--format", "geojson",
                                 "--out", name).stderr
            self.assertEqual("turned onto" in told, name != "labels")
            text = (self.here / name / "image.geojson").read_text()
            expected = expected or text
            self.assertEqual(text, expected)


class NearlyWhole(ProgramTest):
    def write(self, name, values, slope, code=2, form="B", intercept=0.0):
        """A NIfTI-1 of 8 x 6 pixels whose header scales them."""
        header = bytearray(352)
        struct.pack_into("<i", header, 0, 348)
        struct.pack_into("<4h", header, 40, 2, 8, 6, 1)
        struct.pack_into("<2h", header, 70, code, 8 * struct.calcsize(form))
        struct.pack_into("<4f", header, 76, 1, 1, 1, 1)
        struct.pack_into("<3f", header, 108, 352, slope, intercept)
        header[344:348] = b"n+1\0"
        (self.here / name).write_bytes(bytes(header) + struct.pack(f"<48{form}", *values))

    def labels_of(self, name):
        self.run_unet("measure", name, "--out", "o.csv")
        return [(row["label"], row["area"]) for row in csv.DictReader((self.here / "o.csv").open())]

    def test_labels_that_a_header_scales(self):
        mask = [1 if i in (9, 10, 17, 18) else 0 for i in range(48)]
        self.write("255.nii", [255 * v for v in mask], 1 / 255)
        self.write("1.nii", [3 * v for v in mask], 0.9999999)
        self.write("f.nii", [3 * 0.9999999 * v for v in mask], 0, 16, "f")
        # As nibabel stores 0 and 1 in 16 bits with a sign.
        self.write("i16.nii", [65535 * v - 32768 for v in mask], 1 / 65535, 4, "h", 32768 / 65535)
        self.assertEqual([self.labels_of(name) for name in ("255.nii", "1.nii", "f.nii", "i16.nii")],
                         [[("1", "4")], [("3", "4")], [("3", "4")], [("1", "4")]])

    def test_what_is_told_of_others(self):
        self.write("negative.nii", [-1] + [0] * 47, 0, 4, "h")
        self.write("large.nii", [2**32] + [0] * 47, 0, 1024, "q")
        self.write("probability.nii", [0.5] + [0] * 47, 0, 16, "f")
        self.write("calibrated.nii", list(range(48)), 0.9)
        self.write("steps.nii", list(range(48)), 1 / 255)
        for name, words in (("negative", "is -1, .*store 0 there.*leave .* out of training and evaluation.*ignore`? 255"),
                            ("large", "number the objects anew"), ("probability", "threshold it first"),
                            ("calibrated", "expected labels"), ("steps", "threshold it first")):
            self.refused(words, "measure", f"{name}.nii", "--out", "o.csv", status=1)


if __name__ == "__main__":
    program.main()
